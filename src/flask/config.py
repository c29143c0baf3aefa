"""The settings of an application: a dict that can be filled from files, objects and the environment."""

from __future__ import annotations

import errno
import json
import os
import types
import typing as t
from collections.abc import Callable, Iterable, Mapping

from werkzeug.utils import import_string

from . import eras

if t.TYPE_CHECKING:
    from .sansio.app import App

T = t.TypeVar("T")

# What `silent` forgives: the file is not there, or something that is no file stands in its place.
_MISSING = (errno.ENOENT, errno.EISDIR, errno.ENOTDIR)


def past_settings() -> dict[str, t.Any]:
    """The settings that Flask 2.3 had no more, with the values that they have where nobody set them."""
    was_set = eras.is_old("json_config_unset")
    return {
        "ENV": os.environ.get("FLASK_ENV") or "production",
        "JSON_AS_ASCII": True if was_set else None,
        "JSON_SORT_KEYS": True if was_set else None,
        "JSONIFY_MIMETYPE": "application/json" if was_set else None,
        "JSONIFY_PRETTYPRINT_REGULAR": True if eras.is_old("jsonify_readable") else False if was_set else None,
        "LOGGER_HANDLER_POLICY": "always",
    }


class ConfigAttribute(t.Generic[T]):
    """An attribute of the application that reads and writes a key of its config.

    :param name: the key in ``app.config``.
    :param get_converter: called with the value whenever the attribute is read; what it returns is read.

    >>> from flask.config import Config, ConfigAttribute
    >>> class Application:
    ...     workers = ConfigAttribute[int]("WORKERS", get_converter=int)
    ...     def __init__(self):
    ...         self.config = Config("/srv/app", {"WORKERS": "4"})
    >>> app = Application()
    >>> app.workers
    4
    >>> app.workers = "8"
    >>> app.config["WORKERS"]
    '8'
    """

    def __init__(self, name: str, get_converter: Callable[[t.Any], T] | None = None) -> None:
        self.__name__ = name
        self.get_converter = get_converter

    @t.overload
    def __get__(self, instance: None, owner: type | None = None) -> t.Self: ...

    @t.overload
    def __get__(self, instance: App, owner: type | None = None) -> T: ...

    def __get__(self, instance: App | None, owner: type | None = None) -> T | t.Self:
        if instance is None:
            return self
        value = instance.config[self.__name__]
        if self.get_converter is None:
            return t.cast(T, value)
        return self.get_converter(value)

    def __set__(self, instance: App, value: t.Any) -> None:
        instance.config[self.__name__] = value


