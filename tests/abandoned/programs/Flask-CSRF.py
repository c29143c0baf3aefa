"""Tokens against forged requests."""
from flask import Flask, render_template_string
from flaskext.csrf import csrf, csrf_exempt

app = Flask(__name__)
app.secret_key = "secret"
csrf(app)


@app.route("/", methods=["GET", "POST"])
def index():
    return render_template_string('<input name="_csrf_token" value="{{ csrf_token() }}">')


@csrf_exempt
@app.route("/open", methods=["POST"])
def free():
    return "free"


client = app.test_client()
token = client.get("/").data.decode().split('"')[3]
assert client.post("/", data={"_csrf_token": token}).status_code == 200
client.get("/")
assert client.post("/", data={"_csrf_token": "x"}).status_code == 400
assert client.post("/open").data == b"free"
assert client.get("/nowhere").status_code == 404
