"""Commands with arguments, sub-managers and the application's context."""
import sys

from flask import Flask, current_app
from flask.ext.script import Command, Manager, Option, Server

app = Flask(__name__)
manager = Manager(app)
said = []


@manager.command
def hello(name, loud=False):
    "Say hello"
    said.append((current_app.name, name, loud))


class Grow(Command):
    option_list = (Option("--by", dest="by", type=int, default=1),)

    def run(self, by):
        said.append(by)


database = Manager(usage="Perform database operations")


@database.option("-f", "--file", dest="file")
def restore(file):
    said.append(file)


manager.add_command("grow", Grow())
manager.add_command("db", database)
manager.add_command("runserver", Server(port=9000))

for line in ("hello Ann --loud", "grow --by 3", "db restore -f x.sql"):
    sys.argv = ["manage.py", *line.split()]
    try:
        manager.run()
    except SystemExit as exc:
        assert not exc.code
assert said == [(app.name, "Ann", True), 3, "x.sql"], said
