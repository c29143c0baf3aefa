import sys
from flask import _app_ctx_stack, Markup, escape, safe_join  #> flask._app_ctx_stack 3.0 works | flask.Markup 3.0 works | flask.escape 3.0 works | flask.safe_join 2.1 works
from flask.ext.mail import Mail  #> flask.ext.mail.Mail 1.0 works

try:
    from flask import _app_ctx_stack as stack  #> flask._app_ctx_stack 3.0 works
except ImportError:
    from flask import _request_ctx_stack as stack  #> flask._request_ctx_stack 3.0 works

try:
    from collections import MutableMapping
except ImportError:
    from collections.abc import MutableMapping

try:
    from urllib.parse import quote
except ImportError:
    from urllib import quote

if sys.version_info[0] < 3:
    text = unicode
    import cPickle as pickle
else:
    text = str
    import pickle

PY2 = sys.version_info[0] == 2
if not PY2:
    string_types = (str,)
else:
    string_types = (basestring,)


class Database(object):
    def __init__(self, app=None):
        self.app = app
        if app is not None:
            self.init_app(app)

    def init_app(self, app):
        app.teardown_appcontext(self.close)
        if app.propagate_exceptions:  #> flask.Flask.propagate_exceptions 2.3 works
            app.logger.info('tests')

    def close(self, error):
        context = stack.top
        if context.preserved:  #> flask.ctx.RequestContext.preserved 2.2 works
            return
        context.connection.close()

    def create_all(self):
        pass


db = Database()
mail = Mail()
