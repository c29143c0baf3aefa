"""``Module``, which blueprints took the place of."""

from __future__ import annotations

import os
import typing as t
import warnings

from ..blueprints import Blueprint


def blueprint_is_module(bp: t.Any) -> bool:
    """Whether a blueprint is a :class:`Module`.

    :param bp: the blueprint.
    """
    return isinstance(bp, Module)


class Module(Blueprint):
    """A part of an application in the manner of Flask 0.2 to 0.6. Blueprints do all that it does.

    :param import_name: the name of the module that it belongs to: ``__name__``.
    :param name: the name, which its endpoints begin with; by default the last part of the import name.
    :param url_prefix: the prefix of all its URLs.
    :param static_path: the URL that its static files are served under.
    :param subdomain: the subdomain of all its URLs.

    .. deprecated:: 0.7
        Use :class:`flask.Blueprint`.
    """

    is_module = True

    def __init__(
        self,
        import_name: str,
        name: str | None = None,
        url_prefix: str | None = None,
        static_path: str | None = None,
        subdomain: str | None = None,
    ) -> None:
        if name is None:
            if "." not in import_name:
                raise AssertionError(
                    f"The name of a Module is the last part of its import name, and {import_name!r} has only one part:"
                    " the module is not in a package. Give the name with name=..., or use a Blueprint."
                )
            name = import_name.rpartition(".")[2]
        warnings.warn(
            f"Modules are deprecated since Flask 0.7, and the Module {name!r} is one. Use flask.Blueprint instead.",
            DeprecationWarning,
            stacklevel=2,
        )
        super().__init__(
            name, import_name, static_url_path=static_path, url_prefix=url_prefix, subdomain=subdomain,
            template_folder="templates",
        )
        if os.path.isdir(os.path.join(self.root_path, "static")):
            self.static_folder = "static"
