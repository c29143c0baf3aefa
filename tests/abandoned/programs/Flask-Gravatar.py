"""The URL of somebody's picture, in a template."""
from hashlib import md5

from flask import Flask, render_template_string
from flask_gravatar import Gravatar

app = Flask(__name__)
gravatar = Gravatar(app, size=100, rating="g", default="retro", use_ssl=True)

with app.test_request_context():
    url = render_template_string("{{ 'ann@example.com' | gravatar(size=20) }}")
digest = md5(b"ann@example.com").hexdigest()
assert url.startswith("https://secure.gravatar.com/avatar/" + digest), url
assert "s=20" in url and "d=retro" in url
