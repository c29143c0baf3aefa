"""Models in SQLite, queried, paged and found or 404."""
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///app.db",
                  SQLALCHEMY_TRACK_MODIFICATIONS=False)
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)
    posts = db.relationship("Post", backref="author", lazy="dynamic")


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80))
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))


@app.route("/<int:id>")
def show(id):
    user = User.query.get_or_404(id)
    return "%s %d" % (user.name, user.posts.paginate(1, 2, False).total)


@app.route("/add/<name>")
def add(name):
    db.session.add(User(name=name, posts=[Post(title=str(n)) for n in range(3)]))
    db.session.commit()
    return "added"


with app.app_context():
    db.create_all()
client = app.test_client()
assert client.get("/add/ann").data == b"added"
assert client.get("/1").data == b"ann 3"
assert client.get("/2").status_code == 404
with app.app_context():
    page = Post.query.order_by(Post.id).paginate(page=2, per_page=2)
    assert [post.title for post in page.items] == ["2"] and page.has_prev and not page.has_next
    assert Post.query.first().author.name == "ann"
