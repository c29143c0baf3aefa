# -*- coding: utf-8 -*-
"""A wiki, as one wrote it in 2017 for Flask 0.12: a factory, blueprints, and a class for views."""
import os
import sqlite3
from collections import Mapping
from datetime import datetime

from flask import Blueprint, Flask, _app_ctx_stack, current_app, escape, jsonify, redirect, render_template_string, \
    request, url_for
from flask.json import JSONEncoder
from flask.views import MethodView
from jinja2 import contextfunction, evalcontextfilter
from werkzeug.contrib.cache import SimpleCache
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.security import safe_str_cmp
from werkzeug.urls import url_unquote

wiki = Blueprint('wiki', __name__)
cache = SimpleCache()


class Page(Mapping):
    def __init__(self, **values):
        self.values = values

    def __getitem__(self, name):
        return self.values[name]

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)


class Encoder(JSONEncoder):
    def default(self, o):
        if isinstance(o, Page):
            return dict(o)
        return JSONEncoder.default(self, o)


def get_db():
    top = _app_ctx_stack.top
    if not hasattr(top, 'sqlite_db'):
        top.sqlite_db = sqlite3.connect(current_app.config['DATABASE'])
        top.sqlite_db.row_factory = sqlite3.Row
    return top.sqlite_db


def close_db(exception):
    top = _app_ctx_stack.top
    if hasattr(top, 'sqlite_db'):
        top.sqlite_db.close()


def find_page(name):
    row = get_db().execute('select name, body, changed from page where name = ?', [name]).fetchone()
    return None if row is None else Page(name=row['name'], body=row['body'], changed=row['changed'])


@evalcontextfilter
def wikify(eval_ctx, text):
    words = [u'<a href="%s">%s</a>' % (url_for('wiki.page', name=word), word) if word.istitle() else escape(word)
             for word in text.split()]
    result = u' '.join(str(word) for word in words)
    if eval_ctx.autoescape:
        from jinja2 import Markup
        result = Markup(result)
    return result


@contextfunction
def title(context):
    return u'%s - Wiki' % context['page']['name']


class PageView(MethodView):
    def get(self, name):
        name = url_unquote(name)
        page = find_page(name)
        if page is None:
            return render_template_string('There is no {{ name }} yet.', name=name), 404
        if request.is_xhr or request.args.get('format') == 'json':
            return jsonify(page=page)
        html = cache.get(name)
        if html is None:
            html = render_template_string('<title>{{ title() }}</title><p>{{ page.body|wikify }}', page=page)
            cache.set(name, html)
        return html

    def post(self, name):
        if not safe_str_cmp(request.form['word'], current_app.config['PASSWORD']):
            return 'Wrong word.', 403
        get_db().execute('insert or replace into page values (?, ?, ?)',
                         [name, request.form['body'], datetime(2017, 1, 1).isoformat()])
        get_db().commit()
        cache.delete(name)
        return redirect(url_for('wiki.page', name=name))


wiki.add_url_rule('/<name>', view_func=PageView.as_view('page'))


@wiki.route('/')
def index():
    rows = get_db().execute('select name from page order by name').fetchall()
    return jsonify(pages=[row['name'] for row in rows], runs_on=current_app.logger_name)


def handle(error):
    code = error.code if isinstance(error, HTTPException) else 500
    return jsonify(error=str(code)), code


def create_app():
    app = Flask('wiki')
    app.config.update(DATABASE=os.environ.get('DATABASE', '/tmp/wiki.db'), PASSWORD='word',
                      JSONIFY_PRETTYPRINT_REGULAR=False)
    app.jinja_options = dict(app.jinja_options, extensions=['jinja2.ext.autoescape', 'jinja2.ext.with_'])
    app.json_encoder = Encoder
    app.jinja_env.filters['wikify'] = wikify
    app.jinja_env.globals['title'] = title
    app.register_blueprint(wiki)
    app.teardown_appcontext(close_db)
    for code in default_exceptions:
        app.register_error_handler(code, handle)

    @app.before_first_request
    def create_tables():
        get_db().execute('create table if not exists page (name text primary key, body text, changed text)')

    return app


if __name__ == '__main__':
    create_app().run(port=int(os.environ.get('PORT', 5000)))
