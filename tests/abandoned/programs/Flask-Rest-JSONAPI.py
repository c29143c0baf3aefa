"""An API by the standard JSON:API, over models."""
from flask import Flask
from flask_rest_jsonapi import Api, ResourceDetail, ResourceList
from flask_sqlalchemy import SQLAlchemy
from marshmallow_jsonapi import fields
from marshmallow_jsonapi.flask import Schema

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///app.db", SQLALCHEMY_TRACK_MODIFICATIONS=False)
db = SQLAlchemy(app)


class Person(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)


class PersonSchema(Schema):
    class Meta:
        type_ = "person"
        self_view = "person_detail"
        self_view_kwargs = {"id": "<id>"}
        self_view_many = "person_list"

    id = fields.Integer(as_string=True, dump_only=True)
    name = fields.Str(required=True)


class PersonList(ResourceList):
    schema = PersonSchema
    data_layer = {"session": db.session, "model": Person}


class PersonDetail(ResourceDetail):
    schema = PersonSchema
    data_layer = {"session": db.session, "model": Person}


with app.app_context():
    db.create_all()
api = Api(app)
api.route(PersonList, "person_list", "/persons")
api.route(PersonDetail, "person_detail", "/persons/<int:id>")
client = app.test_client()
kind = {"content_type": "application/vnd.api+json"}
made = client.post("/persons", data='{"data": {"type": "person", "attributes": {"name": "ann"}}}', **kind)
assert made.status_code == 201, made.data
assert client.get("/persons/1", **kind).get_json(force=True)["data"]["attributes"] == {"name": "ann"}
assert client.get("/persons", **kind).get_json(force=True)["meta"]["count"] == 1
refused = client.post("/persons", data='{"data": {"type": "person", "attributes": {}}}', **kind)
assert refused.status_code == 422, refused.data
