"""Logging in at a central server, which stands here in a thread."""
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from flask import Flask
from flask.ext.cas import CAS, login_required


class Central(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        word = "Success><cas:user>ann</cas:user></cas:authenticationSuccess" if "good" in self.path else "Failure></cas:authenticationFailure"
        self.wfile.write(
            ('<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authentication%s></cas:serviceResponse>' % word).encode()
        )

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Central)
threading.Thread(target=server.serve_forever, daemon=True).start()
app = Flask(__name__)
app.secret_key = "secret"
cas = CAS(app, "/cas")
app.config["CAS_SERVER"] = "http://127.0.0.1:%d" % server.server_port
app.config["CAS_AFTER_LOGIN"] = "index"


@app.route("/")
@login_required
def index():
    return cas.username


client = app.test_client()
assert client.get("/").headers["Location"].endswith("/cas/login/")
away = client.get("/cas/login/").headers["Location"]
assert away.startswith(app.config["CAS_SERVER"] + "/cas?service="), away
assert client.get("/cas/login/?ticket=bad").headers["Location"] == away
assert client.get("/cas/login/?ticket=good").headers["Location"].endswith("/")
assert client.get("/").data == b"ann"
client.get("/cas/logout/")
assert client.get("/").status_code == 302
