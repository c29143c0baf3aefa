"""Documents in a MongoDB (one in memory), found or 404, as JSON."""
import mongomock
from flask import Flask, jsonify
from flask_mongoengine import MongoEngine

app = Flask(__name__)
app.config["MONGODB_SETTINGS"] = {"db": "test", "host": "localhost", "mongo_client_class": mongomock.MongoClient}
db = MongoEngine()


class Todo(db.Document):
    title = db.StringField(max_length=60)
    done = db.BooleanField(default=False)


db.init_app(app)


@app.route("/<title>")
def show(title):
    return jsonify(Todo.objects.get_or_404(title=title))


@app.route("/page/<int:number>")
def page(number):
    return jsonify([one.title for one in Todo.objects.order_by("title").paginate(page=number, per_page=2).items])


with app.app_context():
    for title in ("a", "b", "c"):
        Todo(title=title).save()
client = app.test_client()
assert client.get("/a").get_json()["done"] is False
assert client.get("/x").status_code == 404
assert client.get("/page/2").get_json() == ["c"]
