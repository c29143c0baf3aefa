"""A token for a name and a password, and a view that wants one."""
from flask import Flask, json
from flask_jwt import JWT, current_identity, jwt_required


class User(object):
    id, username, password = 5, "ann", "secret"


app = Flask(__name__)
app.config["SECRET_KEY"] = "super-secret-and-long-enough-for-today"
jwt = JWT(
    app,
    lambda username, password: User() if (username, password) == ("ann", "secret") else None,
    lambda payload: User() if payload["identity"] == 5 else None,
)


@app.route("/protected")
@jwt_required()
def protected():
    return current_identity.username


client = app.test_client()
refused = client.post("/auth", data=json.dumps({"username": "ann", "password": "x"}), content_type="application/json")
assert refused.status_code == 401
answer = client.post("/auth", data=json.dumps({"username": "ann", "password": "secret"}), content_type="application/json")
token = json.loads(answer.data)["access_token"]
assert client.get("/protected").status_code == 401
assert client.get("/protected", headers={"Authorization": "JWT " + token}).data == b"ann"
assert client.get("/protected", headers={"Authorization": "JWT " + token + "x"}).status_code == 401
