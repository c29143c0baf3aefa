"""Bodies that are too long for memory, written to disk as they arrive."""

from __future__ import annotations

import hashlib
import tempfile
import typing as t
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return "here"


@app.get("/peak")
def peak() -> t.Any:
    """The most memory that this process has had, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return [next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))]


def summary(file: t.IO[bytes]) -> list[t.Any]:
    file.seek(0)
    return [file.seek(0, 2), (file.seek(0), hashlib.file_digest(file, "sha256").hexdigest())[1]]


@app.post("/async", stream_body=True)
async def upload_async() -> t.Any:
    with tempfile.TemporaryFile() as file:
        async for chunk in request.body:
            file.write(chunk)
        return summary(file)


@app.post("/sync", stream_body=True)
def upload() -> t.Any:
    with tempfile.TemporaryFile() as file:
        while chunk := request.stream.read(65536):
            file.write(chunk)
        return summary(file)


@app.post("/form")
async def upload_form() -> t.Any:
    """A file in a form, which an async view has as any other: in full, and from disk."""
    return summary(request.files["file"].stream)
