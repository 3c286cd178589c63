"""The cache fails open: it holds counters of limits, and staff must be able to sign in without Redis."""

from collections.abc import Callable
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


class OpenRedisCache(RedisCache):
    """Redis, or nothing: what cannot be read is absent, and what cannot be added counts as new.

    Counting (`incr`) and the calls for many keys at once are not used here, and still raise.
    """

    add = _open_when_lost(RedisCache.add, lambda *_, **__: True)
    get = _open_when_lost(RedisCache.get, _default)
    set = _open_when_lost(RedisCache.set, lambda *_, **__: None)
    delete = _open_when_lost(RedisCache.delete, lambda *_, **__: False)
