"""A visitor who is sent to log in elsewhere, with a signed note of where he was going."""
import base64
import json
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask_oidc import OpenIDConnect

with open("client_secrets.json", "w") as file:
    json.dump({"web": {
        "client_id": "key", "client_secret": "secret", "redirect_uris": ["http://localhost/oidc_callback"],
        "auth_uri": "https://id.example.com/auth", "token_uri": "https://id.example.com/token",
        "userinfo_uri": "https://id.example.com/userinfo", "issuer": "https://id.example.com",
    }}, file)
app = Flask(__name__)
app.config.update(SECRET_KEY="secret", OIDC_CLIENT_SECRETS="client_secrets.json", OIDC_ID_TOKEN_COOKIE_SECURE=False)
oidc = OpenIDConnect(app)


@app.route("/private")
@oidc.require_login
def private():
    return "private"


@app.route("/")
def index():
    return str(oidc.user_loggedin)


client = app.test_client()
assert client.get("/").data == b"False"
answer = client.get("/private")
assert answer.status_code == 302
url = urlsplit(answer.headers["Location"])
assert url.netloc == "id.example.com", url
query = parse_qs(url.query)
assert query["client_id"] == ["key"] and query["scope"] == ["openid email"]
state = json.loads(base64.b64decode(query["state"][0]))
assert len(state["destination"].split(".")) == 3
# A cookie that somebody made up is no login.
client.set_cookie("oidc_id_token", "eyJhbGciOiJub25lIn0.e30.")
assert client.get("/private").data != b"private"
