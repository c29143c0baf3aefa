"""A place in the page where files are dropped."""
import io
import os

from flask import Flask, render_template_string, request
from flask_dropzone import Dropzone

app = Flask(__name__)
app.config.update(DROPZONE_SERVE_LOCAL=True, DROPZONE_ALLOWED_FILE_TYPE="image", DROPZONE_MAX_FILE_SIZE=3)
dropzone = Dropzone(app)


@app.route("/", methods=["GET", "POST"])
def upload():
    for file in request.files.values():
        file.save(os.path.join(os.getcwd(), file.filename))
    return render_template_string("{{ dropzone.load_js() }}{{ dropzone.create('upload') }}{{ dropzone.config() }}")


client = app.test_client()
page = client.get("/").data.decode()
assert 'action="/"' in page and "maxFilesize: 3" in page, page
assert client.post("/", data={"file": (io.BytesIO(b"picture"), "a.png")}).status_code == 200
assert open("a.png", "rb").read() == b"picture"
