"""Which application is meant: from what ``--app`` or ``FLASK_APP`` says to the application object.

The text has the form ``module:name``. The module is a dotted import path or a file; the name is that of an
application, or of a factory with or without arguments. Without a name the usual ones are tried, without a
module the files ``wsgi.py`` and ``app.py``.
"""

from __future__ import annotations

import ast
import inspect
import os
import sys
import typing as t
from pathlib import Path
from types import ModuleType

import click

from .._tracebacks import own_traceback
from ..sansio.app import App
from .failures import format_own

if t.TYPE_CHECKING:
    from ..app import Flask
    from .group import ScriptInfo

APPLICATION_NAMES: t.Final = ("app", "application")
FACTORY_NAMES: t.Final = ("create_app", "make_app")
DEFAULT_FILES: t.Final = ("wsgi.py", "app.py")
_A_FACTORY: t.Final = "A factory must return the application"


class NoAppException(click.UsageError):
    """There is no application where one was looked for, or it could not be made.

    .. versionadded:: 0.11
    """


class Reference(t.NamedTuple):
    """What stands after the colon of ``module:name``, taken apart."""

    name: str
    args: tuple[t.Any, ...] = ()
    kwargs: t.Mapping[str, t.Any] = {}
    is_call: bool = False


def is_application(value: object) -> t.TypeGuard[Flask]:
    """Whether a value is an application.

    The class that is asked for is the base of :class:`flask.Flask`, so that finding an application does not
    import the whole framework before the application itself does.
    """
    return isinstance(value, App)


def prepare_import(path: str) -> str:
    """Make a module importable, and tell the name to import it by.

    The folder that holds the topmost package of the module is put in front of the search path.

    :param path: a file, with or without ``.py``, or a dotted import path, relative to the current directory.
    :return: the dotted import path.

    .. versionadded:: 1.0
    """
    file = Path(path).resolve()
    if file.suffix == ".py":
        file = file.with_suffix("")
    if file.name == "__init__":
        file = file.parent
    names, root = [file.name], file.parent
    for folder in file.parents:
        root = folder
        if not (folder / "__init__.py").is_file():
            break
        names.append(folder.name)
    if sys.path[:1] != [str(root)]:
        sys.path.insert(0, str(root))
    return ".".join(reversed(names))


def find_app(import_path: str | None, script_info: ScriptInfo | None = None) -> Flask:
    """Find an application by what the user said of it, if anything.

    :param import_path: ``module``, ``module:name`` or ``module:name(arguments)``; ``None`` or empty looks for
        the files ``wsgi.py`` and ``app.py``.
    :param script_info: handed to a factory that has a parameter of this name.
    :raises NoAppException: if there is none, or more than one.
    """
    if import_path:
        # The colon behind the letter of a Windows drive is not ours.
        drive, rest = os.path.splitdrive(import_path)
        module_path, colon, name = rest.partition(":")
        module_name, app_name = prepare_import(drive + module_path), name if colon else None
        fault = _find_fault_with_file(drive + module_path)
        app = locate_app(module_name, app_name, fault is None, script_info=script_info)
        if app is None:
            raise NoAppException(str(fault))
        return app
    for file in DEFAULT_FILES:
        app = locate_app(prepare_import(file), None, raise_if_not_found=False, script_info=script_info)
        if app is not None:
            return app
    raise NoAppException(
        "No Flask application was named, and there is no 'wsgi.py' or 'app.py' in the current directory."
        " Name the application with 'flask --app' or the environment variable 'FLASK_APP', or run 'flask'"
        " in the directory of such a file."
    )


def _find_fault_with_file(path: str) -> str | None:
    """What is wrong with the file, where one is named: that there is no such module says less."""
    if os.path.isfile(f"{path}.py") or (os.path.isdir(path) and not path.endswith(".py")):
        return None
    if os.path.isdir(path):
        return f"{path!r} is a folder. Name a Python file, or a package: the name of that does not end with '.py'."
    if os.path.isfile(path):
        return None if path.endswith(".py") else f"{path!r} is no Python file: the name of one ends with '.py'."
    if os.path.basename(path) == path and not path.endswith(".py"):
        return None  # the name of a module
    return (
        f"There is no file {path!r}. Its path starts at the current directory, {os.getcwd()!r}: check the spelling, or"
        " run 'flask' in another directory."
    )


