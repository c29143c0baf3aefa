"""A session of SQLAlchemy for each request."""
from flask import Flask
from flask_sqlalchemy_session import current_session, flask_scoped_session
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import sessionmaker

Base = declarative_base()


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


engine = create_engine("sqlite:///users.db")
Base.metadata.create_all(engine)
app = Flask(__name__)
session = flask_scoped_session(sessionmaker(bind=engine), app)
seen = []


@app.route("/add/<name>")
def add(name):
    current_session.add(User(name=name))
    current_session.commit()
    seen.append(current_session())
    return ""


@app.route("/")
def index():
    return ",".join(user.name for user in session.query(User).order_by(User.name))


client = app.test_client()
client.get("/add/bob")
client.get("/add/ann")
assert client.get("/").data == b"ann,bob"
assert len(seen) == 2
