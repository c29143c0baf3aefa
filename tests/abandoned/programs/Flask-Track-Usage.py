"""A record of every request."""
from flask import Flask, g
from flask_track_usage import TrackUsage
from flask_track_usage.storage import Storage

records = []


class Kept(Storage):
    def set_up(self, **kwargs):
        pass

    def store(self, data):
        records.append(data)


app = Flask(__name__)
app.config.update(TRACK_USAGE_USE_FREEGEOIP=False, TRACK_USAGE_INCLUDE_OR_EXCLUDE_VIEWS="include")
usage = TrackUsage(app, [Kept()])


@usage.include
@app.route("/<name>")
def index(name):
    g.track_var["told"] = name
    return "hello"


@app.route("/other/")
def other():
    return "not kept"


client = app.test_client()
client.get("/ann?x=1")
client.get("/other/")
assert len(records) == 1
assert (records[0]["path"], records[0]["status"], records[0]["view_args"]) == ("/ann", 200, {"name": "ann"}), records
