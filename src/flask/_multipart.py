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
_KIND: t.Final = re.compile(r"multipart/form-data; ?boundary=([\w-]{1,200})", re.ASCII)

#: The head of a part, between the boundary and what the part holds. In a text there is neither an escape nor a control
#: character, and none is so long that it would not fit into what Werkzeug reads with it.
_TEXT: t.Final = rb'"([^"%%\\\x00-\x1f\x7f]{%d,250})"'
_HEAD: t.Final = re.compile(
    rb"\r\nContent-Disposition: (form-data; name=" + _TEXT % 1 + rb"(?:; filename=" + _TEXT % 0 + rb")?)"
    rb"(?:\r\nContent-Type: ([\w.+-]{1,100}/[\w.+-]{1,100}))?\r\n\r\n"
)

#: The longest body that is read at once. While it is parsed it is in memory twice; a longer one goes piece by piece.
LONGEST: t.Final = 2 * 1024 * 1024

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
    return match[1].encode() if match is not None else None


def parts_of(body: bytes, boundary: bytes, most_parts: int | None, most_memory: int | None) -> Form | None:
    """Parse fields and files as Werkzeug does.

    :param body: the whole body.
    :param boundary: the boundary between its parts.
    :param most_parts: how many there may be.
    :param most_memory: how many bytes a field may have.
    :return: None where only Werkzeug knows what they are: something is unusual, malformed, or more than there may be.
    """
    delimiter = b"--" + boundary
    if not body.startswith(delimiter) or (most_memory is not None and most_memory < min(len(body), _AT_A_TIME)):
        return None
    values: dict[str, list[str]] = {}
    files: dict[str, list[FileStorage]] = {}
    position, count = len(delimiter), 0
    try:
        while (head := _HEAD.match(body, position)) is not None:
            start, position = head.end(), body.find(delimiter, head.end()) + len(delimiter)
            end = position - len(delimiter) - 2
            count += 1
            if end < start or body[end : end + 2] != b"\r\n" or (most_parts is not None and count > most_parts):
                return None
            content, name = body[start:end], head[2].decode()
            if head[3] is not None:
                files.setdefault(name, []).append(_file_of(content, name, head))
            elif most_memory is None or len(content) <= most_memory:
                values.setdefault(name, []).append(content.decode(errors="replace"))
            else:
                return None
    except UnicodeDecodeError:
        return None
    return _form_of(values, files) if body[position:] in (b"--\r\n", b"--") else None


def _file_of(content: bytes, name: str, head: re.Match[bytes]) -> FileStorage:
    """The file that a part holds."""
    headers = Headers([("Content-Disposition", head[1].decode())])
    if head[4] is not None:
        headers.add("Content-Type", head[4].decode())
    stream = SpooledTemporaryFile(_SPOOLED, "rb+")  # noqa: SIM115  # closed with the request
    # PERF: as a file of that class is inside. Writing would copy it, and put one of a megabyte on disk, for 0.3 ms, to
    # be read from there by the view (bench: upload). The body is in memory anyway.
    stream._file = io.BytesIO(content)
    return FileStorage(t.cast("t.IO[bytes]", stream), head[3].decode(), name, headers=headers)


def _form_of(values: dict[str, list[str]], files: dict[str, list[FileStorage]]) -> Form:
    form: Form = ImmutableMultiDict(), ImmutableMultiDict()
    dict.update(form[0], values)
    dict.update(form[1], files)
    return form