@t.overload
def locate_app(
    module_name: str,
    app_name: str | None,
    raise_if_not_found: t.Literal[True] = True,
    *,
    script_info: ScriptInfo | None = None,
) -> Flask: ...


@t.overload
def locate_app(
    module_name: str, app_name: str | None, raise_if_not_found: bool, *, script_info: ScriptInfo | None = None
) -> Flask | None: ...


def locate_app(
    module_name: str,
    app_name: str | None,
    raise_if_not_found: bool = True,
    *,
    script_info: ScriptInfo | None = None,
) -> Flask | None:
    """Import a module and find the application in it.

    :param module_name: its import path.
    :param app_name: the name of an application or factory in it, or a call of a factory; ``None`` tries the
        usual names.
    :param raise_if_not_found: if false, a module that does not exist gives ``None``. One that exists and
        fails is an error all the same.
    :param script_info: handed to a factory that has a parameter of this name.
    :raises NoAppException: if the module cannot be imported or has no application.

    .. versionadded:: 0.11
    """
    try:
        __import__(module_name)
    except ImportError as exc:
        if own_traceback(exc.__traceback__) is not None:  # the module is there
            raise NoAppException(
                f"Module {module_name!r} could not be imported because an import in it failed:\n\n{format_own(exc)}"
            ) from exc
        if not raise_if_not_found:
            return None
        parent, _, name = module_name.rpartition(".")
        if hasattr(sys.modules.get(parent), name):
            remedy = f"Write a colon before the name of what is in a module: --app {parent}:{name}."
        else:
            remedy = (
                "Check the spelling, run 'flask' in the directory that holds the module, or name its file, as in"
                " --app path/to/module.py."
            )
        raise NoAppException(f"Module {module_name!r} could not be imported: {exc}. {remedy}") from None
    except Exception as exc:
        exc.add_note(f"So the application could not be loaded: it is to be in the module {module_name!r}.")
        raise
    module = sys.modules[module_name]
    if app_name is None:
        return find_best_app(module, script_info)
    return find_app_by_string(module, app_name, script_info)


def find_best_app(module: ModuleType, script_info: ScriptInfo | None = None) -> Flask:
    """Find the application of a module that nobody named.

    These are tried: an application called ``app`` or ``application``; the only application in the module; a
    factory called ``create_app`` or ``make_app`` that can be called without arguments.

    :param script_info: handed to a factory that has a parameter of this name.
    :raises NoAppException: if there is no application, or more than one.

    .. versionadded:: 0.11
    """
    for name in APPLICATION_NAMES:
        value = getattr(module, name, None)
        if is_application(value):
            return value
    found = {id(value): (name, value) for name, value in vars(module).items() if is_application(value)}
    if len(found) == 1:
        return next(iter(found.values()))[1]
    if found:
        names = [name for name, _ in found.values()]
        raise NoAppException(
            f"Module {module.__name__!r} has several Flask applications: {', '.join(map(repr, names))}."
            f" Say which one is meant, as in --app {module.__name__}:{names[0]}."
        )
    return _make_best_app(module, script_info)


def _make_best_app(module: ModuleType, script_info: ScriptInfo | None) -> Flask:
    failure = None
    for name in FACTORY_NAMES:
        factory = getattr(module, name, None)
        if inspect.isroutine(factory):
            app = _call_factory(module, factory, Reference(name), script_info)
            if is_application(app):
                return app
            failure = failure or (name, app)
    if failure is not None:
        raise NoAppException(
            f"No Flask application was found: module {module.__name__!r} has a factory {failure[0]!r}, but it returned"
            f" {failure[1]!r}. {_A_FACTORY}."
        )
    raise NoAppException(
        f"No Flask application was found: module {module.__name__!r} has neither an application nor a factory named"
        f" {' or '.join(map(repr, FACTORY_NAMES))}. If it has another name, give it, as in --app"
        f" {module.__name__}:name."
    )


