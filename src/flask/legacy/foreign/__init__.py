"""The past of others: names and modules that Werkzeug, Jinja, MarkupSafe, itsdangerous or Python's own library removed.

Programs and extensions of 2010 to 2022 import them. They are restored only on request: ``FLASK_LEGACY=1`` in the
environment when ``flask`` is imported, or ``python -m flask.legacy program.py``. Without it, nothing of this package is
imported and no other library is touched.

Everything stands in the tables of :mod:`.names`; :mod:`.restoring` puts it into the modules that are there, and
:mod:`.finder` finds those that are gone. What is found behind an old name is what its library put in its place or,
where there is no such thing, an equivalent from this package, which keeps the old signature. Nothing is wrapped, and
nothing that is there is replaced, but for the few functions in ``names.REPLACED``: a name is looked up here only after
its module was found not to have it.
"""

from __future__ import annotations

from . import finder, restoring


def install() -> None:
    """Have the old names and modules found from now on, in this process."""
    restoring.install()
    finder.install()
