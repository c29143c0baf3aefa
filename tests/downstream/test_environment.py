"""All of these extensions, and what they need, beside this project in one environment."""

from __future__ import annotations

import subprocess
import sys


def test_pip_finds_no_conflict() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "No broken requirements found.\n")
