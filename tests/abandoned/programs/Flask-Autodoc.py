"""Documentation of the routes, from their docstrings."""
from flask import Flask
from flask.ext.autodoc import Autodoc

app = Flask(__name__)
auto = Autodoc(app)


@app.route("/user/<int:id>")
@auto.doc()
def show_user(id):
    """Show one user."""
    return str(id)


@app.route("/documentation")
def documentation():
    return auto.html()


client = app.test_client()
page = client.get("/documentation").data.decode()
assert "Show one user." in page and "/user/" in page
with app.test_request_context():
    assert [route["docstring"] for route in auto.generate()] == ["Show one user."]
