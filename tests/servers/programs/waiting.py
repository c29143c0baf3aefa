"""Views that wait, as for a service elsewhere, and tell how many do at the same time."""

from __future__ import annotations

import asyncio

from werkzeug.middleware.proxy_fix import ProxyFix

from flask import Flask, request

app = Flask(__name__)
behind_proxy = Flask(__name__)
behind_proxy.wsgi_app = ProxyFix(behind_proxy.wsgi_app)  # type: ignore[method-assign]

waiting = 0
most = 0


async def wait() -> str:
    global waiting, most
    waiting += 1
    most = max(most, waiting)
    await asyncio.sleep(0.2)
    waiting -= 1
    return request.remote_addr or ""


for each in (app, behind_proxy):
    each.add_url_rule("/", view_func=lambda: "here", endpoint="index")
    each.add_url_rule("/wait", view_func=wait)
    each.add_url_rule("/most", view_func=lambda: [most], endpoint="most")