def find_app_by_string(module: ModuleType, app_name: str, script_info: ScriptInfo | None = None) -> Flask:
    """Find an application in a module by its name, or make it by a call of its factory.

    :param app_name: the name of an application, the name of a factory, or a call of a factory with literal
        arguments, as in ``create_app("development", testing=True)``.
    :param script_info: handed to a factory that has a parameter of this name.
    :raises NoAppException: if there is no such name, the call does not fit, or the result is not an
        application.

    .. versionadded:: 1.0
    """
    reference = parse_reference(app_name)
    try:
        value = getattr(module, reference.name)
    except AttributeError:
        raise NoAppException(
            f"Module {module.__name__!r} has no name {reference.name!r}. Check the part after the colon of"
            f" '{module.__name__}:{app_name}'."
        ) from None
    if is_application(value):
        return value
    if reference.is_call or inspect.isroutine(value):
        value = _call_factory(module, value, reference, script_info)
    if is_application(value):
        return value
    raise NoAppException(
        f"'{module.__name__}:{app_name}' gave {value!r}, which is not a Flask application. {_A_FACTORY};"
        " middleware around one belongs in its 'wsgi_app' attribute."
    )


def parse_reference(text: str) -> Reference:
    """Take a name, or a call with literal arguments, apart.

    >>> from flask.cli.discovery import parse_reference
    >>> parse_reference("create_app('development', testing=True)")
    Reference(name='create_app', args=('development',), kwargs={'testing': True}, is_call=True)

    :raises NoAppException: if the text is neither.
    """
    try:
        expression = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        expression = None
    match expression:
        case ast.Name(id=name):
            return Reference(name)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            try:
                return Reference(name, tuple(map(ast.literal_eval, args)), _literal_keywords(keywords), True)
            except ValueError:
                raise NoAppException(
                    f"The arguments in {text!r} are not all literals. A factory can be given text in quotes,"
                    " numbers, True, False, None, and lists, tuples, sets and dicts of these."
                ) from None
    raise NoAppException(
        f"{text!r} is neither a name nor a call of one. After the colon write the name of an application or"
        " a factory, with or without arguments, as in --app 'module:create_app(\"development\")'."
    )


def _literal_keywords(keywords: list[ast.keyword]) -> dict[str, t.Any]:
    arguments = {}
    for keyword in keywords:
        if keyword.arg is None:
            raise ValueError("a dict is unpacked")
        arguments[keyword.arg] = ast.literal_eval(keyword.value)
    return arguments


def _call_factory(module: ModuleType, factory: t.Any, reference: Reference, script_info: ScriptInfo | None) -> object:
    """Call a factory, with a sentence in place of the TypeError that the call itself would be."""
    where = f"{reference.name!r} in module {module.__name__!r}"
    if not callable(factory):
        raise NoAppException(
            f"{where} cannot be called: it is {factory!r}. Name a factory function before the parentheses."
        )
    if inspect.iscoroutinefunction(factory):
        raise NoAppException(f"The factory {where} is written with 'async def'. Make it a plain function.")
    args, kwargs = reference.args, dict(reference.kwargs)
    signature = signature_of(factory)
    if signature is not None:
        if script_info is not None and "script_info" in signature.parameters:
            kwargs.setdefault("script_info", script_info)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as exc:
            raise NoAppException(
                f"The factory {where} cannot be called with the given arguments: {exc}. Write those that it"
                f" needs in parentheses, as in --app '{module.__name__}:{reference.name}(...)'."
            ) from None
    try:
        return factory(*args, **kwargs)
    except Exception as exc:
        exc.add_note(f"So the application could not be made, by the factory {where}.")
        raise


def signature_of(factory: t.Callable[..., t.Any]) -> inspect.Signature | None:
    """The signature of a callable, or ``None`` where Python cannot tell it, as for some written in C."""
    try:
        return inspect.signature(factory)
    except (TypeError, ValueError):
        return None
