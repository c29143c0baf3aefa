"""The static files of all blueprints, put into one folder."""
import os

from flask import Blueprint, Flask
from flask.ext.collect import Collect

os.makedirs("part/static")
with open("part/static/a.css", "w") as file:
    file.write("a {}")
app = Flask(__name__, root_path=os.getcwd())
app.config["COLLECT_STATIC_ROOT"] = os.path.abspath("all")
app.register_blueprint(Blueprint("part", __name__, static_folder=os.path.abspath("part/static"), static_url_path="/p"))
collect = Collect()
collect.init_app(app)
collect.collect()
found = [name for folder, _, names in os.walk("all") for name in names]
assert found == ["a.css"], found
assert app.test_cli_runner().invoke(args=["collect"]).exit_code == 0
