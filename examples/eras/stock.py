"""A stock of goods with an API, as one wrote it in 2018 for Flask 1.0."""
import functools
import os
import sqlite3

import click
from flask import Blueprint, Flask, current_app, g, json, jsonify, request
from flask.cli import with_appcontext
from itsdangerous import BadSignature, SignatureExpired, TimedJSONWebSignatureSerializer as Serializer
from werkzeug.datastructures import ImmutableOrderedMultiDict
from werkzeug.http import parse_authorization_header
from werkzeug.security import check_password_hash, generate_password_hash

bp = Blueprint('api', __name__, url_prefix='/api')
USERS = {'ann': generate_password_hash('secret')}


def get_db():
    if 'db' not in g:
        g.db = sqlite3.connect(current_app.config['DATABASE'], detect_types=sqlite3.PARSE_DECLTYPES)
        g.db.row_factory = sqlite3.Row
    return g.db


def close_db(e=None):
    db = g.pop('db', None)
    if db is not None:
        db.close()


def init_db():
    get_db().execute('CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, name TEXT, count INTEGER)')


@click.command('init-db')
@with_appcontext
def init_db_command():
    """Make the tables."""
    init_db()
    click.echo('Initialized the database.')


class ApiError(Exception):
    def __init__(self, message, status_code=400):
        super(ApiError, self).__init__(message)
        self.message = message
        self.status_code = status_code


@bp.errorhandler(ApiError)
def handle_api_error(error):
    response = jsonify({'message': error.message})
    response.status_code = error.status_code
    return response


def token_required(view):
    @functools.wraps(view)
    def wrapped_view(**kwargs):
        token = request.headers.get('X-Token', '')
        try:
            g.user = Serializer(current_app.secret_key).loads(token)['user']
        except SignatureExpired:
            raise ApiError('The token has expired.', 401)
        except BadSignature:
            raise ApiError('No token.', 401)
        return view(**kwargs)
    return wrapped_view


@bp.route('/token', methods=('POST',))
def token():
    auth = parse_authorization_header(request.headers.get('Authorization'))
    if auth is None or not check_password_hash(USERS.get(auth.username, ''), auth.password):
        raise ApiError('Who are you?', 401)
    token = Serializer(current_app.secret_key, expires_in=600).dumps({'user': auth.username})
    return jsonify({'token': token.decode('ascii')})


@bp.route('/items', methods=('GET', 'POST'))
@token_required
def items():
    db = get_db()
    if request.method == 'POST':
        data = request.get_json()
        if data is None:
            raise ApiError('Send JSON.')
        db.execute('INSERT INTO item (name, count) VALUES (?, ?)', (data['name'], data.get('count', 1)))
        db.commit()
    rows = db.execute('SELECT * FROM item ORDER BY id').fetchall()
    return jsonify([dict(row) for row in rows])


@bp.route('/order')
def order():
    request.parameter_storage_class = ImmutableOrderedMultiDict
    return current_app.response_class(json.dumps(list(request.args.items(multi=True))), mimetype='application/json')


def create_app(test_config=None):
    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY='dev', DATABASE=os.environ.get('DATABASE', '/tmp/stock.db'))
    if test_config is not None:
        app.config.from_mapping(test_config)
    app.teardown_appcontext(close_db)
    app.cli.add_command(init_db_command)
    app.register_blueprint(bp)

    @app.route('/hello')
    def hello():
        return 'Hello from %s' % app.env

    return app


if __name__ == '__main__':
    app = create_app()
    with app.app_context():
        init_db()
    app.run(port=int(os.environ.get('PORT', 5000)))