class Config(dict[str, t.Any]):
    """The settings of an application: a dict with methods that fill it.

    From files and objects only names in capital letters are taken, so that a settings file may also hold
    imports and intermediate values under lowercase names. Later values replace earlier ones.

    :param root_path: the folder from which relative file names are taken. For ``app.config`` it is the
        application's root path, or its instance path with ``instance_relative_config=True``.
    :param defaults: the values to begin with.

    >>> from flask import Config
    >>> config = Config("/srv/app", {"DEBUG": False})
    >>> class Production:
    ...     SECRET_KEY = "from the vault"
    ...     comment = "lowercase: not a setting"
    >>> config.from_object(Production)
    >>> config["SECRET_KEY"], config["DEBUG"], "comment" in config
    ('from the vault', False, False)
    """

    def __init__(
        self,
        root_path: str | os.PathLike[str],
        defaults: Mapping[str, t.Any] | Iterable[tuple[str, t.Any]] | None = None,
    ) -> None:
        super().__init__(defaults or {})
        self.root_path = root_path

    def __missing__(self, key: str) -> t.Any:
        # Not listed any more, they can still be read, as in `config["ENV"] == "development"`.
        return past_settings()[key]

    def from_envvar(self, variable_name: str, silent: bool = False) -> bool:
        """Load the Python file that an environment variable names, by :meth:`from_pyfile`.

        :param variable_name: the name of the environment variable.
        :param silent: return False where the variable is not set or the file is missing.
        :return: whether a file was loaded.
        :raises RuntimeError: if the variable is not set, or empty.
        :raises OSError: if the file cannot be read.
        """
        filename = os.environ.get(variable_name)
        if filename:
            return self.from_pyfile(filename, silent=silent)
        if silent:
            return False
        raise RuntimeError(
            f"The environment variable {variable_name!r} is not set, so there is no configuration to load."
            " Set it to the path of a configuration file, or pass silent=True if there need not be one."
        )

    def from_prefixed_env(self, prefix: str = "FLASK", *, loads: Callable[[str], t.Any] = json.loads) -> bool:
        """Take all environment variables that begin with a prefix and an underscore, without that prefix.

        A value that ``loads`` does not take is kept as text. Two underscores in a name lead into a nested
        dict, which is made where there is none: ``FLASK_MAIL__PORT=25`` sets ``config["MAIL"]["PORT"]`` to
        25. Names are handled in alphabetical order, and lowercase ones are taken too.

        :param prefix: what the names begin with, without the underscore that follows it.
        :param loads: makes a value of the text; any exception of it means that the text itself is the value.
        :return: True.
        :raises TypeError: if a nested name leads through a value that is not a dict.

        With the variables ``SHOP_DEBUG=true`` and ``SHOP_MAIL__PORT=25`` in the environment::

            app.config.from_prefixed_env("SHOP")
            assert app.config["DEBUG"] is True
            assert app.config["MAIL"] == {"PORT": 25}

        .. versionadded:: 2.1
        """
        prefix = f"{prefix}_"
        for name in sorted(name for name in os.environ if name.startswith(prefix)):
            value: t.Any = os.environ[name]
            try:
                value = loads(value)
            except Exception:  # whatever the caller's function raises, as documented
                pass
            *parents, key = name.removeprefix(prefix).split("__")
            self._nested(parents, name)[key] = value
        return True

    def _nested(self, parents: list[str], name: str) -> dict[str, t.Any]:
        """The dict under a path of keys, made where missing."""
        place: dict[str, t.Any] = self
        for depth, parent in enumerate(parents, 1):
            below = place.setdefault(parent, {})
            if not isinstance(below, dict):
                path = "".join(f"[{key!r}]" for key in parents[:depth])
                raise TypeError(
                    f"The environment variable {name!r} cannot be stored: config{path} is of type"
                    f" {type(below).__name__!r}, not a dict. Rename the variable or the setting."
                )
            place = below
        return place

    def from_pyfile(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Run a Python file as if it were imported, and take its names in capital letters.

        :param filename: the file, absolute or relative to the root path. Its ending does not matter.
        :param silent: return False where the file is missing.
        :return: whether the file was loaded.
        :raises OSError: if the file cannot be opened, with the class and ``errno`` of the cause.

        .. versionadded:: 0.7
            The ``silent`` parameter.
        """
        path = os.path.join(self.root_path, filename)
        file = self._open(path, silent=silent, text=False)
        if file is None:
            return False
        with file:
            source = file.read()
        module = types.ModuleType("config")
        module.__file__ = path
        exec(compile(source, path, "exec"), module.__dict__)
        self.from_object(module)
        return True

    def from_file(
        self,
        filename: str | os.PathLike[str],
        load: Callable[[t.IO[t.Any]], Mapping[str, t.Any]],
        silent: bool = False,
        text: bool = True,
    ) -> bool:
        """Take what a function reads from a file, by :meth:`from_mapping`.

        ::

            import json, tomllib

            app.config.from_file("config.json", load=json.load)
            app.config.from_file("config.toml", load=tomllib.load, text=False)

        :param filename: the file, absolute or relative to the root path.
        :param load: is given the open file and returns a mapping.
        :param silent: return False where the file is missing.
        :param text: open the file as text, in UTF-8; with False, as bytes.
        :return: whether the file was loaded.
        :raises OSError: if the file cannot be opened, with the class and ``errno`` of the cause.

        .. versionadded:: 2.0

        .. versionchanged:: 2.3
            The ``text`` parameter was added.
        """
        path = os.path.join(self.root_path, filename)
        file = self._open(path, silent=silent, text=text)
        if file is None:
            return False
        with file:
            return self.from_mapping(load(file))

    def _open(self, path: str, *, silent: bool, text: bool) -> t.IO[t.Any] | None:
        """The opened file, or None if it is missing and that is forgiven."""
        try:
            return open(path, encoding="utf-8") if text else open(path, "rb")
        except OSError as exc:
            if silent and exc.errno in _MISSING:
                return None
            exc.strerror = f"The configuration file could not be opened ({exc.strerror})"
            raise

    def from_json(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Take the object that a JSON file holds, by :meth:`from_mapping`.

        :param filename: the file, absolute or relative to the root path.
        :param silent: return False where the file is missing.
        :return: whether the file was loaded.

        .. versionadded:: 0.11

        .. versionchanged:: 2.1
            Flask removed it for :meth:`from_file`. Here it works in every era.
        """
        return self.from_file(filename, load=json.load, silent=silent)

    def from_object(self, obj: object | str) -> None:
        """Take the attributes of an object whose names are in capital letters.

        Usually the object is a module or a class. A dict does not work here, since its keys are not
        attributes; give it to :meth:`from_mapping`. A property has a value on an instance only, so of a class
        with properties give an instance.

        :param obj: an object, or the import name of one, like ``"yourapplication.settings"``.
        :raises ImportError: if nothing can be imported under that name.
        """
        if isinstance(obj, str):
            obj = import_string(obj)
        for name in dir(obj):
            if name.isupper():
                self[name] = getattr(obj, name)

    def from_mapping(
        self, mapping: Mapping[str, t.Any] | Iterable[tuple[str, t.Any]] | None = None, **kwargs: t.Any
    ) -> bool:
        """Update like :meth:`dict.update`, with the names in capital letters only.

        :param mapping: a mapping, or pairs of name and value.
        :return: True.

        >>> from flask import Config
        >>> config = Config("/srv/app")
        >>> config.from_mapping({"DEBUG": True, "note": "not a setting"}, TESTING=True)
        True
        >>> config
        <Config {'DEBUG': True, 'TESTING': True}>

        .. versionadded:: 0.11
        """
        for name, value in dict(mapping or {}, **kwargs).items():
            if isinstance(name, str) and name.isupper():
                self[name] = value
        return True

    def get_namespace(
        self, namespace: str, lowercase: bool = True, trim_namespace: bool = True
    ) -> dict[str, t.Any]:
        """All settings whose names begin alike, as a dict that can be passed on as keyword arguments.

        :param namespace: what the names begin with.
        :param lowercase: give the names in lowercase.
        :param trim_namespace: give the names without the common beginning.

        >>> from flask import Config
        >>> config = Config("/srv/app", {"IMAGE_TYPE": "png", "IMAGE_PATH": "/var/images", "DEBUG": True})
        >>> config.get_namespace("IMAGE_")
        {'type': 'png', 'path': '/var/images'}

        .. versionadded:: 0.11
        """
        start = len(namespace) if trim_namespace else 0
        return {
            name[start:].lower() if lowercase else name[start:]: value
            for name, value in self.items()
            if name.startswith(namespace)
        }

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {super().__repr__()}>"
