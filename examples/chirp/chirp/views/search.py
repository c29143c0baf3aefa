"""Searching the posts."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from chirp import posts
from chirp.converters import row_id

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def show() -> str:
    query = request.args.get("q", "").strip()
    page = posts.matching(query, request.args.get("before", type=row_id))
    return render_template("search.html", query=query, page=page)
