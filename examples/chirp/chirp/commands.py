"""The commands `flask --app chirp init-db` and `flask --app chirp seed`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from chirp import database, images, sample


@click.command("init-db")
@click.option("--replace", is_flag=True, help="Drop the database that is there, with all posts and images.")
@with_appcontext
def init_db(replace: bool) -> None:
    """Create the database."""
    if database.path().exists() and not replace:
        raise click.ClickException(
            f"There is a database at {database.path()} already. Add --replace to drop all that is in it."
        )
    database.initialise()
    images.remove_all()
    click.echo(f"Created {database.path()}.")


@click.command("seed")
@with_appcontext
def seed() -> None:
    """Fill the database with a few people and what they say."""
    if not database.path().exists():
        raise click.ClickException("There is no database yet. Create it first: flask --app chirp init-db")
    if sample.is_planted():
        raise click.ClickException("The example people are there already.")
    sample.plant()
    click.echo(f"Added {len(sample.PEOPLE)} people. Log in as wren with the password {sample.PASSWORD}.")


def init_app(app: Flask) -> None:
    app.cli.add_command(init_db)
    app.cli.add_command(seed)
