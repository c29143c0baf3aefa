"""The command line: find an application, run it, look into it, and give it commands of its own.

.. versionadded:: 0.11
"""

from __future__ import annotations

import click as click

from .discovery import NoAppException as NoAppException
from .discovery import find_app_by_string as find_app_by_string
from .discovery import find_best_app as find_best_app
from .discovery import locate_app as locate_app
from .discovery import prepare_import as prepare_import
from .environment import load_dotenv as load_dotenv
from .group import AppGroup as AppGroup
from .group import ScriptInfo as ScriptInfo
from .group import pass_script_info as pass_script_info
from .group import with_appcontext as with_appcontext
from .options import get_version as get_version
from .options import version_option as version_option
from .parameters import CertParamType as CertParamType
from .parameters import SeparatedPathType as SeparatedPathType
from .routes import routes_command as routes_command
from .run import run_command as run_command
from .run import show_server_banner as show_server_banner
from .script import FlaskGroup as FlaskGroup
from .script import cli as cli
from .script import main as main
from .shell import shell_command as shell_command
from .upgrade_check import upgrade_check_command as upgrade_check_command
