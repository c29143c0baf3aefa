"""The scripts that count visitors, in every page."""
from flask import Flask, render_template_string
from flask.ext.analytics import Analytics

app = Flask(__name__)
app.config["ANALYTICS"] = {"ENABLED": True, "GAUGES": {"SITE_ID": "gauge id"}, "PIWIK": {"BASE_URL": "p.example", "SITE_ID": "5"}}
Analytics(app)


@app.route("/")
def index():
    return render_template_string("<head>{{ analytics }}</head>")


page = app.test_client().get("/").data.decode()
assert "gauge id" in page and "p.example" in page and "<script" in page, page
