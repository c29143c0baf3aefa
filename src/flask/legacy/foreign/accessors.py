"""``werkzeug.contrib.testtools``: responses that a test looks into."""

from __future__ import annotations

import importlib
import json
import typing as t
from xml.etree import ElementTree

from werkzeug.utils import cached_property
from werkzeug.wrappers import Response


class ContentAccessors:
    """What a response holds, read: ``json``, ``xml`` and ``lxml``."""

    if t.TYPE_CHECKING:
        mimetype: str | None

        def get_data(self) -> bytes: ...

    @cached_property
    def xml(self) -> t.Any:
        """The XML, as ``xml.etree`` has it."""
        self._refuse_unless("xml" in (self.mimetype or ""), "XML")
        return ElementTree.XML(self.get_data())

    @cached_property
    def lxml(self) -> t.Any:
        """The XML or HTML, as ``lxml`` has it, which has to be installed."""
        is_html = "html" in (self.mimetype or "")
        self._refuse_unless(is_html or "xml" in (self.mimetype or ""), "HTML or XML")
        if is_html:
            return importlib.import_module("lxml.html").fromstring(self.get_data())
        return importlib.import_module("lxml.etree").XML(self.get_data())

    @cached_property
    def json(self) -> t.Any:
        """The JSON."""
        self._refuse_unless("json" in (self.mimetype or ""), "JSON")
        return json.loads(self.get_data())

    def _refuse_unless(self, is_so: bool, what: str) -> None:
        if not is_so:
            raise AttributeError(f"The response is not {what}, but {self.mimetype!r}.")


class TestResponse(ContentAccessors, Response):  # type: ignore[misc]  # `json` was an attribute of both
    """A response that a test looks into."""

    __test__ = False  # pytest
