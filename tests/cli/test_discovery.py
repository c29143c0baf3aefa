"""Which application is meant by what the user says of it."""

from __future__ import annotations

import os
import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask import Flask
from flask.cli import (
    NoAppException,
    ScriptInfo,
    find_app_by_string,
    find_best_app,
    locate_app,
    prepare_import,
)
from flask.cli.discovery import parse_reference


def module_with(**names) -> ModuleType:
    module = ModuleType("shop")
    vars(module).update(names)
    return module


async def _unawaited():
    return Flask("shop")


class TestPrepareImport:
    @pytest.mark.parametrize(
        ("path", "name", "root"),
        [
            ("hello", "hello", ""),
            ("hello.py", "hello", ""),
            ("src/hello.py", "hello", "src"),
            ("src/hello", "hello", "src"),
            ("pkg/__init__.py", "pkg", ""),
            ("pkg/", "pkg", ""),
            ("pkg/inner/web.py", "pkg.inner.web", ""),
            ("pkg.inner.web", "pkg.inner.web", ""),
            ("pkg/plain/web.py", "web", "pkg/plain"),
        ],
    )
    def test_name_and_root(self, project, path, name, root):
        project.write("pkg/__init__.py", "")
        project.write("pkg/inner/__init__.py", "")
        project.write("pkg/plain/web.py", "")
        assert prepare_import(path) == name
        assert sys.path[0] == str(project.folder / root).rstrip("/")

    def test_absolute_path(self, project):
        assert prepare_import(str(project.folder / "there" / "web.py")) == "web"
        assert sys.path[0] == str(project.folder / "there")

    def test_folder_that_is_first_already_is_not_added_again(self, project):
        prepare_import("one")
        length = len(sys.path)
        prepare_import("two")
        assert len(sys.path) == length


class TestFindBestApp:
    def test_usual_name_goes_before_others(self):
        app, other = Flask("app"), Flask("other")
        assert find_best_app(module_with(other=other, app=app)) is app
        assert find_best_app(module_with(other=other, application=app)) is app

    def test_only_application_whatever_its_name(self):
        app = Flask("app")
        assert find_best_app(module_with(site=app, app="not one")) is app

    def test_one_application_under_two_names_is_one(self):
        app = Flask("app")
        assert find_best_app(module_with(site=app, server=app)) is app

    def test_factory_without_arguments(self):
        app = Flask("app")
        assert find_best_app(module_with(create_app=lambda: app)) is app
        assert find_best_app(module_with(make_app=lambda name="x": app)) is app

    def test_application_goes_before_factory(self):
        app = Flask("app")
        assert find_best_app(module_with(site=app, create_app=lambda: 1 / 0)) is app

    def test_second_factory_if_the_first_makes_something_else(self):
        app = Flask("app")
        assert find_best_app(module_with(create_app=lambda: 3, make_app=lambda: app)) is app

    def test_subclass_of_flask(self):
        class Shop(Flask):
            pass

        app = Shop("app")
        assert find_best_app(module_with(app=app)) is app

    def test_script_info_as_1_0_called_it(self):
        info, app = ScriptInfo(), Flask("app")
        got = []

        def create_app(script_info):
            got.append(script_info)
            return app

        module = module_with(create_app=create_app)
        assert find_best_app(script_info=info, module=module) is app
        assert got == [info]

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            (
                {},
                [
                    "'shop'",
                    "neither an application nor a factory",
                    "'create_app' or 'make_app'",
                    "--app shop:name",
                ],
            ),
            ({"one": Flask("1"), "two": Flask("2")}, ["several", "'one', 'two'", "--app shop:one"]),
            ({"create_app": lambda: None}, ["'create_app'", "returned None", "must return the application"]),
            ({"create_app": _unawaited}, ["'create_app'", "written with 'async def'", "plain function"]),
            (
                {"create_app": lambda a: None},
                ["'create_app'", "missing a required argument: 'a'", "shop:create_app(...)"],
            ),
            ({"create_app": Flask}, ["neither an application nor a factory"]),
        ],
    )
    def test_error_says_what_is_there_and_what_to_do(self, names, words):
        with pytest.raises(NoAppException) as caught:
            find_best_app(module_with(**names))
        for word in words:
            assert word in caught.value.message

    def test_type_error_of_the_factory_itself_is_its_own(self):
        def create_app():
            raise TypeError("mine")

        with pytest.raises(TypeError, match="mine"):
            find_best_app(module_with(create_app=create_app))


