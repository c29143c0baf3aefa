"""Templates and static files of a theme."""
import json
import os

from flask import Flask
from flask_themes2 import Themes, get_theme, get_themes_list, render_theme_template

os.makedirs("themes/plain/templates")
os.makedirs("themes/plain/static")
with open("themes/plain/info.json", "w") as file:
    json.dump({"application": "site", "identifier": "plain", "name": "Plain", "author": "Ann"}, file)
with open("themes/plain/templates/page.html", "w") as file:
    file.write("{{ word }} {{ theme_static('a.css') }}")
with open("themes/plain/static/a.css", "w") as file:
    file.write("p {}")
app = Flask(__name__, root_path=os.getcwd())
Themes(app, app_identifier="site")


@app.route("/")
def index():
    return render_theme_template(get_theme("plain"), "page.html", word="hello")


with app.test_request_context():
    assert [theme.identifier for theme in get_themes_list()] == ["plain"]
client = app.test_client()
word, url = client.get("/").data.decode().split()
assert word == "hello"
assert client.get(url).data == b"p {}", url
