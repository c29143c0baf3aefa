"""The toolbar in a page of debug mode."""
from flask import Flask, render_template_string
from flask_debugtoolbar import DebugToolbarExtension

app = Flask(__name__)
app.debug = True
app.config.update(SECRET_KEY="secret", DEBUG_TB_INTERCEPT_REDIRECTS=True)
toolbar = DebugToolbarExtension(app)


@app.route("/")
def index():
    return render_template_string("<html><body>{{ word }}</body></html>", word="hello")


@app.route("/away")
def away():
    from flask import redirect
    return redirect("/")


client = app.test_client()
page = client.get("/").data.decode()
assert "hello" in page and "flDebug" in page, page[:200]
assert "Versions" in page and "HTTP Headers" in page
assert client.get("/_debug_toolbar/static/js/toolbar.js").status_code == 200
assert b"Redirect" in client.get("/away").data
