"""A library whose tables follow its models by Flask-Migrate: with the commands that it adds to ``flask``."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PROGRAM = """
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///library.db"
db = SQLAlchemy(app)
migrate = Migrate(app, db)

class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String, nullable=False)
"""


def flask(folder: Path, *arguments: str) -> str:
    """Run a command of the library, and give what it says."""
    command = [sys.executable, "-m", "flask", "--app", "library", "db", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "FLASK_DEBUG": "0"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def columns(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "instance" / "library.db")) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(book)")]


def test_the_tables_follow_the_models(tmp_path: Path) -> None:
    program = tmp_path / "library.py"
    program.write_text(PROGRAM)
    flask(tmp_path, "init")
    flask(tmp_path, "migrate", "--message", "books", "--rev-id", "first")
    flask(tmp_path, "upgrade")
    assert columns(tmp_path) == ["id", "title"]
    program.write_text(f"{PROGRAM}    author = db.Column(db.String)\n")
    assert "Detected added column 'book.author'" in flask(tmp_path, "migrate", "--rev-id", "second")
    flask(tmp_path, "upgrade")
    assert columns(tmp_path) == ["id", "title", "author"]
    assert "second (head)" in flask(tmp_path, "current")
    flask(tmp_path, "downgrade")
    assert columns(tmp_path) == ["id", "title"]
