"""A visitor who logs in with a URL, and is sent to whoever speaks for it."""
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from flask import Flask, redirect, request
from flask.ext.openid import OpenID


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        page = '<html><head><link rel="openid2.provider" href="%s/server"></head></html>' % home
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def do_POST(self):  # no association: it asks for every answer by itself
        self.send_response(400)
        self.end_headers()

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Provider)
home = "http://127.0.0.1:%d" % server.server_port
threading.Thread(target=server.serve_forever, daemon=True).start()
app = Flask(__name__)
app.secret_key = "secret"
oid = OpenID(app, "openid_store")


@app.route("/login", methods=["GET", "POST"])
@oid.loginhandler
def login():
    if request.method == "POST":
        return oid.try_login(request.form["openid"], ask_for=["email"])
    return "next=%s error=%s" % (oid.get_next_url(), oid.fetch_error())


@oid.after_login
def logged_in(response):
    return redirect(oid.get_next_url())


client = app.test_client()
assert client.get("/login?next=/x").data == b"next=/x error=None"
answer = client.post("/login?next=/x", data={"openid": home + "/ann"})
assert answer.status_code in (200, 302), answer.data
sent = answer.headers.get("Location", answer.data.decode())
assert home + "/server" in sent and "checkid_setup" in sent, sent
cancelled = client.get("/login?openid_complete=yes&openid.mode=cancel", follow_redirects=True)
assert b"cancelled" in cancelled.data, cancelled.data
server.shutdown()
