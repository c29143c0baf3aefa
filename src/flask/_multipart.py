"""Forms of the kind ``multipart/form-data``: the short way to what Werkzeug makes of them.

It gives up where a body is not as browsers and the usual libraries send it; then Werkzeug's way is taken.
"""

from __future__ import annotations

import io
import re
import typing as t
from tempfile import SpooledTemporaryFile

from werkzeug.datastructures import FileStorage, Headers, ImmutableMultiDict

#: The header of a body of this kind, with the boundary between its parts.
_KIND: t.Final = re.compile(r'multipart/form-data; ?boundary=("?)([\w.-]{1,200})\1', re.ASCII)

#: The head of a part, between the boundary and what the part holds. In a text there is neither an escape nor a control
#: character, and none is so long that it would not fit into what Werkzeug reads with it.
_TEXT: t.Final = rb'"([^"%%\\\x00-\x1f\x7f]{%d,250})"'
_HEAD: t.Final = re.compile(
    rb"\r\nContent-Disposition: (form-data; name=" + _TEXT % 1 + rb"(?:; filename=" + _TEXT % 0 + rb")?)"
    rb"(?:\r\nContent-Type: ([\w.+-]{1,100}/[\w.+-]{1,100}))?\r\n\r\n"
)

#: Werkzeug counts what it holds of a body at a time as memory of the form, which is less than this.
_AT_A_TIME: t.Final = 128 * 1024

#: From which size on a file in memory becomes one on disk when it is written to, as Werkzeug has it.
_SPOOLED: t.Final = 500 * 1024

Form = tuple["ImmutableMultiDict[str, str]", "ImmutableMultiDict[str, FileStorage]"]


def boundary_of(kind: str) -> bytes | None:
    """The boundary between the parts of a body; None for one that is nothing for this.

    :param kind: the header ``Content-Type``.
    """
    match = _KIND.fullmatch(kind)
    return match[2].encode() if match is not None else None


def parts_of(body: bytes, boundary: bytes, most_parts: int | None, most_memory: int | None) -> Form | None:
    """Parse fields and files as Werkzeug does.

    :param body: the whole body.
    :param boundary: the boundary between its parts.
    :param most_parts: how many there may be.
    :param most_memory: how many bytes a field may have.
    :return: None where only Werkzeug knows what they are: something is unusual, malformed, or more than there may be.
    """
    delimiter = b"--" + boundary
    position = len(delimiter) + (2 if body.startswith(b"\r\n") else 0)
    at_a_time = min(len(body), _AT_A_TIME)
    if not body.endswith(delimiter, 0, position) or (most_memory is not None and most_memory < at_a_time):
        return None
    parts: list[tuple[re.Match[bytes], str, bytes]] = []
    while (head := _HEAD.match(body, position)) is not None:
        start, position = head.end(), body.find(delimiter, head.end()) + len(delimiter)
        end = position - len(delimiter) - 2
        if end < start - 2 or body[end : end + 2] != b"\r\n":  # an empty part may be no more than the end of its head
            return None
        try:
            parts.append((head, head[1].decode(), body[start:end]))
        except UnicodeDecodeError:
            return None
        if head[3] is None and most_memory is not None and end - start > most_memory:
            return None
    is_whole = body[position:] in (b"--\r\n", b"--") and (most_parts is None or len(parts) <= most_parts)
    return _form_of(parts) if is_whole else None


def _form_of(parts: list[tuple[re.Match[bytes], str, bytes]]) -> Form:
    """Make a form of the head of each part, its first header, and what the part holds."""
    values: dict[str, list[str]] = {}
    files: dict[str, list[FileStorage]] = {}
    for head, disposition, content in parts:
        name = head[2].decode()
        if head[3] is None:
            values.setdefault(name, []).append(content.decode(errors="replace"))
        else:
            files.setdefault(name, []).append(_file_of(content, name, head, disposition))
    form: Form = ImmutableMultiDict(), ImmutableMultiDict()
    dict.update(form[0], values)
    dict.update(form[1], files)
    return form


def _file_of(content: bytes, name: str, head: re.Match[bytes], disposition: str) -> FileStorage:
    """The file that a part holds."""
    headers = Headers([("Content-Disposition", disposition)])
    if head[4] is not None:
        headers.add("Content-Type", head[4].decode())
    stream = SpooledTemporaryFile(_SPOOLED, "rb+")  # noqa: SIM115  # closed with the request
    # PERF: as a file of that class is inside. Writing would copy it, and put one of a megabyte on disk, for 0.3 ms, to
    # be read from there by the view (bench: upload). The body is in memory anyway.
    stream._file = io.BytesIO(content)
    return FileStorage(t.cast("t.IO[bytes]", stream), head[3].decode(), name, headers=headers)
