"""An API that checks what it gets and describes itself."""
from flask import Flask
from flask_restplus import Api, Resource, fields, reqparse

app = Flask(__name__)
api = Api(app, version="1.0", title="Todo")
ns = api.namespace("todos", description="things to do")
todo = api.model("Todo", {"id": fields.Integer(readonly=True), "task": fields.String(required=True)})
parser = reqparse.RequestParser()
parser.add_argument("limit", type=int, default=10)
TODOS = [{"id": 1, "task": "build"}]


@ns.route("/")
class Todos(Resource):
    @ns.expect(parser)
    @ns.marshal_list_with(todo)
    def get(self):
        return TODOS[: parser.parse_args()["limit"]]

    @ns.expect(todo, validate=True)
    @ns.marshal_with(todo, code=201)
    def post(self):
        TODOS.append(dict(api.payload, id=len(TODOS) + 1))
        return TODOS[-1], 201


@ns.route("/<int:id>")
class Todo(Resource):
    @ns.marshal_with(todo)
    def get(self, id):
        if id > len(TODOS):
            api.abort(404, "no such thing")
        return TODOS[id - 1]


client = app.test_client()
assert client.get("/todos/").get_json() == TODOS
assert client.get("/todos/?limit=x").status_code == 400
assert client.post("/todos/", json={"task": "test"}).get_json() == {"id": 2, "task": "test"}
assert client.post("/todos/", json={}).status_code == 400
assert client.get("/todos/9").status_code == 404
described = client.get("/swagger.json").get_json()
assert set(described["paths"]) == {"/todos/", "/todos/{id}"}, described
assert b"swagger-ui" in client.get("/").data