def make(name="default", *, testing=False):
    app = Flask(name)
    app.testing = testing
    return app


class TestFindAppByString:
    @pytest.mark.parametrize(
        ("text", "name", "testing"),
        [
            ("make", "default", False),
            (" make ", "default", False),
            ("make()", "default", False),
            ("make('dev')", "dev", False),
            ('make("dev", testing=True)', "dev", True),
            ("make(name='http://x', )", "http://x", False),
            ("Shop('from class')", "from class", False),
        ],
    )
    def test_factory(self, text, name, testing):
        app = find_app_by_string(module_with(make=make, Shop=Flask), text)
        assert (app.name, app.testing) == (name, testing)

    def test_name_of_an_application(self):
        app = Flask("app")
        assert find_app_by_string(module_with(site=app), "site") is app

    def test_parentheses_behind_an_application_do_not_matter(self):
        app = Flask("app")
        assert find_app_by_string(module_with(site=app), "site()") is app

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("nope", ["'shop' has no name 'nope'", "'shop:nope'"]),
            ("", ["neither a name nor a call"]),
            ("make(", ["'make(' is neither a name nor a call"]),
            ("box.app", ["'box.app' is neither a name nor a call"]),
            ("box.make()", ["neither a name nor a call"]),
            ("lambda: 1", ["neither a name nor a call"]),
            ("make(dev)", ["'make(dev)' are not all literals", "quotes"]),
            ("make(*[1])", ["not all literals"]),
            ("make(**{'name': 'x'})", ["not all literals"]),
            ("make(1, 2)", ["'make' in module 'shop'", "too many positional arguments", "shop:make(...)"]),
            ("make(color=1)", ["unexpected keyword argument 'color'"]),
            ("text", ["'shop:text' gave 'words'", "not a Flask application", "'wsgi_app'"]),
            ("text()", ["'text' in module 'shop' cannot be called", "'words'"]),
            ("nothing", ["gave None", "must return the application"]),
        ],
    )
    def test_error_says_what_is_wrong_and_what_to_do(self, text, words):
        module = module_with(make=make, text="words", nothing=lambda: None)
        with pytest.raises(NoAppException) as caught:
            find_app_by_string(module, text)
        for word in words:
            assert word in caught.value.message

    literals = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    )

    @given(st.lists(literals), st.dictionaries(st.sampled_from(["a", "name", "größe"]), literals))
    def test_every_literal_argument_is_understood(self, args, kwargs):
        written = [*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]
        reference = parse_reference(f"create_app({', '.join(written)})")
        assert (reference.name, list(reference.args), reference.kwargs) == ("create_app", args, kwargs)


class TestLocateApp:
    def test_finds_in_a_module(self, project):
        project.write("hello.py", "from flask import Flask\nsite = Flask('hello')")
        prepare_import("hello")
        assert locate_app("hello", None).name == "hello"
        assert locate_app("hello", "site").name == "hello"

    def test_missing_module(self, project):
        prepare_import("nope")
        with pytest.raises(NoAppException) as caught:
            locate_app("nope", None)
        for word in ["'nope'", "No module named 'nope'", "spelling", "--app path/to/module.py"]:
            assert word in caught.value.message
        assert locate_app("nope", None, raise_if_not_found=False) is None
        assert locate_app("nope.inner", None, False) is None

    @pytest.mark.parametrize("raise_if_not_found", [True, False])
    def test_failing_import_shows_the_users_traceback(self, project, raise_if_not_found):
        project.write("broken.py", "import click\n\nimport not_installed\n")
        prepare_import("broken")
        with pytest.raises(NoAppException) as caught:
            locate_app("broken", None, raise_if_not_found)
        message = caught.value.message
        assert "Module 'broken' could not be imported because an import in it failed" in message
        assert f'File "{project.folder / "broken.py"}", line 3' in message
        assert "No module named 'not_installed'" in message
        assert "discovery.py" not in message

    def test_missing_name_in_the_users_import(self, project):
        project.write("broken.py", "from os import no_such_name")
        prepare_import("broken")
        with pytest.raises(NoAppException, match="cannot import name 'no_such_name'"):
            locate_app("broken", None)

    def test_other_errors_of_the_module_are_its_own(self, project):
        project.write("broken.py", "1 / 0")
        prepare_import("broken")
        with pytest.raises(ZeroDivisionError):
            locate_app("broken", None)


