"""Requests that change something need a token."""
from flask import Flask, render_template_string
from flask.ext.seasurf import SeaSurf

app = Flask(__name__)
app.secret_key = "secret"
csrf = SeaSurf(app)


@app.route("/", methods=["GET", "POST"])
def index():
    return render_template_string("{{ csrf_token() }}")


@csrf.exempt
@app.route("/open", methods=["POST"])
def exempt():
    return "open"


client = app.test_client()
token = client.get("/").data.decode()
assert len(token) > 20
assert client.post("/").status_code == 403
assert client.post("/", data={"_csrf_token": token + "x"}).status_code == 403
assert client.post("/", data={"_csrf_token": token}).status_code == 200
assert client.post("/open").data == b"open"
