"""The servers that the test run itself stands on."""

import os

import pytest
import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry


@pytest.mark.django_db
def test_database_is_the_run_s_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('port'), current_setting('fsync')")
        assert cursor.fetchone() == (str(settings.DATABASES["default"]["PORT"]), "off")


def test_broker_is_the_run_s_own(broker):
    broker.set("here", "1")
    assert redis.Redis.from_url(settings.CELERY_BROKER_URL).get("here") == b"1"


def test_broker_refuses_a_stranger():
    port = os.environ["REDIS_URL"].rpartition(":")[2]
    with (
        redis.Redis(port=int(port), retry=Retry(NoBackoff(), 0)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
