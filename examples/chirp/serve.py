"""Chirp in one command: `python serve.py` makes and seeds the database if there is none, and serves the site.

HOST and PORT in the environment say where; 127.0.0.1 and 5000 otherwise.
"""

from __future__ import annotations

import os

import click

from chirp import create_app, database, sample


def main() -> None:
    app = create_app()
    with app.app_context():
        if not database.path().exists():
            database.initialise()
            sample.plant()
            click.echo(f"Created {database.path()} with {len(sample.PEOPLE)} people.")
        click.echo(f"Log in as wren with the password {sample.PASSWORD}, or sign up.")
    app.run(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "5000")))


if __name__ == "__main__":
    main()
