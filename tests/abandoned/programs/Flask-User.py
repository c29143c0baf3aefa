"""Users who register, log in and see what is theirs."""
import re

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_user import UserManager, UserMixin, current_user, login_required

app = Flask(__name__)
app.config.update(
    SECRET_KEY="a secret that is long enough for it", SQLALCHEMY_DATABASE_URI="sqlite:///app.db",
    SQLALCHEMY_TRACK_MODIFICATIONS=False, USER_APP_NAME="Shop", USER_ENABLE_EMAIL=False, USER_ENABLE_USERNAME=True,
    USER_REQUIRE_RETYPE_PASSWORD=False,
)
db = SQLAlchemy(app)


class User(db.Model, UserMixin):
    id = db.Column(db.Integer, primary_key=True)
    active = db.Column("is_active", db.Boolean(), nullable=False, server_default="1")
    username = db.Column(db.String(100), nullable=False, unique=True)
    password = db.Column(db.String(255), nullable=False, server_default="")
    first_name = db.Column(db.String(100), server_default="")
    last_name = db.Column(db.String(100), server_default="")


with app.app_context():
    db.create_all()
user_manager = UserManager(app, db, User)


@app.route("/")
def index():
    return "home"


@app.route("/mine")
@login_required
def mine():
    return current_user.username


def send(client, url, **data):
    page = client.get(url).data.decode()
    data["csrf_token"] = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page).group(1)
    return client.post(url, data=data)


client = app.test_client()
assert client.get("/mine").status_code == 302
registered = send(client, "/user/register", username="annie", password="Password1")
assert registered.status_code == 302, registered.data
client = app.test_client()
assert send(client, "/user/sign-in", username="annie", password="Wrong1234").status_code == 200
assert send(client, "/user/sign-in", username="annie", password="Password1").status_code == 302
assert client.get("/mine").data == b"annie"
