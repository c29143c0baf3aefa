import functools
from collections import Iterable, OrderedDict  #> collections.Iterable 3.10 legacy
from inspect import getargspec  #> inspect.getargspec 3.11 legacy
from flask import Blueprint, current_app, render_template_string
from flask.json import JSONEncoder  #> flask.json.JSONEncoder 2.3 works

admin = Blueprint('shop.admin', __name__)  #> Blueprint 2.0 era


class Encoder(JSONEncoder):
    def default(self, o):
        return list(o) if isinstance(o, Iterable) else JSONEncoder.default(self, o)


@admin.before_app_first_request  #> flask.Blueprint.before_app_first_request 2.3 works
def prepare():
    current_app.json_encoder = Encoder  #> flask.Flask.json_encoder 2.3 works


@admin.record
def remember(state):
    state.app.config.setdefault('ADMIN', True)


def wrap(function):
    names = getargspec(function).args

    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **kwargs)

    return call if names else function
