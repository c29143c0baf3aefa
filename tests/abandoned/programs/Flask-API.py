"""Views that return data, written as the client asks for them, and shown as pages in the browser."""
from flask import request, url_for
from flask_api import FlaskAPI, exceptions, status
from flask_api.decorators import set_renderers
from flask_api.renderers import JSONRenderer

app = FlaskAPI(__name__)
notes = {0: "do the shopping", 1: "build the codez"}


def shown(key):
    return {"url": request.host_url.rstrip("/") + url_for("detail", key=key), "text": notes[key]}


@app.route("/", methods=["GET", "POST"])
def index():
    if request.method == "POST":
        key = max(notes) + 1
        notes[key] = str(request.data.get("text", ""))
        return shown(key), status.HTTP_201_CREATED
    return [shown(key) for key in sorted(notes)]


@app.route("/<int:key>/", methods=["GET", "DELETE"])
def detail(key):
    if request.method == "DELETE":
        notes.pop(key, None)
        return "", status.HTTP_204_NO_CONTENT
    if key not in notes:
        raise exceptions.NotFound()
    return shown(key)


@app.route("/plain/")
@set_renderers(JSONRenderer)
def plain():
    return {"a": 1}


client = app.test_client()
assert [note["text"] for note in client.get("/", headers={"Accept": "application/json"}).get_json()] == list(notes.values())
made = client.post("/", data='{"text": "third"}', content_type="application/json")
assert (made.status_code, made.get_json()["text"]) == (201, "third")
assert client.post("/", data={"text": "fourth"}).get_json()["url"] == "http://localhost/3/"
page = client.get("/1/", headers={"Accept": "text/html"})
assert page.mimetype == "text/html" and b"build the codez" in page.data
assert client.delete("/1/").status_code == 204
gone = client.get("/1/")
assert gone.status_code == 404 and gone.get_json() == {"message": "This resource does not exist."}, gone.data
assert client.get("/plain/").mimetype == "application/json"
assert client.post("/", data="{", content_type="application/json").status_code == 400
