"""Members that Flask's classes once had and later Flask releases removed: one mixin for each class.

They stand below the classes that inherit them, so that an old program finds them where it always did.
"""
