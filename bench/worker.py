"""A child process of the benchmark: it holds one framework's apps and carries out commands.

A command is a line of JSON on standard input, such as `{"command": "time", "row": "text", "calls": 1000}`;
the answer is a line on standard output, `{"result": …}` or `{"error": "…"}`. Commands are `Worker`'s methods.
Only the standard library is imported here, so that a framework's process holds nothing but the framework.
"""

from __future__ import annotations

import cProfile
import gc
import json
import pstats
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from io import BytesIO, StringIO
from time import perf_counter, process_time
from types import FrameType
from typing import Any
from wsgiref.util import FileWrapper

from rows import ROWS

BROWSER: dict[str, Any] = {
    "HTTP_HOST": "localhost",
    "HTTP_CONNECTION": "keep-alive",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.7,de;q=0.3",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
    "HTTP_COOKIE": "theme=dark",
}
SERVER: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "QUERY_STRING": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_SOFTWARE": "bench",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "50000",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
}


class Exchange:
    """A prepared request to an app; a call sends it as a server would and returns the body."""

    def __init__(self, application: Callable[..., Any], path: str, form: str = "", cookie: str = "") -> None:
        self.application = application
        self.body = form.encode()
        self.environ = {**SERVER, **BROWSER, "REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": path}
        if form:
            self.environ["REQUEST_METHOD"] = "POST"
            self.environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
            self.environ["CONTENT_LENGTH"] = str(len(self.body))
        if cookie:
            self.environ["HTTP_COOKIE"] += f"; {cookie}"

    def __call__(self, start_response: Callable[..., None]) -> bytes:
        environ = self.environ.copy()
        environ["wsgi.input"] = BytesIO(self.body)
        answer = self.application(environ, start_response)
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return body

    def answer(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Send the request once and return status, headers and body."""
        started: list[Any] = []
        body = self(lambda status, headers, exc_info=None: started.extend((status, list(headers))))
        return started[0], started[1], body


def ignore(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
    """Start a response while the time is taken: what is sent was looked at before."""


class Worker:
    """The commands, for the apps of one module in `apps`."""

    def __init__(self, module: str) -> None:
        self.apps = import_module(f"apps.{module}")
        self.exchanges: dict[str, Exchange] = {}

    def answer(self, row: str) -> dict[str, Any]:
        """Answer the row's request and remember it for the other commands."""
        wanted = ROWS[row]
        application = getattr(self.apps, wanted.app)
        cookie = self._sign_in(application) if wanted.signed_in else ""
        exchange = self.exchanges[row] = Exchange(application, wanted.path, wanted.form, cookie)
        exchange.answer()
        # The second answer counts: it shows whether the first request left anything behind.
        status, headers, body = exchange.answer()
        return {"status": status, "headers": headers, "body": body.decode("latin-1")}

    def _sign_in(self, application: Callable[..., Any]) -> str:
        _, headers, _ = Exchange(application, "/sign-in").answer()
        return next(value for name, value in headers if name.lower() == "set-cookie").partition(";")[0]

    def settle(self) -> None:
        """Take what is loaded by now out of the garbage collector's sight, as servers do after a start."""
        gc.collect()
        gc.freeze()

    def time(self, row: str, calls: int) -> dict[str, float]:
        """Time that many calls, after a few untimed ones, and return microseconds per call."""
        exchange = self.exchanges[row]
        for _ in range(calls // 50 + 5):
            exchange(ignore)
        wall, cpu = perf_counter(), process_time()
        for _ in range(calls):
            exchange(ignore)
        cpu, wall = process_time() - cpu, perf_counter() - wall
        return {"cpu": cpu / calls * 1e6, "wall": wall / calls * 1e6}

    def calibrate(self, row: str, seconds: float) -> int:
        """Return how many calls take about that long."""
        calls = 20
        while (each := self.time(row, calls)["cpu"] / 1e6) * calls < seconds / 10:
            calls *= 2
        return max(1, round(seconds / each))

    def journey(self, row: str) -> dict[str, Any]:
        """Count the Python functions that one warm request calls, and the files they are in.

        The app's own functions are left out; those of the standard library are given, but not in the sum.
        """
        called: Counter[tuple[str, str]] = Counter()

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                package = frame.f_globals.get("__name__", "generated").partition(".")[0]
                called[package, frame.f_code.co_filename] += 1

        self.time(row, 100)
        exchange = self.exchanges[row]
        sys.setprofile(note)
        exchange(ignore)
        sys.setprofile(None)
        packages: Counter[str] = Counter()
        files = set()
        for (package, file), calls in called.items():
            if package in sys.stdlib_module_names:
                packages["standard library"] += calls
            elif package not in ("apps", "__main__"):
                packages[package] += calls
                files.add(file)
        calls = packages.total() - packages["standard library"]
        return {"calls": calls, "files": len(files), "packages": dict(packages.most_common())}

    def profile(self, row: str, calls: int) -> str:
        """Return the functions that take most of the time, by their own time, as `pstats` prints them."""
        self.time(row, 100)
        profiler, text = cProfile.Profile(), StringIO()
        profiler.enable()
        self.time(row, calls)
        profiler.disable()
        pstats.Stats(profiler, stream=text).sort_stats("tottime").print_stats(25)
        return re.sub(r"/\S*/(?:site-packages|src|lib/python[\d.]+)/", "", text.getvalue())


def main() -> None:
    """Carry out commands until standard input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what an app prints must not be taken for an answer
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        arguments = json.loads(line)
        try:
            reply = {"result": getattr(worker, arguments.pop("command"))(**arguments)}
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
