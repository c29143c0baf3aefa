"""Retort: an independent implementation of the Flask web framework, of every era of its API."""

from __future__ import annotations

import os as _os
import typing as _t

from . import json as json
from ._about import IMPLEMENTATION as _IMPLEMENTATION
from ._about import VERSION as _VERSION
from .app import Flask as Flask
from .blueprints import Blueprint as Blueprint
from .config import Config as Config
from .ctx import after_this_request as after_this_request
from .ctx import copy_current_request_context as copy_current_request_context
from .ctx import has_app_context as has_app_context
from .ctx import has_request_context as has_request_context
from .globals import current_app as current_app
from .globals import g as g
from .globals import request as request
from .globals import session as session
from .helpers import abort as abort
from .helpers import flash as flash
from .helpers import get_flashed_messages as get_flashed_messages
from .helpers import get_template_attribute as get_template_attribute
from .helpers import make_response as make_response
from .helpers import redirect as redirect
from .helpers import send_file as send_file
from .helpers import send_from_directory as send_from_directory
from .helpers import stream_with_context as stream_with_context
from .helpers import url_for as url_for
from .json import jsonify as jsonify
from .legacy import finder as _finder
from .legacy import names as _names
from .signals import appcontext_popped as appcontext_popped
from .signals import appcontext_pushed as appcontext_pushed
from .signals import appcontext_tearing_down as appcontext_tearing_down
from .signals import before_render_template as before_render_template
from .signals import got_request_exception as got_request_exception
from .signals import message_flashed as message_flashed
from .signals import request_finished as request_finished
from .signals import request_started as request_started
from .signals import request_tearing_down as request_tearing_down
from .signals import template_rendered as template_rendered
from .wrappers import Request as Request
from .wrappers import Response as Response

#: The version: that of the Flask API it implements, with micro numbers from 100 on.
__version__ = _VERSION

#: Which implementation of Flask this is.
__implementation__ = _IMPLEMENTATION

_finder.install()
_names.install()

if _os.environ.get("FLASK_LEGACY", "").lower() not in {"", "0", "false", "no"}:
    from .legacy import foreign as _foreign

    _foreign.install()

if _t.TYPE_CHECKING:
    # What is found when it is first asked for, told to type checkers: modules, and the names of earlier releases.
    from markupsafe import Markup as Markup
    from markupsafe import escape as escape

    from . import cli as cli
    from . import debughelpers as debughelpers
    from . import legacy as legacy
    from . import logging as logging
    from . import sessions as sessions
    from . import templating as templating
    from . import testing as testing
    from . import typing as typing
    from . import views as views
    from .helpers import safe_join as safe_join
    from .legacy import exthook as exthook
    from .legacy import module as module
    from .legacy import scaffold as scaffold
    from .legacy import stacks as _stacks
    from .legacy.compat import json_available as json_available
    from .legacy.module import Module as Module
    from .signals import signals_available as signals_available
    from .templating import render_template as render_template
    from .templating import render_template_string as render_template_string
    from .templating import stream_template as stream_template
    from .templating import stream_template_string as stream_template_string

    Session = sessions.SecureCookieSession
    ext: _t.Any
    _compat: _t.Any
    _request_ctx_stack: _stacks.ContextStack
    _app_ctx_stack: _stacks.ContextStack
