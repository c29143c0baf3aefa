"""The interpreters that the checks of this folder run in, one for each era."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

Check = Callable[[str, str], None]

# What a check finds beside its module.
RESOURCES = {
    "static/hello.txt": "hello\n",
    "templates/hello.html": "Hello {{ name }}!\n",
    "templates/text.txt": "Hello {{ name }}!\n",
    "templates/_macro.html": "{% macro hello(name) %}Hello {{ name }}!{% endmacro %}\n",
}


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Give the waiting interpreter of an era, started when it is first asked for."""
    running: dict[str, subprocess.Popen[str]] = {}
    with ExitStack() as stack:

        def zygote(era: str) -> subprocess.Popen[str]:
            if era not in running:
                running[era] = stack.enter_context(start_zygote(era))
            return running[era]

        yield zygote


def start_zygote(era: str) -> subprocess.Popen[str]:
    # Warnings are errors in here too: an old program is not an error, and is not to be nagged.
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(Path(__file__).parent / "zygote.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"FLASK_ERA": era},
    )


@pytest.fixture
def check(zygotes: Callable[[str], subprocess.Popen[str]], tmp_path: Path) -> Check:
    """Give the function that runs code in a fresh process of an era and fails the test if the code raises."""
    here = tmp_path / "here"
    for name, text in RESOURCES.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text)

    def run(code: str, era: str) -> None:
        output = tmp_path / "output"
        zygote = zygotes(era)
        job = {"code": code, "here": str(here), "output": str(output)}
        print(json.dumps(job), file=zygote.stdin, flush=True)
        answer = zygote.stdout.readline().strip()
        if answer != "0":
            said = output.read_text() if output.exists() else "The interpreter of this era did not start."
            pytest.fail(f"exit status {answer or 'none'}, in the era {era}\n{said}", pytrace=False)

    return run
