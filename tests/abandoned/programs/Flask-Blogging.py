"""A blog: written by those who may, read by all, and its feed."""
from flask import Flask
from flask_blogging import BloggingEngine, SQLAStorage
from flask_login import LoginManager, UserMixin, login_user
from sqlalchemy import MetaData, create_engine

app = Flask(__name__)
app.config.update(
    SECRET_KEY="secret", BLOGGING_URL_PREFIX="/blog", BLOGGING_SITEURL="http://localhost", BLOGGING_SITENAME="Site",
    WTF_CSRF_ENABLED=False,
)
storage = SQLAStorage(create_engine("sqlite:///blog.db"), metadata=MetaData())
blogging = BloggingEngine(app, storage)
login_manager = LoginManager(app)


class User(UserMixin):
    def __init__(self, user_id):
        self.id = user_id

    def get_name(self):
        return "Ann"


@login_manager.user_loader
@blogging.user_loader
def load_user(user_id):
    return User(user_id)


@app.route("/login")
def login():
    login_user(User("ann"))
    return ""


client = app.test_client()
assert client.get("/blog/editor/").status_code == 401
client.get("/login")
assert client.get("/blog/editor/").status_code == 200
made = client.post("/blog/editor/", data=dict(title="First", text="It is *here*", tags="a, b"))
assert made.status_code == 302, made.data
page = client.get(made.headers["Location"])
assert b"First" in page.data and b"<em>here</em>" in page.data and b"Ann" in page.data
assert b"First" in app.test_client().get("/blog/").data
feed = client.get("/blog/feeds/all.atom.xml")
assert feed.mimetype == "application/xml" and b"<title" in feed.data and b"First" in feed.data
