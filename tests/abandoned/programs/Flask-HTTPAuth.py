"""Names and passwords, digests and tokens in headers."""
import base64

from flask import Flask
from flask_httpauth import HTTPBasicAuth, HTTPDigestAuth, HTTPTokenAuth

app = Flask(__name__)
app.secret_key = "secret"
basic, digest, token = HTTPBasicAuth(), HTTPDigestAuth(), HTTPTokenAuth(header="X-API-Key")
basic.verify_password(lambda name, password: name if (name, password) == ("ann", "pw") else None)
token.verify_token(lambda value: "bob" if value == "t" else None)
digest.get_password(lambda name: "pw" if name == "ann" else None)


@app.route("/")
@basic.login_required
def index():
    return basic.current_user()


@app.route("/token")
@token.login_required
def by_token():
    return token.current_user()


@app.route("/digest")
@digest.login_required
def by_digest():
    return digest.username()


client = app.test_client()
assert client.get("/").status_code == 401
credentials = base64.b64encode(b"ann:pw").decode()
assert client.get("/", headers={"Authorization": "Basic " + credentials}).data == b"ann"
assert client.get("/token", headers={"X-API-Key": "t"}).data == b"bob"
assert client.get("/token", headers={"X-API-Key": "x"}).status_code == 401
asked = client.get("/digest")
assert asked.status_code == 401 and asked.headers["WWW-Authenticate"].startswith("Digest ")
