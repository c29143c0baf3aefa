"""Users and roles in a database: logging in, by a page, and what only some may see."""
import re

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, UserMixin, current_user, roles_required
from flask_security.utils import hash_password
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(
    SECRET_KEY="secret", SECURITY_PASSWORD_SALT="salt", SECURITY_PASSWORD_HASH="pbkdf2_sha512",
    SQLALCHEMY_DATABASE_URI="sqlite:///app.db", SQLALCHEMY_TRACK_MODIFICATIONS=False,
)
db = SQLAlchemy(app)
roles_users = db.Table(
    "roles_users", db.Column("user_id", db.ForeignKey("user.id")), db.Column("role_id", db.ForeignKey("role.id"))
)


class Role(db.Model, RoleMixin):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)
    description = db.Column(db.String(255))


class User(db.Model, UserMixin):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), unique=True)
    password = db.Column(db.String(255))
    active = db.Column(db.Boolean())
    roles = db.relationship("Role", secondary=roles_users)


datastore = SQLAlchemyUserDatastore(db, User, Role)
security = Security(app, datastore)


@app.route("/admin")
@roles_required("admin")
def admin():
    return current_user.email


with app.app_context():
    db.create_all()
    datastore.create_role(name="admin")
    for email, roles in (("ann@example.com", ["admin"]), ("bob@example.com", [])):
        datastore.create_user(email=email, password=hash_password("pw"), roles=roles)
    db.session.commit()


def log_in(email, password):
    client = app.test_client()
    page = client.get("/login").data.decode()
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page).group(1)
    return client, client.post("/login", data={"email": email, "password": password, "csrf_token": token})


assert app.test_client().get("/admin").status_code == 302
client, answer = log_in("ann@example.com", "pw")
assert answer.status_code == 302
assert client.get("/admin").data == b"ann@example.com"
client, answer = log_in("ann@example.com", "x")
assert answer.status_code == 200 and b"Invalid password" in answer.data
client, answer = log_in("bob@example.com", "pw")
assert client.get("/admin").status_code == 302
