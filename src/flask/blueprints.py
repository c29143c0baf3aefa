"""Blueprints: parts of an application, declared on their own and registered later."""

from __future__ import annotations

import typing as t

from werkzeug.utils import cached_property

from ._files import OwnFiles
from ._past.blueprints import PastBlueprint
from .sansio.blueprints import Blueprint as SansioBlueprint
from .sansio.blueprints import BlueprintSetupState as BlueprintSetupState
from .sansio.blueprints import DeferredSetupFunction as DeferredSetupFunction

if t.TYPE_CHECKING:
    from .cli.group import AppGroup


class Blueprint(PastBlueprint, OwnFiles, SansioBlueprint):
    """A part of an application: views, hooks, handlers, files, declared without an application and registered on one.

    :param name: the name, which its endpoints begin with.
    :param import_name: the name of the module or package that it belongs to: ``__name__``, usually.
    :param static_folder: the folder of its static files, relative to its root path; none by default.
    :param static_url_path: the URL they are served under; by default the name of the folder.
    :param template_folder: the folder of its templates; those of the application come first.
    :param url_prefix: the prefix of all its URLs.
    :param subdomain: the subdomain of all its URLs.
    :param url_defaults: values for all its URLs.
    :param root_path: the folder that other paths are relative to; by default that of the module or package.
    :param cli_group: the group that its commands belong to; by default one of its name, None for none.

    >>> from flask import Blueprint, Flask
    >>> frontend = Blueprint("frontend", __name__)
    >>> @frontend.route("/")
    ... def index():
    ...     return "Welcome!"
    >>> app = Flask("shop")
    >>> app.register_blueprint(frontend, url_prefix="/shop")
    >>> app.test_client().get("/shop/").text
    'Welcome!'

    .. versionadded:: 0.7
    .. versionchanged:: 1.1
        The cli_group parameter.
    """

    @cached_property
    def cli(self) -> AppGroup:  # type: ignore[override]  # an attribute of the base; made when first used
        """The commands of the blueprint, which ``flask`` offers when it is registered.

        .. versionadded:: 2.0
        """
        from .cli.group import AppGroup

        return AppGroup(name=self.name)
