"""A Dash program of thermometers within an application that has views of its own."""

from __future__ import annotations

import inspect
import re
import typing as t
from pathlib import Path

import pytest
from dash import Dash, Input, Output, Patch, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate
from werkzeug.test import TestResponse

from flask import Flask, abort, has_request_context, request, session
from flask.testing import FlaskClient


@pytest.fixture
def dash(app: Flask, written: t.Any, tmp_path: Path) -> Dash:
    """The program, whose callbacks are as the views of the application."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "looks.css").write_text("div { color: red }")

    @app.get("/")
    @written
    def index() -> t.Any:
        return "An ordinary page"

    @app.post("/login")
    @written
    def log_in() -> t.Any:
        session["name"] = request.form["name"]
        return "", 204

    dash = Dash(
        "thermometers",
        server=app,
        url_base_pathname="/rooms/",
        assets_folder=str(tmp_path / "assets"),
        title="Thermometers",
        use_async=inspect.iscoroutinefunction(written(lambda: None)),
    )
    dash.layout = html.Div(
        [
            dcc.Input(id="room", value="hall"),
            html.Button("Again", id="again"),
            html.Div(id="degrees"),
            html.Ul(id="log"),
            html.Div(id="name"),
        ]
    )
    return dash


@pytest.fixture
def rooms(dash: Dash, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the program."""

    @dash.callback(
        Output("degrees", "children"),
        Output("log", "children"),
        Input("room", "value"),
        Input("again", "n_clicks"),
        State("log", "children"),
    )
    @written
    def show(room: str, clicks: int | None, log: list[str]) -> t.Any:
        if room == "":
            raise PreventUpdate
        if room == "shed":
            raise LookupError("There is no thermometer in the shed.")
        if ctx.triggered_id == "again":
            return no_update, [*log, f"{room} again"]
        more = Patch()
        more.append(room)
        return f"{len(room)} degrees", more

    @dash.callback(Output("name", "children"), Input("again", "n_clicks"), prevent_initial_call=True)
    @written
    def greet(clicks: int) -> t.Any:
        ctx.response.set_cookie("clicks", str(clicks))
        return f"{session.get('name', 'a stranger')} at {request.path}"

    return client


def change(client: FlaskClient, room: str | None = "hall", clicks: int | None = None) -> TestResponse:
    """What the page sends when the room is written, or the button is clicked."""
    return client.post(
        "/rooms/_dash-update-component",
        json={
            "output": "..degrees.children...log.children..",
            "outputs": [{"id": "degrees", "property": "children"}, {"id": "log", "property": "children"}],
            "inputs": [
                {"id": "room", "property": "value", "value": room},
                {"id": "again", "property": "n_clicks", "value": clicks},
            ],
            "changedPropIds": ["room.value" if clicks is None else "again.n_clicks"],
            "state": [{"id": "log", "property": "children", "value": ["start"]}],
        },
    )


def click(client: FlaskClient, clicks: int) -> TestResponse:
    return client.post(
        "/rooms/_dash-update-component",
        json={
            "output": "name.children",
            "outputs": {"id": "name", "property": "children"},
            "inputs": [{"id": "again", "property": "n_clicks", "value": clicks}],
            "changedPropIds": ["again.n_clicks"],
        },
    )


def test_the_page_and_all_that_it_asks_for(rooms: FlaskClient) -> None:
    page = rooms.get("/rooms/").text
    assert "<title>Thermometers</title>" in page
    assert "rooms" in re.search(r'"requests_pathname_prefix":"([^"]+)"', page)[1]
    addresses = re.findall(r'(?:src|href)="(/rooms/[^"]+)"', page)
    assert any("/assets/looks.css" in address for address in addresses)
    assert len(addresses) > 5
    for address in addresses:
        with rooms.get(address) as response:
            assert (response.status_code, bool(response.data)) == (200, True)
    assert rooms.get("/rooms/assets/none.css").status_code == 404
    assert rooms.get("/rooms/any/page").text.splitlines()[0] == page.splitlines()[0]
    assert rooms.get("/").text == "An ordinary page"


def test_layout_and_callbacks_are_told(rooms: FlaskClient) -> None:
    layout = t.cast(t.Any, rooms.get("/rooms/_dash-layout").json)
    assert [child["props"]["id"] for child in layout["props"]["children"]] == [
        "room",
        "again",
        "degrees",
        "log",
        "name",
    ]
    outputs = [entry["output"] for entry in t.cast(t.Any, rooms.get("/rooms/_dash-dependencies").json)]
    assert outputs == ["..degrees.children...log.children..", "name.children"]


