from flask import *
from werkzeug.security import safe_str_cmp, generate_password_hash  #> werkzeug.security.safe_str_cmp 2.1 legacy
import werkzeug.urls as urls
import jinja2

shop = Blueprint('shop', __name__)


@shop.route('/search', methods='GET')  #> methods 0.11 fails
def search():
    text = Markup('<b>%s</b>') % request.args['q']  #> flask.Markup 3.0 works
    link = urls.url_quote('/search')  #> werkzeug.urls.url_quote 3.0 legacy
    return render_template('search.html', text=text, link=link)


@shop.app_template_filter('bold')
@jinja2.contextfilter  #> jinja2.contextfilter 3.1 legacy
def bold(context, value):
    return jinja2.Markup('<b>%s</b>') % value  #> jinja2.Markup 3.1 legacy


@shop.route('/download/<path:name>')
def download(name):
    return send_from_directory('files', filename=name, cache_timeout=60)  #> flask.send_from_directory(filename) 2.2 works | flask.send_from_directory(cache_timeout) 2.2 works


@shop.route('/sign', methods=['POST'])
def sign():
    if not request.json:  #> request.json 2.1 era
        abort(400)
    return jsonify(hash=generate_password_hash(request.json['password'], method='sha256'))  #> generate_password_hash 3.0 legacy


def lost(error):
    return 'Lost.', 404
