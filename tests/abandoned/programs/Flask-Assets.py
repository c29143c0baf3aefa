"""Files of styles, joined into one when a page asks for it."""
import os

from flask import Blueprint, Flask, render_template_string
from flask_assets import Bundle, Environment

os.makedirs("static")
os.makedirs("part/static")
for name, rule in (("static/a.css", "a {}"), ("static/b.css", "b {}"), ("part/static/c.css", "c {}")):
    with open(name, "w") as file:
        file.write(rule)
app = Flask(__name__, root_path=os.getcwd())
app.register_blueprint(Blueprint("part", __name__, static_folder=os.path.abspath("part/static"), static_url_path="/p"))
assets = Environment(app)
assets.register("all_css", Bundle("a.css", "b.css", "part/c.css", output="gen/all.css"))


@app.route("/")
def index():
    return render_template_string('{% assets "all_css" %}{{ ASSET_URL }}{% endassets %}')


client = app.test_client()
url = client.get("/").data.decode()
assert url.startswith("/static/gen/all.css?"), url
assert client.get(url).data.split() == [b"a", b"{}", b"b", b"{}", b"c", b"{}"]
