"""Files that visitors send, kept under safe names and served."""
import io
import os

from flask import Flask, request
from flask.ext.uploads import IMAGES, UploadNotAllowed, UploadSet, configure_uploads

app = Flask(__name__)
app.config["UPLOADED_PHOTOS_DEST"] = os.path.join(os.getcwd(), "photos")
photos = UploadSet("photos", IMAGES)
configure_uploads(app, photos)


@app.route("/", methods=["POST"])
def upload():
    try:
        return photos.url(photos.save(request.files["photo"]))
    except UploadNotAllowed:
        return "not allowed", 400


client = app.test_client()
for expected in ("a_b.png", "a_b_1.png"):
    url = client.post("/", data={"photo": (io.BytesIO(b"picture"), "../a b.png")}).data.decode()
    assert url.endswith("/_uploads/photos/" + expected), url
assert client.get("/_uploads/photos/a_b.png").data == b"picture"
assert client.post("/", data={"photo": (io.BytesIO(b"x"), "a.exe")}).status_code == 400
