"""Whether the broker answers: nothing is promised by it, but what it does not carry is slower."""

import redis
from django.conf import settings

PATIENCE = 0.5  # seconds


def broker_answers() -> bool:
    """Ask it, and wait for no longer than half a second."""
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, **options) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
