"""Views and functions that are computed once."""
from flask import Flask
from flask.ext.cache import Cache

app = Flask(__name__)
cache = Cache(app, config={"CACHE_TYPE": "simple"})
calls = []


@app.route("/")
@cache.cached(timeout=50)
def index():
    calls.append("index")
    return str(len(calls))


@cache.memoize(50)
def add(a, b):
    calls.append((a, b))
    return a + b


client = app.test_client()
assert client.get("/").data == client.get("/").data == b"1"
with app.test_request_context():
    assert add(1, 2) == add(1, 2) == 3
    assert add(2, 2) == 4
    cache.delete_memoized(add)
    assert add(1, 2) == 3
assert calls == ["index", (1, 2), (2, 2), (1, 2)], calls
