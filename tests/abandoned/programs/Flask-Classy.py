"""Views in a class, whose methods are routes."""
from flask import Flask
from flask.ext.classy import FlaskView, route

app = Flask(__name__)


class QuotesView(FlaskView):
    def index(self):
        return "all"

    def get(self, id):
        return "one " + id

    def post(self):
        return "made", 201

    @route("/random/<int:count>/")
    def random(self, count):
        return "random %d" % count

    def before_get(self, id):
        if id == "0":
            return "none", 404


QuotesView.register(app)
client = app.test_client()
assert client.get("/quotes/").data == b"all"
assert client.get("/quotes/5/").data == b"one 5" or client.get("/quotes/5").data == b"one 5"
assert client.post("/quotes/").status_code == 201
assert client.get("/quotes/random/3/").data == b"random 3"
assert client.get("/quotes/0", follow_redirects=True).status_code == 404
