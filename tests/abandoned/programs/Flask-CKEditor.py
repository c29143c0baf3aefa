"""A field for text with formats, and the pictures put into it."""
import io
import os

from flask import Flask, render_template_string, request, send_from_directory, url_for
from flask_ckeditor import CKEditor, CKEditorField, upload_success
from flask_wtf import FlaskForm

app = Flask(__name__)
app.config.update(SECRET_KEY="secret", CKEDITOR_SERVE_LOCAL=True, CKEDITOR_FILE_UPLOADER="upload", WTF_CSRF_ENABLED=False)
ckeditor = CKEditor(app)


class PostForm(FlaskForm):
    body = CKEditorField("Body")


@app.route("/", methods=["GET", "POST"])
def index():
    form = PostForm()
    if form.validate_on_submit():
        return form.body.data
    return render_template_string("{{ form.body() }}{{ ckeditor.load() }}{{ ckeditor.config('body') }}", form=form)


@app.route("/files/<name>")
def files(name):
    return send_from_directory(os.getcwd(), name)


@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["upload"]
    file.save(file.filename)
    return upload_success(url_for("files", name=file.filename))


client = app.test_client()
page = client.get("/").data.decode()
assert "ckeditor.js" in page and "<textarea" in page and "filebrowserUploadUrl" in page
assert client.post("/", data={"body": "<b>x</b>"}).data == b"<b>x</b>"
answer = client.post("/upload", data={"upload": (io.BytesIO(b"picture"), "a.png")}).get_json()
assert answer["uploaded"] == 1 and client.get(answer["url"]).data == b"picture"
