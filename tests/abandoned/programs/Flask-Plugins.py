"""Plugins in a folder, and what they add to a page."""
import json
import os
import sys

from flask import Flask, render_template_string
from flask_plugins import PluginManager, emit_event, get_enabled_plugins

os.makedirs("website/plugins/hello")
open("website/__init__.py", "w").close()
open("website/plugins/__init__.py", "w").close()
with open("website/plugins/hello/info.json", "w") as file:
    json.dump({"identifier": "hello", "name": "Hello", "author": "Ann"}, file)
with open("website/plugins/hello/__init__.py", "w") as file:
    file.write(
        "from flask_plugins import Plugin, connect_event\n__plugin__ = 'Hello'\nclass Hello(Plugin):\n"
        "    def setup(self):\n        connect_event('after_navigation', lambda: 'hello from it')\n"
    )
sys.path.insert(0, os.getcwd())
app = Flask("website")
PluginManager(app, plugin_folder="plugins")


@app.route("/")
def index():
    return render_template_string("{{ emit_event('after_navigation') }}")


assert b"hello from it" in app.test_client().get("/").data
with app.test_request_context():
    assert [plugin.identifier for plugin in get_enabled_plugins()] == ["hello"]
    assert emit_event("after_navigation")
