"""A child process of the benchmark: it holds one framework's apps and carries out commands.

A command is a line of JSON on standard input, such as `{"command": "time", "row": "text", "calls": 1000}`;
the answer is a line on standard output, `{"result": …}` or `{"error": "…"}`. Commands are `Worker`'s methods. How
an app is called stands in `wsgi_exchange.py` and `asgi_exchange.py`: the worker is told the protocol and the module.
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
from io import StringIO
from threading import Thread
from time import perf_counter, process_time
from types import FrameType
from typing import Any

from growth import GROWTH
from row import Row
from rows import ROWS

UNCOUNTED = ("apps", "__main__", "wsgi_exchange", "asgi_exchange")


class Worker:
    """The commands, for the apps of one module in `apps`."""

    def __init__(self, protocol: str, module: str) -> None:
        self.rows = ROWS[protocol] | GROWTH
        self.exchange = import_module(f"{protocol}_exchange").Exchange
        self.apps = import_module(f"apps.{module}")
        self.exchanges: dict[str, Any] = {}
        self.sized: dict[tuple[str, int], Callable[..., Any]] = {}

    def answer(self, row: str) -> dict[str, Any]:
        """Answer the row's request and remember it for the other commands."""
        wanted = self.rows[row]
        application = self._application(wanted.app, wanted.size)
        kept = self._kept(application, wanted)
        exchange = self.exchanges[row] = self.exchange(application, wanted, kept)
        exchange.answer()
        # The second answer counts: it shows whether the first request left anything behind.
        status, headers, body = exchange.answer()
        return {"status": status, "headers": headers, "body": body.decode("latin-1")}

    def _application(self, name: str, size: int) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self.apps, name)
        if not size:
            return found
        if (name, size) not in self.sized:
            self.sized[name, size] = found(size)
        return self.sized[name, size]

    def _kept(self, application: Callable[..., Any], row: Row) -> dict[str, str]:
        """Return the headers by which a browser gives back what it was told before."""
        headers: list[tuple[str, str]]
        kept = {}
        if row.session_from:
            _, headers, _ = self.exchange(application, Row(row.session_from)).answer()
            cookies = [value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie"]
            kept["Cookie"] = "; ".join(cookies)
        if row.revisited:
            _, headers, _ = self.exchange(application, row).answer()
            told = {name.lower(): value for name, value in headers}
            validators = {"If-None-Match": told.get("etag"), "If-Modified-Since": told.get("last-modified")}
            kept |= {name: value for name, value in validators.items() if value}
        return kept

    def settle(self) -> None:
        """Take what is loaded by now out of the garbage collector's sight, as servers do after a start."""
        gc.collect()
        gc.freeze()

    def time(self, row: str, calls: int) -> dict[str, float]:
        """Time that many calls, after a few untimed ones, and return microseconds per call."""
        exchange = self.exchanges[row]
        exchange.repeat(calls // 50 + 5)
        wall, cpu = perf_counter(), process_time()
        exchange.repeat(calls)
        cpu, wall = process_time() - cpu, perf_counter() - wall
        return {"cpu": cpu / calls * 1e6, "wall": wall / calls * 1e6}

    def share(self, row: str, calls: int, threads: int) -> float:
        """Let threads share that many calls, and return microseconds per call by the clock."""
        exchange = self.exchanges[row]
        exchange.repeat(calls // 50 + 5)
        working = [Thread(target=exchange.repeat, args=[max(1, calls // threads)]) for _ in range(threads)]
        started = perf_counter()
        for thread in working:
            thread.start()
        for thread in working:
            thread.join()
        return (perf_counter() - started) / (max(1, calls // threads) * threads) * 1e6

    def calibrate(self, row: str, seconds: float) -> int:
        """Return how many calls take about that long."""
        calls = 20
        while (each := self.time(row, calls)["cpu"] / 1e6) * calls < seconds / 10:
            calls *= 2
        return max(1, round(seconds / each))

    def journey(self, row: str) -> dict[str, Any]:
        """Count the Python functions that one warm request calls, and the files they are in.

        The app's own functions are left out; those of the standard library are given, but not in the sum. What runs
        on other threads is not seen.
        """
        called: Counter[tuple[str, str]] = Counter()

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                package = frame.f_globals.get("__name__", "generated").partition(".")[0]
                called[package, frame.f_code.co_filename] += 1

        self.time(row, 100)
        exchange = self.exchanges[row]
        sys.setprofile(note)
        exchange.repeat(1)
        sys.setprofile(None)
        packages: Counter[str] = Counter()
        files = set()
        for (package, file), calls in called.items():
            if package in sys.stdlib_module_names:
                packages["standard library"] += calls
            elif package not in UNCOUNTED:
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
    worker = Worker(*sys.argv[1:])
    for line in sys.stdin:
        arguments = json.loads(line)
        try:
            reply = {"result": getattr(worker, arguments.pop("command"))(**arguments)}
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
