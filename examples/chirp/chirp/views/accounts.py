"""Signing up, logging in and out, and the account's own page."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from chirp import login, people
from chirp.text import clean, problem_with

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/signup")
def show_sign_up() -> str:
    return render_template("accounts/signup.html", errors={})


@blueprint.post("/signup")
def sign_up() -> ResponseReturnValue:
    username = clean(request.form.get("username", "")).lower()
    name = clean(request.form.get("name", ""))
    password = request.form.get("password", "")
    errors = people.problems_with(username, name, password)
    if not errors:
        person = people.add(username, name, password)
        if person:
            login.log_in(person)
            flash(f"Welcome to Chirp, {person.name}!", "success")
            return redirect(url_for("timeline.home"))
        errors["username"] = "This user name is taken."
    return render_template("accounts/signup.html", errors=errors), 422


@blueprint.get("/login")
def show_login() -> str:
    return render_template("accounts/login.html", errors={})


@blueprint.post("/login")
def log_in() -> ResponseReturnValue:
    username = clean(request.form.get("username", "")).lower()
    person = people.find_by_password(username, request.form.get("password", ""))
    if person is None:
        # Which of the two was wrong is nobody's business but the owner's.
        errors = {"username": "The user name or the password is not right."}
        return render_template("accounts/login.html", errors=errors), 422
    login.log_in(person)
    flash(f"Welcome back, {person.name}!", "success")
    return redirect(_own_page(request.form.get("next", "")))


@blueprint.post("/logout")
def log_out() -> Response:
    login.log_out()
    flash("You are logged out. See you soon!", "success")
    return redirect(url_for("timeline.home"))


@blueprint.get("/account")
@login.required
def show_account() -> str:
    return render_template("accounts/account.html", errors={})


@blueprint.post("/account")
@login.required
def change_account() -> ResponseReturnValue:
    name, bio = clean(request.form.get("name", "")), clean(request.form.get("bio", ""))
    found = {
        "name": problem_with(name, "Your name", people.LONGEST_NAME),
        "bio": problem_with(bio, "The text about you", people.LONGEST_BIO, shortest=0),
    }
    errors = {field: sentence for field, sentence in found.items() if sentence}
    if errors:
        return render_template("accounts/account.html", errors=errors), 422
    person = login.user()
    people.describe(person, name, bio)
    flash("Your profile is changed.", "success")
    return redirect(url_for("profiles.show", username=person.username))


def _own_page(target: str) -> str:
    """The target if it is a page of this site, else the home page.

    A link to our login page may come from anywhere, with anything in `next`; and to a browser
    `//evil.example` and `/\\evil.example` are other sites.
    """
    if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", target):
        return target
    return url_for("timeline.home")
