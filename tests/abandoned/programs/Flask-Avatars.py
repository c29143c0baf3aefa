"""Pictures of visitors: from Gravatar, and drawn here."""
import os
from hashlib import md5

from flask import Flask, render_template_string
from flask_avatars import Avatars, Identicon

app = Flask(__name__)
app.config["AVATARS_SAVE_PATH"] = os.getcwd()
avatars = Avatars(app)

with app.test_request_context():
    url = render_template_string("{{ avatars.gravatar(hash) }}", hash=md5(b"ann@example.com").hexdigest())
    assert "gravatar.com/avatar/" + md5(b"ann@example.com").hexdigest() in url
    assert "avatars/static" in render_template_string("{{ avatars.default() }}")
    names = Identicon().generate(text="ann")
assert len(names) == 3 and all(os.path.getsize(name) for name in names)
