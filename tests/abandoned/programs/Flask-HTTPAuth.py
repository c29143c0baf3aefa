"""Names and passwords, digests and tokens in headers."""
import base64
from hashlib import md5

from flask import Flask
from flask_httpauth import HTTPBasicAuth, HTTPDigestAuth, HTTPTokenAuth, MultiAuth

app = Flask(__name__)
app.secret_key = "secret"
basic, digest, token = HTTPBasicAuth(), HTTPDigestAuth(), HTTPTokenAuth(header="X-API-Key")
bearer = HTTPTokenAuth("Bearer")
either = MultiAuth(basic, bearer)
basic.verify_password(lambda name, password: name if (name, password) == ("ann", "pw") else None)
token.verify_token(lambda value: "bob" if value == "t" else None)
bearer.verify_token(lambda value: "bob" if value == "t" else None)
digest.get_password(lambda name: "pw" if name == "ann" else None)


@app.route("/")
@basic.login_required
def index():
    return basic.current_user()


@app.route("/token")
@token.login_required
def by_token():
    return token.current_user()


@app.route("/bearer")
@bearer.login_required
def by_bearer():
    return bearer.current_user()


@app.route("/either")
@either.login_required
def by_either():
    return either.current_user()


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
assert client.get("/bearer", headers={"Authorization": "Bearer t"}).data == b"bob"
for refused in ("Bearer x", "Token t", "Basic " + credentials, "Bearer"):
    assert client.get("/bearer", headers={"Authorization": refused}).status_code == 401, refused
assert client.get("/either", headers={"Authorization": "Bearer t"}).data == b"bob"
assert client.get("/either", headers={"Authorization": "Basic " + credentials}).data == b"ann"
realm, nonce, opaque = (asked.headers["WWW-Authenticate"].split(name + '="')[1].split('"')[0] for name in ("realm", "nonce", "opaque"))


def hashed(text):
    return md5(text.encode()).hexdigest()


response = hashed(":".join([hashed("ann:" + realm + ":pw"), nonce, hashed("GET:/digest")]))
said = 'Digest username="ann", realm="%s", nonce="%s", uri="/digest", response="%s", opaque="%s"' % (realm, nonce, response, opaque)
assert client.get("/digest", headers={"Authorization": said}).data == b"ann"
assert client.get("/digest", headers={"Authorization": said.replace(response, "0" * 32)}).status_code == 401
