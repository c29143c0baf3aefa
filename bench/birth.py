"""A child process of the benchmark whose whole life is measured.

It runs a statement, or makes an app of so many rules and answers its first request, and then tells its memory in KiB:
what it occupies now and what it has occupied at most. Little is imported here, so that little comes on top.

    python birth.py "from flask import Flask"
    python birth.py flask_sized 1000 /section-250/overview
"""

import sys
from importlib import import_module
from io import BytesIO


def answer_first(module: str, rules: int, path: str) -> None:
    """Make the app and ask it once."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    started = []
    app = import_module(f"apps.{module}").crowd(rules)
    body = b"".join(app(environ, lambda status, headers, exc_info=None: started.append(status)))
    if not started[0].startswith("200 ") or not body:
        raise SystemExit(f"{module} answered {started[0]}, {body!r}.")


def memory() -> list[int]:
    """Return the current and the highest resident size; nothing where the system does not tell."""
    try:
        with open("/proc/self/status") as file:
            told = dict(line.split(":", 1) for line in file)
    except OSError:
        return []
    return [int(told[name].split()[0]) for name in ("VmRSS", "VmHWM")]


if __name__ == "__main__":
    if len(sys.argv) == 2:
        exec(sys.argv[1])
    else:
        answer_first(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    print(*memory())
