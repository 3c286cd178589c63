"""The settings of the test run, with jobs that misbehave on purpose."""

from config import env
from config.settings import base
from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("SOFT_SHUTDOWN", 20)
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]
if env.flag("NEXT_RELEASE", default=False):
    INSTALLED_APPS.append("tests.faults.next_release")
CACHES = base.CACHES  # with the little patience of production
BUDGET_PER_ADDRESS = BUDGET_PER_FORM = 1_000_000  # counted, and never reached
RECIPIENT_LIMITS = dict.fromkeys(base.RECIPIENT_LIMITS, (1_000_000, 3600))  # nor this
