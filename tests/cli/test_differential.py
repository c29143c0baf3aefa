"""The same arguments, with the same files around, to this project's `flask` command and to that of Pallets Flask 3.1.3.

Compared is what a program or a person goes by: the exit code, what the application's own code printed, the tables of
routes, which commands and options there are, whether a traceback is shown and of what, and whether an error names what
it is about. The sentences are each project's own. Known differences are listed with their reasons; a difference that is
not listed fails, and so does a listed one that is no more.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from ..differential.sides import peer_python
from .differential_cases import CASES, FILES, Case

pytestmark = pytest.mark.skipif("FLASK_ERA" in os.environ, reason="3.1.3 has no other era to compare with")

#: What packages add that are installed beside this project, and not beside the other.
INSTALLED = {entry.name for entry in metadata.entry_points(group="flask.commands")}
#: The commands that Pallets Flask does not have.
ADDED = {"profile", "upgrade-check"}
WORKER = Path(__file__).parent / "differential_worker.py"

Seen = dict[str, Any]


class Side:
    """One implementation of the command."""

    def __init__(self, python: str | Path, files: Path, scratch: Path) -> None:
        self.files, self.scratch = files, scratch
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "PYTHONPATH", "FLASK_FAST_PATHS") if key in os.environ}
        self.environment = {**kept, "HOME": str(scratch), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        if python != sys.executable:
            self.environment.pop("PYTHONPATH", None)
        scratch.mkdir()
        self.process = subprocess.Popen(
            [str(python), str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment
        )

    def begin(self, case: Case, port: int) -> None:
        for name, text in {"input": case.type, "output": "", "errors": ""}.items():
            (self.scratch / name).write_text(text)
        job = {name: str(self.scratch / name) for name in ("input", "output", "errors")}
        job["folder"] = str(self.files / case.folder)
        job["arguments"] = case.arguments.replace("PORT", str(port))
        # Modules of the program are found from wherever it is started.
        job["environment"] = {**self.environment, "PROGRAM": str(self.files), **case.environment}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def end(self, case: Case) -> Seen:
        code = int(self.process.stdout.readline())
        output, errors = ((self.scratch / name).read_text() for name in ("output", "errors"))
        return {"exit": code, **observed(case, output, errors)}

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def observed(case: Case, output: str, errors: str) -> Seen:
    """What is compared of what was printed."""
    raised = (
        re.findall(r"^([\w.]+(?:Error|Exception|Exit))(?::|$)", errors, re.MULTILINE) if "Traceback (" in errors else []
    )
    seen: Seen = {
        "says": re.findall(r"says: .*", output),
        "traceback": raised[-1] if raised else None,
        "usage": "Usage:" in errors,
        "error": bool(re.search(r"^(Error|Traceback)", errors, re.MULTILINE)),
        "names": [name for name in case.names if name in output + errors],
    }
    if "Commands:" in output:
        names = re.findall(r"^  (\w[\w -]*?)(?:  |$)", output.partition("Commands:")[2], re.MULTILINE)
        seen["commands"] = [name for name in names if name not in INSTALLED | ADDED]
    if "Options:" in output:
        seen["options"] = sorted(set(re.findall(r"(?<![\w-])--?\w[\w-]*", output.partition("Options:")[2])))
    if re.search(r"^-+  ", output, re.MULTILINE):
        seen["table"] = [re.split(r"  +", line.strip()) for line in output.splitlines() if not line.startswith("---")]
    if case.environment.get("_FLASK_COMPLETE") == "bash_complete":
        seen["completions"] = [word for word in output.split() if word.partition(",")[2] not in INSTALLED | ADDED]
    return seen


@dataclass(frozen=True)
class Reason:
    """Why some fields of some cases differ.

    :param cases: a pattern for the cases, as they are printed.
    :param fields: patterns for the names of the fields, separated by spaces.
    """

    why: str
    cases: str
    fields: str


REASONS = (
    Reason(
        "A factory that has a parameter `script_info` is given it, as by releases of 0.11 to 2.1.",
        "*factories:with_info*",
        "says",
    ),
    Reason("What is called on the command line may be anything that can be called.", "*factories:factory()*", "*"),
    Reason("An application that has two names in a module is one application.", "*same_twice*", "*"),
    Reason("`**` before a dict is refused; 3.1.3 leaves out the dict without a word.", "*args(*{})*", "*"),
    Reason("`@app.cli.command` may stand without parentheses.", "*bare-decorator", "*"),
    Reason("It is listed, too.", "flask --app hello --help", "commands"),
    *(
        Reason("`FLASK_ENV=development` switches debug mode on, as by 1.0 to 2.2, if nothing else says.", where, "says")
        for where in (
            "FLASK_ENV=development flask*",
            "FLASK_ENV=development FLASK_DEBUG= flask*",
            "flask * in with_old_env",
        )
    ),
    *(
        Reason("`flask run` says that it does, and what later releases know instead.", where, "names")
        for where in ("FLASK_ENV=development *flask * run*", "flask run in with_old_env")
    ),
    Reason("A port that there cannot be is refused at once.", "* --port 65536", "*"),
    Reason("A port that there cannot be is refused at once.", "* --port -1", "*"),
    Reason("A syntax error has no frames of the command, as with `python`.", "flask --app syntax *", "error traceback"),
    Reason("Where nothing can listen is named, and what to give.", "REALLY_RUN=1 flask * --host *", "error names"),
    Reason("A certificate that is none is told in a sentence.", "REALLY_RUN=1 flask *.pem", "error names traceback"),
    *(
        Reason("A file that is not there, or is none, is named as it was given.", f"flask --app {file} who", "names")
        for file in ("nowhere/x.py", "package/nope.py", "package/nope", "folder.py")
    ),
    Reason("A startup file that fails is told, and the shell comes, as with `python`.", "*startup_fails*", "*"),
    Reason("Completion says nothing of what cannot be loaded.", "_FLASK_COMPLETE=bash_complete *", "error"),
    Reason("It does not matter in which order `--help` and `--app` stand.", "flask --help --app hello", "*"),
)


def reason_for(case: Case, name: str) -> Reason | None:
    for reason in REASONS:
        fields = reason.fields.split()
        if fnmatchcase(str(case), reason.cases) and any(fnmatchcase(name, field) for field in fields):
            return reason
    return None


class Comparison:
    """Both sides, and which reasons have been needed."""

    def __init__(self, folder: Path) -> None:
        for name, text in FILES.items():
            path = folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        self.ours = Side(sys.executable, folder / "files", folder / "ours")
        self.theirs = Side(peer_python(), folder / "files", folder / "theirs")
        self.needed: Counter[Reason] = Counter()
        self.done: dict[str, list[str]] = {}

    def unexplained(self, case: Case) -> list[str]:
        """The differences that no reason explains; each case is run once."""
        if str(case) not in self.done:
            self.done[str(case)] = list(self._run(case))
        return self.done[str(case)]

    def _run(self, case: Case) -> Iterator[str]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            sides = (self.ours, self.theirs)
            for side in sides:
                side.begin(case, taken.getsockname()[1])
            ours, theirs = (side.end(case) for side in sides)
        for name in sorted({*ours, *theirs}):
            if ours.get(name) != theirs.get(name):
                reason = reason_for(case, name)
                if reason is None:
                    yield f"{case}\n  {name}\n    ours:   {ours.get(name)!r}\n    theirs: {theirs.get(name)!r}"
                else:
                    self.needed[reason] += 1


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    comparison = Comparison(tmp_path_factory.mktemp("both"))
    yield comparison
    comparison.ours.close()
    comparison.theirs.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_same_as_pallets_flask(comparison: Comparison, case: Case):
    assert comparison.unexplained(case) == []


def test_each_reason_is_needed(comparison: Comparison):
    for case in CASES:
        comparison.unexplained(case)
    assert [reason.why for reason in REASONS if reason not in comparison.needed] == []
