"""The settings of the test run, with jobs that misbehave on purpose."""

from config import env
from config.settings import base
from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("SOFT_SHUTDOWN", 20)
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]
CACHES = base.CACHES  # with the little patience of production
