# -*- coding: latin-1 -*-
"""Notes: a program of 2011 for Flask 0.8. Für alle."""
from __future__ import with_statement

from flask import Flask, g, request
from flask.ext.sqlalchemy import SQLAlchemy  #> flask.ext.sqlalchemy.SQLAlchemy 1.0 works
from flaskext.markdown import Markdown
import flask.ext.login as login  #> flask.ext.login 1.0 works
from werkzeug import secure_filename, cached_property  #> werkzeug.secure_filename 1.0 legacy | werkzeug.cached_property 1.0 legacy
from werkzeug.contrib.cache import SimpleCache  #> werkzeug.contrib.cache.SimpleCache 1.0 legacy

app = Flask(__name__, static_path='/files')  #> flask.Flask(static_path) 1.0 works
app.config.from_object('notes.settings')
app.secret_key = 'development'
app.debug_log_format = '%(levelname)s: %(message)s'  #> flask.Flask.debug_log_format 0.11 era
db = SQLAlchemy(app)
Markdown(app)
login_manager = login.LoginManager()
login_manager.setup_app(app)
cache = SimpleCache()

from notes.views import mod
app.register_module(mod, url_prefix='/notes')  #> flask.Flask.register_module 0.11 works


@app.before_request
def remember():
    g.wants_json = request.is_xhr  #> flask.Request.is_xhr 1.0 works
    g.module = request.module  #> flask.Request.module 1.0 works


def upload(storage):
    return secure_filename(storage.filename)
