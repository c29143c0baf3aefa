"""The releases of libraries that no longer tell it themselves: their ``__version__``."""

from __future__ import annotations

from importlib.metadata import version

blinker: str = version("blinker")
werkzeug: str = version("werkzeug")
