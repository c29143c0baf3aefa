"""A form with a hidden token, a file and a check of what is sent."""
import io
import re

from flask import Flask, render_template_string
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired

app = Flask(__name__)
app.secret_key = "secret"
CSRFProtect(app)


class PhotoForm(FlaskForm):
    name = StringField("name", validators=[DataRequired()])
    photo = FileField("photo", validators=[FileRequired(), FileAllowed(["png"])])


@app.route("/", methods=["GET", "POST"])
def index():
    form = PhotoForm()
    if form.validate_on_submit():
        return "%s %s" % (form.name.data, form.photo.data.filename)
    return render_template_string("{{ form.hidden_tag() }}{{ form.name() }}{{ form.errors }}", form=form)


client = app.test_client()
page = client.get("/").data.decode()
token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page).group(1)
data = lambda **more: dict({"name": "Ann", "photo": (io.BytesIO(b"x"), "a.png")}, **more)
assert client.post("/", data=data()).status_code == 400
assert client.post("/", data=data(csrf_token=token + "x")).status_code == 400
assert client.post("/", data=data(csrf_token=token)).data == b"Ann a.png"
refused = client.post("/", data=data(csrf_token=token, photo=(io.BytesIO(b"x"), "a.exe")))
assert b"File does not have an approved extension" in refused.data
