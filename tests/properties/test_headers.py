"""The headers of a response are Werkzeug's, whatever is done to them and in whatever order."""

from __future__ import annotations

import copy
import pickle
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import EnvironHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from flask import _checked as checked
from flask._headers import Headers

names = st.sampled_from(["A", "a", "Set-Cookie", "SET-COOKIE", "Content-Type", "É", "é", "", "B"])
keys: st.SearchStrategy[t.Any] = st.one_of(
    names, names, names, st.sampled_from([Markup("A"), 0, -1, 7, None, slice(0, 1), slice(1, None), b"A"])
)
values: st.SearchStrategy[t.Any] = st.one_of(
    st.text(max_size=3), st.sampled_from(["1", "x\ny", "x\r", "\t", "ä", Markup("m"), 5, None, True, b"b", ("A", "1")])
)
pairs = st.lists(st.tuples(names, values), max_size=3)
mappings = st.dictionaries(names, st.one_of(values, st.lists(values, max_size=2)), max_size=3)
given_headers = st.one_of(st.none(), pairs, mappings)
options = st.sampled_from([{}, {}, {}, {"filename": "a b"}, {"as_": 1}])

OPERATIONS: list[st.SearchStrategy[tuple[t.Any, ...]]] = [
    st.tuples(st.just("__setitem__"), keys, st.one_of(values, pairs)),
    st.tuples(st.just("__getitem__"), keys),
    st.tuples(st.just("__delitem__"), keys),
    st.tuples(st.just("__contains__"), keys),
    st.tuples(st.sampled_from(["set", "add", "add_header"]), keys, values, options),
    st.tuples(st.sampled_from(["get", "getlist"]), keys, st.sampled_from([{}, {"type": int}])),
    st.tuples(st.just("get"), keys, st.just("default"), st.sampled_from([{}, {"type": int}])),
    st.tuples(st.just("setdefault"), keys, values),
    st.tuples(st.sampled_from(["setlist", "setlistdefault"]), keys, st.lists(values, max_size=2)),
    st.tuples(st.sampled_from(["pop", "get_all", "remove"]), keys),
    st.tuples(st.just("pop"), keys, st.just("default")),
    st.tuples(st.sampled_from(["pop", "popitem", "clear", "to_wsgi_list", "__len__", "copy", "__str__", "__repr__"])),
    st.tuples(st.sampled_from(["extend", "update"]), given_headers, st.sampled_from([{}, {"key": "1"}])),
    st.tuples(st.sampled_from(["__or__", "__ior__"]), given_headers),
    st.tuples(st.sampled_from(["keys", "items"]), st.sampled_from([{}, {"lower": True}])),
    st.tuples(st.just("values")),
]


KEYWORDS = {"set", "add", "add_header", "get", "getlist", "extend", "update", "keys", "items"}


def result_of(headers: t.Any, operation: tuple[t.Any, ...]) -> t.Any:
    name, *arguments = copy.deepcopy(operation)
    keywords = arguments.pop() if name in KEYWORDS and arguments and isinstance(arguments[-1], dict) else {}
    try:
        result = getattr(headers, name)(*arguments, **keywords)
        result = list(result) if hasattr(result, "__next__") else result
    except Exception as error:
        return type(error), str(error), error.args
    if isinstance(result, WerkzeugHeaders):
        return "headers", result is headers, list(result)
    return result


def made(cls: type[t.Any], defaults: t.Any) -> t.Any:
    try:
        return cls(copy.deepcopy(defaults))
    except Exception as error:
        return type(error), str(error)


@given(given_headers, st.lists(st.one_of(OPERATIONS), max_size=8), st.booleans())
@settings(max_examples=1500, deadline=None)
def test_every_operation_gives_what_werkzeug_gives(
    defaults: t.Any, operations: list[tuple[t.Any, ...]], looks_each_time: bool
) -> None:
    ours, theirs = made(Headers, defaults), made(WerkzeugHeaders, defaults)
    if not isinstance(theirs, WerkzeugHeaders):
        assert ours == theirs
        return
    for operation in operations:
        assert result_of(ours, operation) == result_of(theirs, operation)
        if looks_each_time:
            assert list(ours) == list(theirs)
    assert len(ours) == len(theirs)
    assert ours.to_wsgi_list() == theirs.to_wsgi_list()
    assert list(ours) == list(theirs)
    assert [type(value) for _, value in ours] == [type(value) for _, value in theirs]


@given(pairs.map(lambda pairs: [(name, str(value).strip()) for name, value in pairs]), st.booleans())
def test_copies_and_comparisons(pairs: list[tuple[str, str]], is_list: bool) -> None:
    pairs = [(name, value) for name, value in pairs if value.isprintable()]
    ours, theirs = Headers(pairs), WerkzeugHeaders(pairs)
    if is_list:
        list(ours)
    for other in (copy.copy(ours), copy.deepcopy(ours), pickle.loads(pickle.dumps(ours)), ours.copy()):
        assert type(other) is Headers
        assert other == ours
        assert list(other) == pairs
    assert ours == theirs
    assert theirs == ours
    ours.add("Other", "1")
    assert ours != theirs
    assert theirs != ours
    assert ours != dict(pairs)
    with pytest.raises(TypeError):
        hash(ours)


def test_headers_may_change_while_one_goes_through_them() -> None:
    headers = Headers({"A": "1", "B": "2"})
    for name, _ in headers:
        headers[name + "2"] = "3"
        if len(headers) > 5:
            break
    assert len(headers) == 6


# -- the headers of a request --

sent: st.SearchStrategy[t.Any] = st.sampled_from(
    ["X-A", "x-a", "X_A", "Content-Type", "content-length", "CONTENT_TYPE", "Ä", "HTTP_X_A", "", "x" * 200]
)
sent |= st.sampled_from([Markup("X-A"), None, 0, b"X-A"])


@given(
    st.dictionaries(
        st.sampled_from(["HTTP_X_A", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_\xc4", "HTTP_"]),
        st.text(),
    ),
    st.lists(st.tuples(st.sampled_from(["__getitem__", "get", "__contains__", "getlist", "keys"]), sent), max_size=5),
)
@settings(max_examples=500, deadline=None)
def test_headers_of_a_request_are_werkzeugs(environ: dict[str, str], calls: list[tuple[str, t.Any]]) -> None:
    ours, theirs = checked.RequestHeaders(environ), EnvironHeaders(environ)
    for name, key in calls:
        arguments = [] if name == "keys" else [key]
        answers = []
        for headers in (ours, theirs):
            try:
                answer = getattr(headers, name)(*arguments)
                answers.append(list(answer) if name == "keys" else answer)
            except Exception as error:
                answers.append(isinstance(error, KeyError) or type(error))
        assert answers[0] == answers[1]


def test_the_names_that_are_kept_are_limited() -> None:
    headers = checked.RequestHeaders({"HTTP_X_5": "five"})
    assert [headers.get(f"X-{number}") for number in range(3000)].count("five") == 1
    headers.get("x" * 101)
    assert len(checked._environ_keys) <= checked._MOST_NAMES
    assert "x" * 101 not in checked._environ_keys
