"""Markdown in templates."""
from flask import Flask, render_template_string
from flask.ext.markdown import Markdown

app = Flask(__name__)
Markdown(app)

with app.test_request_context():
    assert "<strong>much</strong>" in render_template_string("{{ text|markdown }}", text="This is **much**")
    assert "<em>x</em>" in render_template_string("{% filter markdown %}*x*{% endfilter %}")
