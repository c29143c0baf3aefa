"""A shop of 2013: an application factory, for Flask 0.10."""
from flask import Flask
from .extensions import db, mail
from . import views, admin


class Shop(Flask):
    session_cookie_name = 'shop'  #> flask.Flask.session_cookie_name 2.3 works
    json_encoder = None  #> flask.Flask.json_encoder 2.3 works

    def init_jinja_globals(self):  #> flask.Flask.init_jinja_globals 1.0 works
        self.jinja_env.globals['shop'] = self.name


def create_app(config=None):
    app = Shop(__name__)
    app.config.update(
        JSON_SORT_KEYS=False,  #> flask.Config[JSON_SORT_KEYS] 2.3 works
        MAIL_SERVER='localhost',
    )
    app.config['JSON_AS_ASCII'] = False  #> flask.Config[JSON_AS_ASCII] 2.3 works
    db.init_app(app)
    mail.init_app(app)
    register(app)
    app.register_blueprint(views.shop)
    app.register_blueprint(views.shop, url_prefix='/en')  #> register_blueprint 2.1 era
    app.register_blueprint(admin.admin, url_prefix='/admin')
    return app


def register(application):
    @application.before_first_request  #> flask.Flask.before_first_request 2.3 works
    def create():
        db.create_all()

    application.error_handlers[404] = views.lost  #> flask.Flask.error_handlers 1.0 works
    handler = application.error_handler_spec[None][500]  #> error_handler_spec 0.11 era
    return handler
