"""Which implementation of Flask this is."""

from __future__ import annotations

import typing as t

#: The version: that of the Flask API it implements, with micro numbers from 100 on.
VERSION: t.Final = "3.1.100"

#: The name of the implementation.
IMPLEMENTATION: t.Final = "Retort"
