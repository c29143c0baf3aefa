"""Files looked at and changed in the browser."""
import os

from flask import Flask
from flask.ext.admin import Admin, BaseView, expose
from flask.ext.admin.contrib.fileadmin import FileAdmin

os.makedirs("files/inner")
with open("files/a.txt", "w") as file:
    file.write("text")
app = Flask(__name__)
app.secret_key = "secret"


class Own(BaseView):
    @expose("/")
    def index(self):
        return self.render("admin/master.html")


admin = Admin(app, name="Site", template_mode="bootstrap3")
admin.add_view(Own(name="Own", endpoint="own"))
admin.add_view(FileAdmin(os.path.abspath("files"), "/files/", name="Files"))
client = app.test_client()
assert b"Own" in client.get("/admin/").data
assert client.get("/admin/own/").status_code == 200
page = client.get("/admin/fileadmin/").data.decode()
assert "a.txt" in page and "inner" in page
made = client.post("/admin/fileadmin/mkdir/", data={"name": "made"})
assert made.status_code == 302 and os.path.isdir("files/made")
assert client.get("/admin/fileadmin/b/../../etc/").status_code in (302, 404)
