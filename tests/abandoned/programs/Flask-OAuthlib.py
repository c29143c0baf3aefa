"""A server that gives tokens, and a client that asks another for one."""
import base64
from datetime import datetime, timedelta

from flask import Flask, jsonify, request
from flask_oauthlib.client import OAuth
from flask_oauthlib.provider import OAuth2Provider


class Thing(object):
    def __init__(self, **values):
        self.__dict__.update(values)


class Client(Thing):
    client_id, client_secret, client_type = "app", "app secret", "confidential"
    redirect_uris, default_redirect_uri, default_scopes = ["http://localhost/"], "http://localhost/", ["email"]
    allowed_grant_types = ["client_credentials", "password"]
    user = Thing(name="app")


app = Flask(__name__)
app.secret_key = "secret"
provider = OAuth2Provider(app)
tokens = {}
provider.clientgetter(lambda client_id: Client() if client_id == "app" else None)
provider.usergetter(lambda name, password, *more: Thing(name=name) if password == "pw" else None)


@provider.grantgetter
def load_grant(client_id, code):
    return None


@provider.grantsetter
def save_grant(client_id, code, request, *args, **kwargs):
    return None


@provider.tokengetter
def load_token(access_token=None, refresh_token=None):
    return tokens.get(access_token)


@provider.tokensetter
def save_token(token, request, *args, **kwargs):
    tokens[token["access_token"]] = Thing(
        client=request.client, user=request.user, scopes=token["scope"].split(), access_token=token["access_token"],
        expires=datetime.utcnow() + timedelta(seconds=token["expires_in"]),
    )


@app.route("/oauth/token", methods=["GET", "POST"])
@provider.token_handler
def access_token():
    return None


@app.route("/me")
@provider.require_oauth("email")
def me():
    return jsonify(name=request.oauth.user.name)


remote = OAuth(app).remote_app(
    "remote", consumer_key="key", consumer_secret="s", request_token_params={"scope": "email"},
    base_url="https://api.example.com/", access_token_url="https://api.example.com/token",
    authorize_url="https://api.example.com/authorize",
)


@app.route("/login")
def login():
    return remote.authorize(callback="http://localhost/back", state="x")


client = app.test_client()
data = dict(grant_type="password", username="ann", password="pw", client_id="app", client_secret="app secret")
token = client.post("/oauth/token", data=data).get_json()
assert token.get("token_type") == "Bearer", token
assert client.get("/me").status_code == 401
assert client.get("/me?access_token=" + token["access_token"]).get_json() == {"name": "ann"}
assert client.post("/oauth/token", data=dict(data, password="x")).status_code in (400, 401)
assert client.get("/me", headers={"Authorization": "Bearer " + token["access_token"]}).get_json() == {"name": "ann"}
assert client.get("/me", headers={"Authorization": "Bearer x"}).status_code == 401
basic = {"Authorization": "Basic " + base64.b64encode(b"app:app secret").decode()}
data = dict(grant_type="client_credentials")
assert client.post("/oauth/token", data=data, headers=basic).get_json()["token_type"] == "Bearer"
wrong = {"Authorization": "Basic " + base64.b64encode(b"app:x").decode()}
assert client.post("/oauth/token", data=data, headers=wrong).status_code == 401
away = client.get("/login").headers["Location"]
assert away.startswith("https://api.example.com/authorize?response_type=code&client_id=key"), away
