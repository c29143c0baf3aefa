"""Whether shortcuts are taken.

A shortcut is a faster way to the same answer, for the cases that nearly all requests are. Each has a plain twin that is
used elsewhere, and everywhere with ``FLASK_FAST_PATHS=0`` in the environment; the tests compare the two.
"""

from __future__ import annotations

import os
import typing as t

#: Read once, when the framework is imported.
TAKEN: t.Final = os.environ.get("FLASK_FAST_PATHS", "1") != "0"
