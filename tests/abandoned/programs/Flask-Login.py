"""A visitor who logs in, is remembered, and logs out."""
from flask import Flask
from flask_login import (
    LoginManager, UserMixin, current_user, fresh_login_required, login_required, login_user, logout_user,
)

app = Flask(__name__)
app.secret_key = "secret"
login_manager = LoginManager(app)
login_manager.login_view = "login"


class User(UserMixin):
    def __init__(self, id):
        self.id = id


@login_manager.user_loader
def load(user_id):
    return User(user_id)


@app.route("/login")
def login():
    login_user(User("ann"), remember=True)
    return "in"


@app.route("/logout")
@login_required
def logout():
    logout_user()
    return "out"


@app.route("/")
@login_required
def index():
    return current_user.id


@app.route("/fresh")
@fresh_login_required
def fresh():
    return "fresh"


client = app.test_client()
answer = client.get("/")
assert answer.status_code == 302 and "/login?next=%2F" in answer.headers["Location"], answer.headers
assert client.get("/login").data == b"in"
assert client.get("/").data == b"ann"
assert client.get("/fresh").data == b"fresh"
client.delete_cookie("session")  # only what it is remembered by is left
assert client.get("/").data == b"ann"
assert client.get("/fresh").status_code == 401
assert client.get("/logout").data == b"out"
assert client.get("/").status_code == 302
