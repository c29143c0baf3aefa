"""Tokens for access and for a new one, in headers and in cookies."""
from flask import Flask, jsonify
from flask_jwt_extended import (
    JWTManager, create_access_token, create_refresh_token, fresh_jwt_required, get_jwt_claims, get_jwt_identity,
    jwt_refresh_token_required, jwt_required, set_access_cookies,
)

app = Flask(__name__)
app.config.update(JWT_SECRET_KEY="a secret that is long enough for today", JWT_TOKEN_LOCATION=["headers", "cookies"])
jwt = JWTManager(app)
jwt.user_claims_loader(lambda identity: {"role": "admin"})


@app.route("/login")
def login():
    answer = jsonify(access=create_access_token("ann", fresh=True), refresh=create_refresh_token("ann"))
    set_access_cookies(answer, create_access_token("bob"))
    return answer


@app.route("/who")
@jwt_required
def who():
    return "%s %s" % (get_jwt_identity(), get_jwt_claims()["role"])


@app.route("/fresh")
@fresh_jwt_required
def fresh():
    return "fresh"


@app.route("/refresh")
@jwt_refresh_token_required
def refresh():
    return create_access_token(get_jwt_identity())


tokens = app.test_client().get("/login").get_json()
client = app.test_client()
bearer = lambda token: {"Authorization": "Bearer " + token}
assert client.get("/who").status_code == 401
assert client.get("/who", headers=bearer(tokens["access"])).data == b"ann admin"
assert client.get("/fresh", headers=bearer(tokens["access"])).data == b"fresh"
assert client.get("/who", headers=bearer(tokens["refresh"])).status_code == 422
again = client.get("/refresh", headers=bearer(tokens["refresh"])).data.decode()
assert client.get("/fresh", headers=bearer(again)).status_code == 401
visitor = app.test_client()
visitor.get("/login")
assert visitor.get("/who").data == b"bob admin"
