"""A shelf for each request: read by many, written by one."""
from flask import Flask
from flask.ext import shelve

app = Flask(__name__)
app.config["SHELVE_FILENAME"] = "shelf"
shelve.init_app(app)


@app.route("/set/<value>")
def put(value):
    shelve.get_shelve("c")["key"] = value
    return ""


@app.route("/")
def get():
    return shelve.get_shelve("r").get("key", "nothing")


client = app.test_client()
assert client.get("/").data == b"nothing"
client.get("/set/5")
assert [client.get("/").data for _ in range(2)] == [b"5", b"5"]
