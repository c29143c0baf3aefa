"""REST by classes."""
from flask import Flask
from flask.ext import resteasy

app = Flask(__name__)
api = resteasy.Api(app, prefix="/api")


@api.resource("/notes/<int:key>")
class Note(resteasy.Resource):
    def get(self, key):
        return {"key": key, "url": api.url_for(Note, key=key)}

    def delete(self, key):
        return {}, 202, {"X-Gone": str(key)}


client = app.test_client()
answer = client.get("/api/notes/5")
assert answer.get_json() == {"key": 5, "url": "/api/notes/5"} and answer.mimetype == "application/json"
gone = client.delete("/api/notes/5")
assert (gone.status_code, gone.headers["X-Gone"]) == (202, "5")
assert client.post("/api/notes/5").status_code == 405
