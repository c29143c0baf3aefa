import urllib2  #> urllib2 3.0 fails
from flask import Module, jsonify, render_template, send_file, url_for, redirect, _request_ctx_stack  #> flask.Module 0.11 works | flask._request_ctx_stack 3.0 works
from flask.session import Session  #> flask.session.Session 0.10 works
from notes import app

mod = Module(__name__, name='notes')


@mod.route('/')
def index():
    request = _request_ctx_stack.top.request
    if request.is_xhr:  #> flask.Request.is_xhr 1.0 works
        return jsonify(notes=[])
    return render_template('index.html')


@mod.route('/feed')
def feed():
    return render_template('feed.xml'), 200, {}, 'application/atom+xml'  #> tuple 0.9 era


@mod.route('/back')
def back():
    return redirect(url_for('index'))  #> url_for 0.11 era


@mod.route('/book')
def book():
    return send_file(open('book.pdf', 'rb'))  #> send_file 0.12 era


@mod.route('/fetch')
def fetch():
    app.logger.info(unicode(urllib2.urlopen('http://localhost/').read()))  #> builtins.unicode 3.0 fails
    return url_for('notes.index')
