"""The product's settings, with the bare reference view beside it."""

from config.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
