"""A blog of 2018, for Flask 1.0."""
import os

from flask import Flask
from flask.helpers import get_env  #> flask.helpers.get_env 2.3 works

from blog.config import config

os.environ.setdefault('FLASK_DEBUG', '0')


def create_app(name=None):
    app = Flask(__name__, '/static', 'static')  #> Flask 1.0 era
    app.config.from_object(config[name or get_env()])
    app.config.from_json('blog.json', silent=True)  #> flask.Config.from_json 2.1 works
    if app.env == 'development':  #> flask.Flask.env 2.3 works
        app.jinja_env.auto_reload = True

    from blog.views import blog
    app.register_blueprint(blog)
    return app
