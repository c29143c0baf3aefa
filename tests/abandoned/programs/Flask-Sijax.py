"""A function of the server that a page calls by its name."""
import json
import os

import flask_sijax
from flask import Flask, g

app = Flask(__name__)
app.config["SIJAX_STATIC_PATH"] = os.path.abspath("static/js/sijax")
flask_sijax.Sijax(app)


@flask_sijax.route(app, "/")
def index():
    def say_hi(answer, name):
        answer.alert("Hi " + name)

    if g.sijax.is_sijax_request:
        g.sijax.register_callback("say_hi", say_hi)
        return g.sijax.process_request()
    return g.sijax.get_js()


client = app.test_client()
assert b"Sijax" in client.get("/").data
answer = client.post("/", data={"sijax_rq": "say_hi", "sijax_args": json.dumps(["Ann"])})
assert json.loads(answer.data) == [{"type": "alert", "alert": "Hi Ann"}], answer.data
