"""Tokens in headers, made and asked for by the program."""
from flask import Flask, jsonify, request
from flask_jwt_simple import JWTManager, create_jwt, get_jwt_identity, jwt_optional, jwt_required

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "super-secret"
jwt = JWTManager(app)


@app.route("/login", methods=["POST"])
def login():
    data = request.get_json()
    if data != {"username": "ann", "password": "pw"}:
        return jsonify(msg="no"), 401
    return jsonify(jwt=create_jwt(identity="ann"))


@app.route("/protected")
@jwt_required
def protected():
    return jsonify(hello_from=get_jwt_identity())


@app.route("/open")
@jwt_optional
def free():
    return jsonify(hello_from=get_jwt_identity())


client = app.test_client()
assert client.post("/login", json={"username": "ann", "password": "x"}).status_code == 401
token = client.post("/login", json={"username": "ann", "password": "pw"}).get_json()["jwt"]
headers = {"Authorization": "Bearer " + token}
assert client.get("/protected").status_code == 401
assert client.get("/protected", headers=headers).get_json() == {"hello_from": "ann"}
assert client.get("/protected", headers={"Authorization": "Bearer " + token[:-2]}).status_code == 422
assert client.get("/open").get_json() == {"hello_from": None}
assert client.get("/open", headers=headers).get_json() == {"hello_from": "ann"}
