"""Aliases for annotating programs: what views return, what hooks look like.

.. versionadded:: 2.0
"""

from __future__ import annotations

import typing as t
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from werkzeug.datastructures import Headers
    from werkzeug.sansio.response import Response as SansioResponse

# What a view may return as the body. `Mapping[str, Any]` includes TypedDict, which `dict` does not.
ResponseValue = t.Union[
    "SansioResponse",
    str,
    bytes,
    list[t.Any],
    Mapping[str, t.Any],
    Iterator[str],
    Iterator[bytes],
    AsyncIterable[str],
    AsyncIterable[bytes],
]

HeaderName = str
HeaderValue = t.Union[str, list[str], tuple[str, ...]]
HeadersValue = t.Union[
    "Headers",
    Mapping[str, HeaderValue],
    Sequence[tuple[str, HeaderValue]],
]
StatusCode = int

# What a view may return altogether.
ResponseReturnValue = t.Union[
    ResponseValue,
    tuple[ResponseValue, HeadersValue],
    tuple[ResponseValue, int],
    tuple[ResponseValue, int, HeadersValue],
    "WSGIApplication",
]

# A view, a hook or a handler may be written with `async def`, so each alias allows an awaitable of its result.
ResponseClass = t.TypeVar("ResponseClass", bound="SansioResponse")
GenericException = t.TypeVar("GenericException", bound=Exception, contravariant=True)

AppOrBlueprintKey = t.Optional[str]
AfterRequestCallable = t.Union[
    Callable[[ResponseClass], ResponseClass],
    Callable[[ResponseClass], Awaitable[ResponseClass]],
]
BeforeFirstRequestCallable = t.Union[Callable[[], None], Callable[[], Awaitable[None]]]
BeforeRequestCallable = t.Union[
    Callable[[], ResponseReturnValue | None],
    Callable[[], Awaitable[ResponseReturnValue | None]],
]
ShellContextProcessorCallable = Callable[[], dict[str, t.Any]]
TeardownCallable = t.Union[
    Callable[[BaseException | None], None],
    Callable[[BaseException | None], Awaitable[None]],
]
TemplateContextProcessorCallable = t.Union[
    Callable[[], dict[str, t.Any]],
    Callable[[], Awaitable[dict[str, t.Any]]],
]
TemplateFilterCallable = Callable[..., t.Any]
TemplateGlobalCallable = Callable[..., t.Any]
TemplateTestCallable = Callable[..., bool]
URLDefaultCallable = Callable[[str, dict[str, t.Any]], None]
URLValuePreprocessorCallable = Callable[[str | None, dict[str, t.Any] | None], None]

# A handler registered for a class gets an instance of it; the union over all classes can only be written as Any.
ErrorHandlerCallable = t.Union[
    Callable[[t.Any], ResponseReturnValue],
    Callable[[t.Any], Awaitable[ResponseReturnValue]],
]
RouteCallable = t.Union[
    Callable[..., ResponseReturnValue],
    Callable[..., Awaitable[ResponseReturnValue]],
]
ViewCallable = RouteCallable

# Decorators return what they got, so a function keeps its own type; the bound refuses one that would fail in use.
RouteDecorator = t.TypeVar("RouteDecorator", bound=RouteCallable)
ErrorHandlerDecorator = t.TypeVar("ErrorHandlerDecorator", bound=ErrorHandlerCallable)
AfterRequestDecorator = t.TypeVar(
    "AfterRequestDecorator",
    bound=t.Union[Callable[[t.Any], "SansioResponse"], Callable[[t.Any], Awaitable["SansioResponse"]]],
)
BeforeFirstRequestDecorator = t.TypeVar("BeforeFirstRequestDecorator", bound=BeforeFirstRequestCallable)
BeforeRequestDecorator = t.TypeVar("BeforeRequestDecorator", bound=BeforeRequestCallable)
ShellContextProcessorDecorator = t.TypeVar("ShellContextProcessorDecorator", bound=ShellContextProcessorCallable)
TeardownDecorator = t.TypeVar("TeardownDecorator", bound=TeardownCallable)
TemplateContextProcessorDecorator = t.TypeVar(
    "TemplateContextProcessorDecorator", bound=TemplateContextProcessorCallable
)
TemplateFilterDecorator = t.TypeVar("TemplateFilterDecorator", bound=TemplateFilterCallable)
TemplateGlobalDecorator = t.TypeVar("TemplateGlobalDecorator", bound=TemplateGlobalCallable)
TemplateTestDecorator = t.TypeVar("TemplateTestDecorator", bound=TemplateTestCallable)
URLDefaultDecorator = t.TypeVar("URLDefaultDecorator", bound=URLDefaultCallable)
URLValuePreprocessorDecorator = t.TypeVar("URLValuePreprocessorDecorator", bound=URLValuePreprocessorCallable)

# What an ASGI server passes: to the application, and from it to middleware around it.
ASGIScope = MutableMapping[str, t.Any]
ASGIMessage = MutableMapping[str, t.Any]
ASGIReceive = Callable[[], Awaitable[ASGIMessage]]
ASGISend = Callable[[ASGIMessage], Awaitable[None]]
ASGICallable = Callable[[ASGIScope, ASGIReceive, ASGISend], Awaitable[None]]
