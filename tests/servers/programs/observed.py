"""Applications that Sentry's and OpenTelemetry's integrations observe."""

from __future__ import annotations

import asyncio
import os
import typing as t

import flask
from flask import request

errors: list[t.Any] = []
spans: t.Any = None
kind = os.environ["OBSERVER"]

if kind == "sentry":
    import sentry_sdk
    from sentry_sdk.integrations.flask import FlaskIntegration

    def note(event: t.Any, hint: t.Any) -> None:
        """Keep an event, which is not sent then."""
        errors.append([event.get("transaction"), [value["type"] for value in event["exception"]["values"]]])

    sentry_sdk.init("http://key@127.0.0.1:9/1", before_send=note, integrations=[FlaskIntegration()])
else:
    from opentelemetry import trace
    from opentelemetry.instrumentation.flask import FlaskInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    if kind == "opentelemetry":
        FlaskInstrumentor().instrument()

app = flask.Flask(__name__)
if kind == "opentelemetry for one":
    FlaskInstrumentor().instrument_app(app)


@app.get("/")
def index() -> str:
    return "here"


@app.get("/sync/hello/<name>")
def hello(name: str) -> str:
    return f"Hello, {name}"


@app.get("/async/hello/<name>")
async def hello_async(name: str) -> str:
    await asyncio.sleep(0)
    return f"Hello, {name}"


@app.get("/sync/fail")
def fail() -> None:
    raise LookupError("sync")


@app.get("/async/fail")
async def fail_async() -> None:
    await asyncio.sleep(0)
    raise LookupError("async")


@app.post("/sync/echo")
def echo() -> t.Any:
    return request.get_json()


@app.post("/async/echo")
async def echo_async() -> t.Any:
    return request.get_json()


@app.get("/errors")
def show_errors() -> list[t.Any]:
    return errors


@app.get("/spans")
def show_spans() -> list[str]:
    return [span.name for span in spans.get_finished_spans()]
