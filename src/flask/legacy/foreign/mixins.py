"""The parts that requests and responses of Werkzeug were once put together from. Today the two have all of them."""

from __future__ import annotations

import codecs
import typing as t

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request as BaseRequest
from werkzeug.wrappers import Response as BaseResponse


class AcceptMixin:
    """``accept_mimetypes`` and kin, which every request has."""


class AuthorizationMixin:
    """``authorization``, which every request has."""


class CORSRequestMixin:
    """``origin`` and kin, which every request has."""


class CORSResponseMixin:
    """``access_control_allow_origin`` and kin, which every response has."""


class CommonRequestDescriptorsMixin:
    """``referrer``, ``content_type`` and kin, which every request has."""


class CommonResponseDescriptorsMixin:
    """``mimetype``, ``location`` and kin, which every response has."""


class DynamicCharsetRequestMixin:
    """The encoding of a form: browsers have settled for UTF-8."""


class DynamicCharsetResponseMixin:
    """The encoding of a response, which is UTF-8."""


class ETagRequestMixin:
    """``if_match`` and kin, which every request has."""


class ETagResponseMixin:
    """``make_conditional`` and kin, which every response has."""


class JSONMixin:
    """``get_json`` and ``json``, which both have."""


class JSONRequestMixin(JSONMixin):
    """``get_json`` and ``json`` of a request."""


class ResponseStreamMixin:
    """``stream``, which every response has."""


class StreamOnlyMixin:
    """For requests that are read as a stream only, and never as a form."""

    disable_data_descriptor: bool = True
    want_form_data_parsed: bool = False


class UserAgentMixin:
    """``user_agent``, which every request has."""


class WWWAuthenticateMixin:
    """``www_authenticate``, which every response has."""


class ProtobufRequestMixin:
    """Messages of Protocol Buffers."""

    #: Whether a message that is not whole is refused.
    protobuf_check_initialization: bool = True

    if t.TYPE_CHECKING:
        environ: dict[str, t.Any]

        def get_data(self) -> bytes: ...

    def parse_protobuf(self, proto_type: t.Any) -> t.Any:
        """The message that was sent.

        :param proto_type: its class.
        :raises BadRequest: if none was sent.
        """
        message = proto_type()
        try:
            message.ParseFromString(self.get_data())
        except Exception as exc:  # it is the library's: this need not know it
            raise BadRequest("The body is no message of Protocol Buffers.") from exc
        if "protobuf" not in self.environ.get("CONTENT_TYPE", ""):
            raise BadRequest("The body is not said to be a message of Protocol Buffers.")
        if self.protobuf_check_initialization and not message.IsInitialized():
            raise BadRequest("The message is not whole.")
        return message


class RoutingArgsRequestMixin:
    """What was found in the URL, as the specification of WSGI's routing arguments has it."""

    if t.TYPE_CHECKING:
        environ: dict[str, t.Any]

    @property
    def routing_args(self) -> t.Any:
        """The positional ones."""
        return self.environ.get("wsgiorg.routing_args", ((), {}))[0]

    @routing_args.setter
    def routing_args(self, value: t.Any) -> None:
        self.environ["wsgiorg.routing_args"] = (value, self.routing_vars)

    @property
    def routing_vars(self) -> t.Any:
        """Those with names; a dict that may be changed."""
        if "wsgiorg.routing_args" not in self.environ:
            self.environ["wsgiorg.routing_args"] = ((), {})
        return self.environ["wsgiorg.routing_args"][1]

    @routing_vars.setter
    def routing_vars(self, value: t.Any) -> None:
        self.environ["wsgiorg.routing_args"] = (self.routing_args, value)


class ReverseSlashBehaviorRequestMixin:
    """Has the slash at the end of ``script_root`` and not at the beginning of ``path``, for ``urljoin``."""

    path: str
    root_path: str

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.path = self.path.lstrip("/")

    @property
    def script_root(self) -> str:
        """What the application is mounted on, with a slash at its end."""
        return self.root_path.rstrip("/") + "/"


def is_known_charset(charset: str) -> bool:
    """Whether Python knows an encoding.

    :param charset: its name.
    """
    try:
        codecs.lookup(charset)
    except LookupError:
        return False
    return True


class PlainRequest(StreamOnlyMixin, BaseRequest):
    """A request that is read as a stream only."""

    want_form_data_parsed: bool = False


__all__ = [
    "AcceptMixin",
    "AuthorizationMixin",
    "BaseRequest",
    "BaseResponse",
    "CORSRequestMixin",
    "CORSResponseMixin",
    "CommonRequestDescriptorsMixin",
    "CommonResponseDescriptorsMixin",
    "DynamicCharsetRequestMixin",
    "DynamicCharsetResponseMixin",
    "ETagRequestMixin",
    "ETagResponseMixin",
    "JSONMixin",
    "JSONRequestMixin",
    "PlainRequest",
    "ProtobufRequestMixin",
    "ResponseStreamMixin",
    "ReverseSlashBehaviorRequestMixin",
    "RoutingArgsRequestMixin",
    "StreamOnlyMixin",
    "UserAgentMixin",
    "WWWAuthenticateMixin",
    "is_known_charset",
]
