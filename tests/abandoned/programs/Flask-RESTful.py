"""Resources, arguments and errors."""
from flask import Flask
from flask_restful import Api, Resource, abort, fields, marshal_with, reqparse

app = Flask(__name__)
api = Api(app)
parser = reqparse.RequestParser()
parser.add_argument("task", required=True, help="what is to be done")
TODOS = {"1": {"task": "build"}}


class Todo(Resource):
    @marshal_with({"task": fields.String, "url": fields.Url("todo", absolute=False)})
    def get(self, id):
        if id not in TODOS:
            abort(404, message="no %s" % id)
        return dict(TODOS[id], id=id)

    def put(self, id):
        TODOS[id] = parser.parse_args()
        return TODOS[id], 201, {"X-Made": id}


api.add_resource(Todo, "/todos/<string:id>", endpoint="todo")
client = app.test_client()
assert client.get("/todos/1").get_json() == {"task": "build", "url": "/todos/1"}
answer = client.put("/todos/2", data={"task": "test"})
assert (answer.status_code, answer.headers["X-Made"], answer.get_json()) == (201, "2", {"task": "test"})
assert client.put("/todos/3").get_json() == {"message": {"task": "what is to be done"}}
assert client.get("/todos/9").get_json()["message"].startswith("no 9")
assert client.get("/nowhere").status_code == 404
