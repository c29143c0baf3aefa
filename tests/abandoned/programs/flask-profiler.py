"""How long requests take, kept in a database and told by pages of its own."""
import base64

import flask_profiler
from flask import Flask

app = Flask(__name__)
app.config["flask_profiler"] = {
    "enabled": True, "storage": {"engine": "sqlite", "FILE": "profile.sql"}, "ignore": ["^/static/.*"],
    "basicAuth": {"enabled": True, "username": "admin", "password": "pw"},
}


@app.route("/product/<id>", methods=["GET"])
def product(id):
    return "product " + id


flask_profiler.init_app(app)
client = app.test_client()
assert client.get("/product/5?a=1").data == b"product 5"
assert client.get("/flask-profiler/api/measurements/").status_code == 401
headers = {"Authorization": "Basic " + base64.b64encode(b"admin:pw").decode()}
rows = client.get("/flask-profiler/api/measurements/?sort=elapsed,desc", headers=headers).get_json()["measurements"]
assert [(row["name"], row["method"], row["kwargs"]) for row in rows] == [("/product/<id>", "GET", {"id": "5"})], rows
assert b"<html" in client.get("/flask-profiler/", headers=headers).data