class TestScriptInfo:
    def test_attributes(self, project):
        info = ScriptInfo("hello:app", set_debug_flag=False, load_dotenv_defaults=False)
        assert info.app_import_path == "hello:app"
        assert info.create_app is None
        assert info.data == {}
        assert info.set_debug_flag is False
        assert info.load_dotenv_defaults is False

    def test_skip_dotenv_overrules(self, project):
        os.environ["FLASK_SKIP_DOTENV"] = "1"
        assert ScriptInfo().load_dotenv_defaults is False

    def test_the_application_is_made_once(self, project):
        info = ScriptInfo(create_app=lambda: Flask("made"))
        assert info.load_app().name == "made"
        assert info.load_app() is info.load_app()

    def test_path_with_and_without_name(self, project):
        project.write("src/hello.py", "from flask import Flask\none, two = Flask('one'), Flask('two')")
        assert ScriptInfo("src/hello.py:two").load_app().name == "two"
        assert ScriptInfo("src/hello:one").load_app().name == "one"
        with pytest.raises(NoAppException, match="neither a name"):
            ScriptInfo("src/hello:").load_app()

    def test_environment_names_the_application(self, project):
        project.write("hello.py", "from flask import Flask\napp = Flask('hello')")
        os.environ["FLASK_APP"] = "hello"
        assert ScriptInfo().load_app().name == "hello"

    def test_default_files(self, project):
        project.write("app.py", "from flask import Flask\napp = Flask('from app')")
        assert ScriptInfo().load_app().name == "from app"
        project.write("wsgi.py", "from flask import Flask\napp = Flask('from wsgi')")
        assert ScriptInfo().load_app().name == "from wsgi"

    def test_default_package(self, project):
        project.write("app/__init__.py", "from flask import Flask\ndef create_app(): return Flask('package')")
        assert ScriptInfo().load_app().name == "package"

    def test_default_file_that_fails_is_an_error(self, project):
        project.write("wsgi.py", "import not_installed")
        project.write("app.py", "from flask import Flask\napp = Flask('app')")
        with pytest.raises(NoAppException, match="not_installed"):
            ScriptInfo().load_app()

    def test_nothing_to_be_found(self, project):
        with pytest.raises(NoAppException) as caught:
            ScriptInfo().load_app()
        for word in ["'wsgi.py' or 'app.py'", "flask --app", "FLASK_APP"]:
            assert word in caught.value.message

    @pytest.mark.parametrize(("value", "debug"), [("1", True), ("0", False)])
    def test_debug_flag(self, project, value, debug):
        def create_app():
            app = Flask("app")
            app.debug = not debug
            return app

        os.environ["FLASK_DEBUG"] = value
        assert ScriptInfo(create_app=create_app).load_app().debug is debug
        assert ScriptInfo(create_app=create_app, set_debug_flag=False).load_app().debug is not debug

    def test_factory_gets_the_script_info_if_it_takes_one(self, project):
        seen = []

        def one(info):
            seen.append(info)
            return Flask("app")

        def named(config=None, *, script_info):
            seen.append(script_info)
            return Flask("app")

        for factory in (one, named):
            info = ScriptInfo(create_app=factory)
            info.load_app()
            assert seen.pop() is info

    def test_factory_with_defaults_is_called_without_arguments(self, project):
        info = ScriptInfo(create_app=lambda config="default", *more: Flask(config))
        assert info.load_app().name == "default"

    def test_factory_that_forgets_to_return(self, project):
        def create_wiki():
            Flask("wiki")

        with pytest.raises(NoAppException, match=r"'create_wiki' returned None\. It must end by returning"):
            ScriptInfo(create_app=create_wiki).load_app()

    def test_factory_in_a_module_gets_the_script_info_by_name(self, project):
        project.write(
            "hello.py",
            """
            from flask import Flask

            def create_app(script_info, name="hello"):
                app = Flask(name)
                app.config["INFO"] = script_info
                return app
            """,
        )
        for path in ("hello", "hello:create_app", "hello:create_app(name='other')"):
            info = ScriptInfo(path)
            assert info.load_app().config["INFO"] is info
