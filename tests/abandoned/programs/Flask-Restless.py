"""An API over a database: made, found, searched, changed and removed."""
import json

from flask import Flask
from flask.ext.restless import APIManager
from sqlalchemy import Column, Integer, Unicode, create_engine
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

app = Flask(__name__)
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = scoped_session(sessionmaker(bind=engine))
Base = declarative_base()


class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    name = Column(Unicode)
    age = Column(Integer)


Base.metadata.create_all(engine)
APIManager(app, session=Session).create_api(Person, methods=["GET", "POST", "PATCH", "DELETE"])
client = app.test_client()
kind = {"content_type": "application/json"}
for name, age in (("ann", 30), ("bob", 40)):
    made = client.post("/api/person", data=json.dumps({"name": name, "age": age}), **kind)
    assert made.status_code == 201, made.data
found = client.get("/api/person?q=" + json.dumps({"filters": [{"name": "age", "op": "gt", "val": 35}]})).get_json()
assert [one["name"] for one in found["objects"]] == ["bob"], found
assert client.patch("/api/person/1", data=json.dumps({"age": 31}), **kind).get_json()["age"] == 31
assert client.delete("/api/person/2").status_code == 204
assert client.get("/api/person").get_json()["num_results"] == 1
assert client.get("/api/person/2").status_code == 404
