"""A weather station whose requests OpenTelemetry's instrumentation traces and counts."""

from __future__ import annotations

import logging
import threading
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import flask
from flask import Flask, abort, request, stream_with_context
from flask.testing import FlaskClient

ORIGINAL = Flask


class Telemetry:
    """What is kept of spans and metrics, and the options that give them to it."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracer_provider = TracerProvider()
        self.tracer_provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = self.tracer_provider.get_tracer("downstream")
        self.reader = InMemoryMetricReader()
        self.options: dict[str, t.Any] = {
            "tracer_provider": self.tracer_provider,
            "meter_provider": MeterProvider([self.reader]),
            "excluded_urls": "health,internal/.*",
            "request_hook": self.hear_request,
            "response_hook": self.hear_response,
        }

    def hear_request(self, span: trace.Span, environ: dict[str, t.Any]) -> None:
        span.update_name(f"{request.endpoint or 'nothing'} by {environ['REQUEST_METHOD']}")

    def hear_response(self, span: trace.Span, status: str, headers: list[tuple[str, str]]) -> None:
        span.set_attribute("answer", status)
        headers.append(("X-Span", f"{span.get_span_context().span_id:016x}"))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return t.cast(tuple[ReadableSpan, ...], self.exporter.get_finished_spans())

    @property
    def span(self) -> ReadableSpan:
        (span,) = self.spans
        return span


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture(params=["every application", "one application"])
def app(request: pytest.FixtureRequest, telemetry: Telemetry, way: t.Any, tmp_path: Path) -> Iterator[Flask]:
    """Instrumented in one of the two ways, each undone in the end."""
    instrumentor = FlaskInstrumentor()
    if request.param == "every application":
        instrumentor.instrument(**telemetry.options)
    try:
        app = flask.Flask("downstream", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))
        app.config.update(ASGI_SYNC=way.placing, ASGI_THREADS=4)
        if request.param == "one application":
            instrumentor.instrument_app(app, **telemetry.options)
        yield app
    finally:
        if request.param == "every application":
            instrumentor.uninstrument()
    assert flask.Flask is ORIGINAL


@pytest.fixture
def station(app: Flask, telemetry: Telemetry, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the station."""

    @app.get("/wind/<int:place>")
    @written
    def measure(place: int) -> t.Any:
        with telemetry.tracer.start_as_current_span("look at the cups"):
            return {"place": place, "span": f"{trace.get_current_span().get_span_context().trace_id:032x}"}

    @app.get("/storm")
    @written
    def blow() -> t.Any:
        raise RuntimeError("The mast fell.")

    @app.get("/calm")
    @written
    def stay() -> t.Any:
        abort(410)

    @app.get("/health")
    @written
    def live() -> t.Any:
        return {"recorded": trace.get_current_span().is_recording()}

    @app.get("/stream")
    @written
    def stream() -> t.Any:
        return stream_with_context(f"{request.path} {hour}\n" for hour in range(3))

    return client


