"""Templates of Mako."""
import os

from flask import Flask, g
from flask.ext.mako import MakoTemplates, TemplateError, render_template, render_template_def, render_template_string

os.mkdir("templates")
with open("templates/hello.html", "w") as file:
    file.write('<%def name="part(name)">part ${name}</%def>Hello ${name} ${request.path} ${g.word} ${url_for("index")}')
app = Flask(__name__, root_path=os.getcwd())
MakoTemplates(app)


@app.route("/")
def index():
    g.word = "word"
    return render_template("hello.html", name="mako")


@app.route("/text")
def text():
    return render_template_string("${1 + n}", n=2)


client = app.test_client()
assert client.get("/").data == b"Hello mako / word /"
assert client.get("/text").data == b"3"
with app.test_request_context():
    try:
        render_template_string("${1 / 0}")
    except TemplateError as error:
        assert "ZeroDivisionError" in error.text
    else:
        raise AssertionError("no error")
assert callable(render_template_def)
