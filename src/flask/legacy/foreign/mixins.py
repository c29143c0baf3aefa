"""The parts that requests and responses of Werkzeug were once put together from. Today the two have all of them."""

from __future__ import annotations

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
    "ResponseStreamMixin",
    "StreamOnlyMixin",
    "UserAgentMixin",
    "WWWAuthenticateMixin",
]
