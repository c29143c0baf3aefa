"""What each role may do."""
from flask import Flask, request
from flask.ext.rbac import RBAC, RoleMixin, UserMixin

app = Flask(__name__)
rbac = RBAC()
everyone, staff = RoleMixin("everyone"), RoleMixin("staff")
staff.add_parent(everyone)


@rbac.as_user_model
class User(UserMixin):
    pass


ann, bob = User(roles=[staff]), User(roles=[everyone])
rbac.set_role_model(RoleMixin)
rbac.set_user_loader(lambda: {"ann": ann, "bob": bob}[request.headers["X-User"]])


@app.route("/")
@rbac.allow(["everyone"], methods=["GET"])
def index():
    return "index"


@app.route("/admin")
@rbac.allow(["staff"], methods=["GET"])
@rbac.deny(["everyone"], methods=["GET"])
def admin():
    return "admin"


app.config["RBAC_USE_WHITE"] = True
rbac.init_app(app)
client = app.test_client()
answers = [client.get(url, headers={"X-User": name}).status_code for name in ("ann", "bob") for url in ("/", "/admin")]
assert answers[0] == answers[2] == 200 and answers[3] == 403, answers
