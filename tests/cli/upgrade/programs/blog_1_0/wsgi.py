from blog import create_app
from blog.views import ProxyFix

application = create_app('production')
application.wsgi_app = ProxyFix(application.wsgi_app)
print(application.preserve_context_on_exception)  #> flask.Flask.preserve_context_on_exception 2.2 works
with application.test_client() as client:
    print(client.get('/').data, client.cookie_jar)  #> werkzeug.test.Client.cookie_jar 2.3 fails
    client.set_cookie('localhost', 'seen', 'yes')  #> werkzeug.test.Client.set_cookie 2.3 fails
