# -*- coding: utf-8 -*-
"""
    Links
    ~~~~~

    A list of links, as one wrote it in 2011 for Flask 0.8.
"""
from __future__ import with_statement

import os
import sqlite3
from contextlib import closing
from datetime import datetime

from flask import Flask, Markup, Module, _request_ctx_stack, abort, flash, g, json, redirect, render_template_string, \
    request, session, url_for
from werkzeug import check_password_hash, generate_password_hash, url_quote
from werkzeug.contrib.atom import AtomFeed
from werkzeug.contrib.fixers import ProxyFix
from werkzeug.routing import BaseConverter

DATABASE = os.environ.get('DATABASE', '/tmp/links.db')
DEBUG = False
SECRET_KEY = 'development key'
PASSWORD = generate_password_hash('default')

LAYOUT = u'''<!doctype html>
<title>{{ title }}</title>
{% for category, message in get_flashed_messages(with_categories=true) %}<p class={{ category }}>{{ message }}{% endfor %}
<ul>
{%- for link in links %}
  <li><a href="{{ link.url }}">{{ link.title }}</a> <small>{{ link.tags|join(', ') }}</small>
{%- else %}
  <li>No links yet.
{%- endfor %}
</ul>'''


class ListConverter(BaseConverter):

    def to_python(self, value):
        return value.split('+')

    def to_url(self, values):
        return '+'.join(BaseConverter.to_url(self, value) for value in values)


app = Flask(__name__)
app.config.from_object(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
app.url_map.converters['list'] = ListConverter
admin = Module(__name__, name='admin', url_prefix='/admin')


def init_db():
    with closing(sqlite3.connect(app.config['DATABASE'])) as db:
        db.cursor().executescript('''
            create table if not exists links (id integer primary key, title string, url string, tags string, day string);
        ''')


@app.before_request
def before_request():
    g.db = sqlite3.connect(app.config['DATABASE'])


@app.teardown_request
def teardown_request(exception):
    g.db.close()


@app.template_filter('quoted')
def quoted(value):
    return Markup(url_quote(value))


def find_links(tags=()):
    cur = g.db.execute('select title, url, tags, day from links order by id desc')
    links = [dict(title=row[0], url=row[1], tags=row[2].split(), day=row[3]) for row in cur.fetchall()]
    return [link for link in links if set(tags) <= set(link['tags'])]


@app.route('/')
@app.route('/tagged/<list:tags>')
def index(tags=()):
    return render_template_string(LAYOUT, title='Links', links=find_links(tags))


@app.route('/links.json')
def as_json():
    return app.response_class(json.dumps(find_links()), mimetype='application/json')


@app.route('/recent.atom')
def recent():
    feed = AtomFeed('Recent links', feed_url=request.url, url=request.url_root)
    for link in find_links():
        feed.add(link['title'], u'<a href="%s">%s</a>' % (link['url'], link['title']), content_type='html',
                 author='Links', url=link['url'], updated=datetime.strptime(link['day'], '%Y-%m-%d'))
    return feed.get_response()


@admin.route('/add', methods=['POST'])
def add():
    if not session.get('logged_in'):
        abort(401)
    g.db.execute('insert into links (title, url, tags, day) values (?, ?, ?, ?)',
                 [request.form['title'], request.form['url'], request.form['tags'], '2011-10-01'])
    g.db.commit()
    flash('New link was posted', 'info')
    return redirect(url_for('.index'))


@admin.route('/login', methods=['POST'])
def login():
    if check_password_hash(app.config['PASSWORD'], request.form['password']):
        session['logged_in'] = True
        return redirect(url_for('.index'))
    return 'Invalid password on %s' % _request_ctx_stack.top.request.endpoint


@app.errorhandler(401)
def unauthorized(error):
    return 'Log in first', 401


app.register_module(admin)

if __name__ == '__main__':
    init_db()
    app.run(port=int(os.environ.get('PORT', 5000)))
