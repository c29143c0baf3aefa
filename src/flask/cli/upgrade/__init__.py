"""What ``flask upgrade-check`` does: it finds what releases removed or changed in a program, which is not run for that.

A project is read in four steps, each a module:

1. :mod:`.sources` finds the files and parses them, each when it is asked for.
2. :mod:`.scopes` notes, for each namespace in a file, what its names are bound to: imports, assignments, definitions.
3. :mod:`.values` says what an expression stands for, as far as construction and imports tell: ``app`` in one file is
   an instance of ``flask.Flask``, since it was imported from another that calls a factory, which returns one.
   :mod:`.project` finds that other file, and lets go of what was parsed when that is much.
4. :mod:`.uses` looks up in :mod:`.changes` what is imported, read, defined, passed and set; :mod:`.texts` looks at
   texts that name what is gone, :mod:`.behaviours` for what still has its name but does something else;
   :mod:`.guards` leaves out what a program has an answer for.

:mod:`.findings` are what comes out, :mod:`.check` does all of it for a project, and :mod:`.report` shows it. Where
nothing is known of an expression, nothing is said of it: who is told ten false things does not read the eleventh.
"""
