"""A map with marks, in a page."""
from flask import Flask, render_template_string
from flask_googlemaps import GoogleMaps, Map

app = Flask(__name__)
GoogleMaps(app, key="a-key")


@app.route("/")
def index():
    city = Map(identifier="city", lat=37.44, lng=-122.14, markers=[(37.45, -122.13, "here")])
    return render_template_string("{{ city.js }}{{ city.html }}", city=city)


page = app.test_client().get("/").data.decode()
assert "37.44" in page and "here" in page and 'id="city"' in page, page[:300]
assert "&lt;" not in page
