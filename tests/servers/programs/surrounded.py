"""Applications with something around them: Werkzeug's WSGI middleware, Starlette's ASGI middleware, trusted proxies."""

from __future__ import annotations

import asyncio
import os
import typing as t
from pathlib import Path

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from flask import Flask, request, send_file

LONG = "text " * 10_000


def make(name: str = "inner") -> Flask:
    app = Flask(name)

    @app.get("/")
    def index() -> str:
        return name

    @app.get("/sync/seen")
    def seen() -> dict[str, t.Any]:
        return {"url": request.url, "address": request.remote_addr, "root": request.script_root}

    @app.get("/async/seen")
    async def seen_async() -> dict[str, t.Any]:
        await asyncio.sleep(0)
        return {"url": request.url, "address": request.remote_addr, "root": request.script_root}

    @app.get("/sync/long")
    def long() -> str:
        return LONG

    @app.get("/async/long")
    async def long_stream() -> t.Any:
        async def pieces() -> t.AsyncIterator[str]:
            for _ in range(10):
                yield LONG[:5_000]
                await asyncio.sleep(0)

        return pieces()

    @app.get("/file")
    def file() -> t.Any:
        return send_file(Path(os.environ["FILE"]))

    @app.post("/echo")
    async def echo() -> bytes:
        return request.get_data()

    return app


behind_proxy = make()
behind_proxy.wsgi_app = ProxyFix(  # type: ignore[method-assign]
    behind_proxy.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1
)

trusting_one = make()
trusting_one.config["TRUSTED_PROXIES"] = 1

trusting_two = make()
trusting_two.config["TRUSTED_PROXIES"] = {"x_for": 2, "x_proto": 1, "x_host": 1, "x_prefix": 1}

dispatching = make()
dispatching.wsgi_app = DispatcherMiddleware(dispatching.wsgi_app, {"/mounted": make("mounted")})  # type: ignore[method-assign]

with_starlette = make()
with_starlette.asgi_app = GZipMiddleware(
    CORSMiddleware(with_starlette.asgi_app, allow_origins=["https://a.example"], allow_headers=["X-Word"]),
    compresslevel=1,
)


class Noting:
    """ASGI middleware that notes which messages an application sends."""

    def __init__(self, app: t.Any) -> None:
        self.app = app
        self.kinds: list[str] = []

    async def __call__(self, scope: t.Any, receive: t.Any, send: t.Any) -> None:
        async def note(message: t.Any) -> None:
            self.kinds.append(message["type"])
            await send(message)

        await self.app(scope, receive, note)


noted = make()
noted.asgi_app = noting = Noting(noted.asgi_app)
noted.add_url_rule("/kinds", view_func=lambda: [*noting.kinds])
