"""Users who log in and register, and what their roles allow."""
import re

from flask import Flask
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    UserMixin,
    auth_required,
    current_user,
    hash_password,
    roles_required,
)
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(
    SECRET_KEY="secret", SECURITY_PASSWORD_SALT="salt", SECURITY_PASSWORD_HASH="pbkdf2_sha512",
    SECURITY_REGISTERABLE=True, SECURITY_SEND_REGISTER_EMAIL=False, SQLALCHEMY_DATABASE_URI="sqlite://",
    SQLALCHEMY_TRACK_MODIFICATIONS=False, SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
)
db = SQLAlchemy(app)
held = db.Table("held", db.Column("user", db.ForeignKey("user.id")), db.Column("role", db.ForeignKey("role.id")))


class Role(db.Model, RoleMixin):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


class User(db.Model, UserMixin):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), unique=True)
    password = db.Column(db.String(255))
    active = db.Column(db.Boolean())
    fs_uniquifier = db.Column(db.String(64), unique=True)
    roles = db.relationship("Role", secondary=held)


datastore = SQLAlchemyUserDatastore(db, User, Role)
Security(app, datastore)


@app.route("/")
@auth_required("session")
def index():
    return current_user.email


@app.route("/admin")
@roles_required("admin")
def admin():
    return "admin"


with app.app_context():
    db.create_all()
    datastore.create_role(name="admin")
    datastore.create_user(email="ann@example.com", password=hash_password("pw"), roles=["admin"])
    datastore.create_user(email="bob@example.com", password=hash_password("pw"))
    db.session.commit()


def send(client, url, **data):
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(url).data.decode()).group(1)
    return client.post(url, data=dict(data, csrf_token=token))


ann, bob, new = app.test_client(), app.test_client(), app.test_client()
assert ann.get("/").status_code in (302, 401)
assert send(ann, "/login", email="ann@example.com", password="x").status_code == 200
assert send(ann, "/login", email="ann@example.com", password="pw").status_code == 302
assert ann.get("/").data == b"ann@example.com" and ann.get("/admin").data == b"admin"
assert send(bob, "/login", email="bob@example.com", password="pw").status_code == 302
assert bob.get("/").data == b"bob@example.com" and bob.get("/admin").status_code in (302, 403)
registered = send(new, "/register", email="eve@example.com", password="battery staple", password_confirm="battery staple")
assert registered.status_code == 302, registered.data
assert new.get("/").data == b"eve@example.com"
assert new.get("/logout").status_code == 302 and new.get("/").status_code in (302, 401)
