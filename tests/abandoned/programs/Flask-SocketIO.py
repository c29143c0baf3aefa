"""Events between the server and its visitors, with rooms and the session."""
from flask import Flask, request, session
from flask_socketio import Namespace, SocketIO, emit, join_room, send

app = Flask(__name__)
app.secret_key = "secret"
socketio = SocketIO(app, async_mode="threading")


@socketio.on("connect")
def connect():
    if request.args.get("no"):
        return False
    session["seen"] = 0


@socketio.on("count")
def count(data):
    session["seen"] += data["by"]
    emit("counted", {"now": session["seen"]})
    return "done"


@socketio.on("join")
def join(room):
    join_room(room)
    send("in " + room, room=room)


class Chat(Namespace):
    def on_say(self, what):
        emit("said", what, broadcast=True)


socketio.on_namespace(Chat("/chat"))
client = socketio.test_client(app)
assert client.is_connected()
assert client.emit("count", {"by": 2}, callback=True) == "done"
client.emit("count", {"by": 3})
assert [event["args"][0]["now"] for event in client.get_received()] == [2, 5]
client.emit("join", "lobby")
assert client.get_received()[0]["args"] == "in lobby"
other = socketio.test_client(app, namespace="/chat")
other.emit("say", "hello", namespace="/chat")
assert other.get_received("/chat")[0]["args"] == ["hello"]
assert not socketio.test_client(app, query_string="?no=1").is_connected()
