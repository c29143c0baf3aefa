"""What was an extension of Jinja and is part of it today."""

from __future__ import annotations

from jinja2.ext import Extension


class BuiltInExtension(Extension):
    """``autoescape`` and ``with``: since Jinja 2.9 every template may use them, and nothing is to be added."""
