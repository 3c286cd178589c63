"""The product's settings, with the bare reference view beside it."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.apps.BenchConfig"]
ROOT_URLCONF = "bench.urls"
BUDGET_PER_ADDRESS = BUDGET_PER_FORM = 1_000_000_000  # one machine sends everything: counted, never reached
CANARY_MINUTES = 0  # what is measured is sent by the harness alone
