"""An API over models, with a schema of itself."""
from flask import Flask
from flask_potion import Api, ModelResource, fields
from flask_potion.routes import ItemRoute
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///app.db", SQLALCHEMY_TRACK_MODIFICATIONS=False)
db = SQLAlchemy(app)


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(), nullable=False)
    year = db.Column(db.Integer)


class BookResource(ModelResource):
    class Meta:
        model = Book

    @ItemRoute.GET("/shout")
    def shout(self, book) -> fields.String():
        return book.title.upper()


with app.app_context():
    db.create_all()
    api = Api(app)
    api.add_resource(BookResource)
client = app.test_client()
assert client.post("/book", json={"title": "Dune", "year": 1965}).get_json()["$uri"] == "/book/1"
assert client.post("/book", json={"year": 1965}).status_code == 400
assert [one["title"] for one in client.get('/book?where={"year": {"$gt": 1960}}').get_json()] == ["Dune"]
assert client.get("/book/1/shout").get_json() == "DUNE"
assert client.patch("/book/1", json={"year": 1966}).get_json()["year"] == 1966
assert "properties" in client.get("/book/schema").get_json()
assert client.delete("/book/1").status_code == 204
