"""What ``unittest`` had until Python 3.12."""

from __future__ import annotations

import typing as t
import unittest


def _loader(prefix: str, sort_using: t.Any, suite_class: t.Any = unittest.TestSuite) -> unittest.TestLoader:
    loader = unittest.TestLoader()
    loader.testMethodPrefix = prefix
    if sort_using is not None:
        loader.sortTestMethodsUsing = sort_using
    loader.suiteClass = suite_class
    return loader


def makeSuite(  # noqa: N802  # its name
    testCaseClass: type[unittest.TestCase],  # noqa: N803
    prefix: str = "test",
    sortUsing: t.Any = None,  # noqa: N803
    suiteClass: t.Any = unittest.TestSuite,  # noqa: N803
) -> t.Any:
    """The tests of a class."""
    return _loader(prefix, sortUsing, suiteClass).loadTestsFromTestCase(testCaseClass)


def findTestCases(  # noqa: N802
    module: t.Any,
    prefix: str = "test",
    sortUsing: t.Any = None,  # noqa: N803
    suiteClass: t.Any = unittest.TestSuite,  # noqa: N803
) -> t.Any:
    """The tests of a module."""
    return _loader(prefix, sortUsing, suiteClass).loadTestsFromModule(module)


def getTestCaseNames(  # noqa: N802
    testCaseClass: type[unittest.TestCase],  # noqa: N803
    prefix: str,
    sortUsing: t.Any = None,  # noqa: N803
) -> t.Any:
    """The names of the tests of a class."""
    return _loader(prefix, sortUsing).getTestCaseNames(testCaseClass)