def test_a_layout_for_each_visitor(dash: Dash, rooms: FlaskClient) -> None:
    dash.layout = lambda: html.P(session.get("name", "a stranger") if has_request_context() else "nobody")
    assert rooms.get("/rooms/_dash-layout").json["props"]["children"] == "a stranger"
    rooms.post("/login", data={"name": "Ada"})
    assert rooms.get("/rooms/_dash-layout").json["props"]["children"] == "Ada"


def test_a_callback(rooms: FlaskClient) -> None:
    response = change(rooms, "kitchen")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    answer = response.json["response"]
    assert answer["degrees"] == {"children": "7 degrees"}
    operations = answer["log"]["children"]["operations"]
    assert [(entry["operation"], entry["params"]) for entry in operations] == [("Append", {"value": "kitchen"})]


def test_what_started_it_and_what_stays(rooms: FlaskClient) -> None:
    assert change(rooms, "hall", clicks=1).json["response"] == {"log": {"children": ["start", "hall again"]}}


def test_session_and_cookies_in_a_callback(rooms: FlaskClient) -> None:
    rooms.post("/login", data={"name": "Ada"})
    response = click(rooms, 3)
    assert response.json["response"] == {"name": {"children": "Ada at /rooms/_dash-update-component"}}
    assert rooms.get_cookie("clicks").value == "3"


def test_nothing_to_change(rooms: FlaskClient) -> None:
    response = change(rooms, "")
    assert (response.status_code, response.data) == (204, b"")


def test_an_error_in_a_callback(rooms: FlaskClient) -> None:
    assert change(rooms, "shed").status_code == 500


def test_an_error_in_a_callback_that_is_handled(dash: Dash, rooms: FlaskClient, written: t.Any) -> None:
    def tell(error: Exception) -> list[str]:
        return ["none", str(error)]

    @dash.callback(Output("room", "title"), Output("room", "placeholder"), Input("room", "n_submit"), on_error=tell)
    @written
    def fail(count: int) -> t.Any:
        raise LookupError("There is no such room.")

    outputs = [{"id": "room", "property": "title"}, {"id": "room", "property": "placeholder"}]
    body = {
        "output": "..room.title...room.placeholder..",
        "outputs": outputs,
        "inputs": [{"id": "room", "property": "n_submit", "value": 1}],
        "changedPropIds": ["room.n_submit"],
    }
    answer = rooms.post("/rooms/_dash-update-component", json=body).json
    assert answer["response"] == {"room": {"title": "none", "placeholder": "There is no such room."}}


def test_a_callback_that_is_not_there(rooms: FlaskClient) -> None:
    response = rooms.post(
        "/rooms/_dash-update-component", json={"output": "none.children", "inputs": [], "outputs": []}
    )
    assert response.status_code == 500
    assert rooms.put("/rooms/_dash-update-component").status_code == 405


def test_the_application_decides_who_may_come_in(app: Flask, rooms: FlaskClient, written: t.Any) -> None:
    @app.before_request
    @written
    def check() -> None:
        if request.path.startswith("/rooms/") and "name" not in session:
            abort(403)

    assert (rooms.get("/rooms/").status_code, change(rooms).status_code) == (403, 403)
    assert rooms.get("/").status_code == 200
    rooms.post("/login", data={"name": "Ada"})
    assert (rooms.get("/rooms/").status_code, change(rooms).status_code) == (200, 200)


def test_two_programs_in_one_application(app: Flask, dash: Dash, rooms: FlaskClient) -> None:
    cellar = Dash("cellar", server=app, url_base_pathname="/cellar/")
    cellar.layout = html.P("dark")
    assert rooms.get("/cellar/_dash-layout").json["props"]["children"] == "dark"
    assert change(rooms).status_code == 200


def test_a_program_with_an_application_of_its_own(way: t.Any) -> None:
    dash = Dash("alone")
    dash.layout = html.P("Nobody else")
    assert type(dash.server) is Flask
    client = dash.server.test_client(protocol=way.protocol)
    assert client.get("/_dash-layout").json["props"]["children"] == "Nobody else"
    assert client.get("/").status_code == 200


def test_a_mistake_is_shown_to_developers(dash: Dash, rooms: FlaskClient) -> None:
    dash.enable_dev_tools(debug=True, dev_tools_hot_reload=False)
    response = change(rooms, "shed")
    assert response.status_code == 500
    assert "There is no thermometer in the shed." in response.text
    assert "__dash_server;dur=" in rooms.get("/rooms/_dash-layout").headers["Server-Timing"]
