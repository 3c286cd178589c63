"""The cache fails open: it holds counters of limits, and staff must be able to sign in without Redis."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def _open_when_lost(method: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            log.warning("cache_lost", error_class=type(error).__name__)
            return answer(*args, **kwargs)

    return guarded


def _default(_: Any, __: str, default: Any = None, *___: Any, **____: Any) -> Any:
    return default


def _tally(cache: RedisCache, keys: Sequence[str], *, seconds: int | None = None) -> list[int] | None:
    """Count each key up by one and return the counts, in one round trip; None when nothing was counted.

    A count starts again `seconds` after its first; without that it stays for good.
    """
    names = [cache.make_and_validate_key(key) for key in keys]
    with cache._cache.get_client(write=True).pipeline(transaction=False) as pipe:
        for name in names:
            pipe.incr(name)
        if seconds:
            for name in names:
                pipe.expire(name, seconds, nx=True)
        return pipe.execute()[: len(names)]


class OpenRedisCache(RedisCache):
    """Redis, or nothing: what cannot be read is absent, what cannot be added or counted counts as new."""

    add = _open_when_lost(RedisCache.add, lambda *_, **__: True)
    get = _open_when_lost(RedisCache.get, _default)
    get_many = _open_when_lost(RedisCache.get_many, lambda *_, **__: {})
    set = _open_when_lost(RedisCache.set, lambda *_, **__: None)
    delete = _open_when_lost(RedisCache.delete, lambda *_, **__: False)
    tally = _open_when_lost(_tally, lambda *_, **__: None)