@pytest.fixture(autouse=True)
def no_complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The library logs what goes wrong in it, as where a context is left on another thread than its own."""
    caplog.set_level(logging.DEBUG, "opentelemetry")
    yield
    said = caplog.get_records("call")
    assert [record.getMessage() for record in said if record.name.startswith("opentelemetry")] == []


def test_a_span_for_each_request(telemetry: Telemetry, station: FlaskClient) -> None:
    response = station.get("/wind/3?unit=knots", headers={"User-Agent": "vane"})
    inner, outer = telemetry.spans
    assert (inner.name, outer.name, outer.kind) == ("look at the cups", "measure by GET", SpanKind.SERVER)
    assert inner.parent.span_id == outer.context.span_id
    assert response.json == {"place": 3, "span": f"{outer.context.trace_id:032x}"}
    assert response.headers["X-Span"] == f"{outer.context.span_id:016x}"
    expected = {
        "http.method": "GET",
        "http.route": "/wind/<int:place>",
        "http.target": "/wind/3?unit=knots",
        "http.status_code": 200,
        "http.user_agent": "vane",
        "answer": "200 OK",
    }
    assert expected.items() <= dict(outer.attributes).items()
    assert outer.status.status_code is StatusCode.UNSET


def test_an_error_is_recorded(telemetry: Telemetry, station: FlaskClient) -> None:
    assert station.get("/storm").status_code == 500
    span = telemetry.span
    assert (span.attributes["http.status_code"], span.status.status_code) == (500, StatusCode.ERROR)
    (event,) = span.events
    assert event.attributes["exception.type"] == "RuntimeError"
    assert event.attributes["exception.message"] == "The mast fell."
    assert "in blow" in event.attributes["exception.stacktrace"]


def test_an_error_in_tests_is_recorded(app: Flask, telemetry: Telemetry, station: FlaskClient) -> None:
    app.testing = True
    with pytest.raises(RuntimeError, match=r"The mast fell\."):
        station.get("/storm")
    assert telemetry.span.status.status_code is StatusCode.ERROR


def test_answers_of_the_framework(telemetry: Telemetry, station: FlaskClient) -> None:
    assert [station.get(path).status_code for path in ("/calm", "/nowhere")] == [410, 404]
    assert station.post("/storm").status_code == 405
    spans = [(span.name, span.attributes.get("http.route"), span.attributes["answer"]) for span in telemetry.spans]
    assert spans == [
        ("stay by GET", "/calm", "410 GONE"),
        ("nothing by GET", None, "404 NOT FOUND"),
        ("nothing by POST", None, "405 METHOD NOT ALLOWED"),
    ]
    assert [span.events for span in telemetry.spans] == [(), (), ()]


def test_excluded_addresses(telemetry: Telemetry, station: FlaskClient) -> None:
    response = station.get("/health")
    assert (response.json, "X-Span" in response.headers) == ({"recorded": False}, False)
    assert station.get("/internal/anything").status_code == 404
    assert telemetry.spans == ()


def test_a_trace_goes_on(telemetry: Telemetry, station: FlaskClient) -> None:
    station.get("/calm", headers={"traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"})
    span = telemetry.span
    assert span.context.trace_id == 0x0123456789ABCDEF0123456789ABCDEF
    assert span.parent.span_id == 0x0123456789ABCDEF


def test_a_span_of_an_answer_that_streams(telemetry: Telemetry, station: FlaskClient) -> None:
    assert station.get("/stream").text == "/stream 0\n/stream 1\n/stream 2\n"
    assert telemetry.span.name == "stream by GET"


def test_no_span_is_left_behind(telemetry: Telemetry, station: FlaskClient) -> None:
    """Else the next request's, and all that the thread does later, would be its children."""
    for _ in range(3):
        station.get("/calm")
    assert [span.parent for span in telemetry.spans] == [None, None, None]
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_durations_by_route(telemetry: Telemetry, station: FlaskClient) -> None:
    for path in ("/wind/1", "/wind/2", "/storm"):
        station.get(path)
    (resource,) = telemetry.reader.get_metrics_data().resource_metrics
    metrics = {metric.name: metric.data.data_points for metric in resource.scope_metrics[0].metrics}
    counts = {
        (point.attributes["http.target"], point.attributes["http.status_code"]): point.count
        for point in metrics["http.server.duration"]
    }
    assert counts == {("/wind/<int:place>", 200): 2, ("/storm", 500): 1}
    assert [point.value for point in metrics["http.server.active_requests"]] == [0]


def test_requests_at_once_have_spans_of_their_own(
    app: Flask, telemetry: Telemetry, visitor: t.Any, station: FlaskClient
) -> None:
    both = threading.Barrier(2)

    @app.get("/meet/<name>")
    def meet(name: str) -> t.Any:
        both.wait(20)
        with telemetry.tracer.start_as_current_span(name):
            return name

    threads = [threading.Thread(target=visitor().get, args=[f"/meet/{name}"]) for name in ("ada", "charles")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    targets = {span.context.span_id: span.attributes["http.target"] for span in telemetry.spans if span.attributes}
    inner = {span.name: targets[span.parent.span_id] for span in telemetry.spans if not span.attributes}
    assert inner == {"ada": "/meet/ada", "charles": "/meet/charles"}


@pytest.mark.parametrize("app", ["one application"], indirect=True)
def test_it_is_taken_away_again(app: Flask, telemetry: Telemetry, station: FlaskClient) -> None:
    assert "X-Span" in station.get("/calm").headers
    FlaskInstrumentor().uninstrument_app(app)
    assert "X-Span" not in station.get("/calm").headers
    assert [span.name for span in telemetry.spans] == ["stay by GET"]
