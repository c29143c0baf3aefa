"""The past: modules and names that Flask once had, reachable where they were.

Names are looked up when they are asked for, in :mod:`.names`; modules are found by :mod:`.finder`, which puts the same
module object under its old name. What other libraries removed is in :mod:`.foreign`, and is there on request only.
Nothing here is imported by the rest of the framework but by the package itself.
"""
