"""Who is there: the person behind the request's session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, flash, g, redirect, request, session, url_for
from werkzeug import Response

from chirp import people
from chirp.people import Person

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def log_in(person: Person) -> None:
    session.clear()  # nothing of a stranger's session lives on, its CSRF token least of all
    session.permanent = True
    session["person_id"] = person.id


def log_out() -> None:
    session.clear()


def current_user() -> Person | None:
    """The person who is logged in, read from the database once in a request."""
    if "user" not in g:
        person_id = session.get("person_id")
        g.user = people.find(person_id) if person_id is not None else None
    person: Person | None = g.user
    return person


def user() -> Person:
    """The person who is logged in, in a view that is `required`.

    :raises RuntimeError: if nobody is.
    """
    person = current_user()
    if person is None:
        raise RuntimeError("Nobody is logged in. Decorate the view with @login.required.")
    return person


def required(view: Callable[Arguments, Result]) -> Callable[Arguments, Result | Response]:
    """Decorate a view: whoever is not logged in is asked to, and then led back."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | Response:
        if current_user() is not None:
            return view(*args, **kwargs)
        flash("Please log in first.", "error")
        # Only a page can be gone back to, the sending of a form cannot.
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.show_login", next=target))

    return guarded


def init_app(app: Flask) -> None:
    # The function, not the person: a page that does not ask, asks no database. The error page for a broken
    # database depends on that.
    app.context_processor(lambda: {"current_user": current_user})
