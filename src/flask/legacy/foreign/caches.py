"""``werkzeug.contrib.cache``, which the distribution ``cachelib`` carries on."""

from __future__ import annotations

import importlib
import typing as t


def _successor() -> t.Any:
    try:
        return importlib.import_module("cachelib")
    except ModuleNotFoundError as exc:
        raise ImportError(
            "werkzeug.contrib.cache is gone since Werkzeug 1.0, and what carries it on is not installed:"
            " pip install cachelib.",
            name="cachelib",
        ) from exc


_cachelib = _successor()

BaseCache: t.Any = _cachelib.BaseCache
FileSystemCache: t.Any = _cachelib.FileSystemCache
MemcachedCache: t.Any = _cachelib.MemcachedCache
NullCache: t.Any = _cachelib.NullCache
RedisCache: t.Any = _cachelib.RedisCache
SimpleCache: t.Any = _cachelib.SimpleCache
UWSGICache: t.Any = _cachelib.UWSGICache


def GAEMemcachedCache(default_timeout: int = 300, key_prefix: str = "") -> t.Any:  # noqa: N802  # its name
    """A cache in the memcached of Google App Engine.

    :param default_timeout: after how many seconds an entry expires.
    :param key_prefix: what every key begins with.
    """
    memcache = importlib.import_module("google.appengine.api.memcache")
    return MemcachedCache(memcache.Client(), default_timeout, key_prefix)
