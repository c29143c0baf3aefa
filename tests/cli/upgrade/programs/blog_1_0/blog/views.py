import flask
import flask as f
from flask import _compat, current_app as here  #> flask._compat 2.0 works
from flask._compat import iteritems  #> flask._compat.iteritems 2.0 works
from itsdangerous import TimedJSONWebSignatureSerializer as Serializer, json  #> itsdangerous.TimedJSONWebSignatureSerializer 2.1 legacy | itsdangerous.json 2.1 legacy
from werkzeug.contrib.fixers import ProxyFix  #> werkzeug.contrib.fixers.ProxyFix 1.0 legacy
from werkzeug.wsgi import DispatcherMiddleware  #> werkzeug.wsgi.DispatcherMiddleware 1.0 legacy

blog = flask.Blueprint('blog', __name__)
send = f.send_file


@blog.route('/feed')
def feed():
    return send('feed.xml', attachment_filename='feed.xml')  #> flask.send_file(attachment_filename) 2.2 works


@blog.route('/mark')
def mark():
    return f.Markup('<b>') + flask.escape('<')  #> flask.Markup 3.0 works | flask.escape 3.0 works


@blog.route('/token')
def token():
    return Serializer(here.config.get('SECRET_KEY')).dumps({'env': here.config.get('ENV')})  #> flask.Config[ENV] 2.3 works


@blog.errorhandler(500)
def failed(error):
    return 'Failed.', 500
