"""The routes for scripts of the page."""
from flask import Flask, render_template_string
from flask_jsglue import JSGlue

app = Flask(__name__)
jsglue = JSGlue(app)


@app.route("/user/<name>")
def user(name):
    return render_template_string("{{ JSGlue.include() }}")


client = app.test_client()
page = client.get("/user/ann").data.decode()
assert page.startswith("<script"), page
script = client.get(page.split('src="')[1].split('"')[0])
assert script.mimetype == "text/javascript" and b"/user/" in script.data
