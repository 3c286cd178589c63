"""Tests: real servers, secrets of the test run, plain static files."""

import secrets

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, VAULT_KEYSETS
from vault.keysets import new_keysets

SECRET_KEY = env.text("SECRET_KEY", "") or secrets.token_urlsafe(50)
VAULT_KEYSETS = VAULT_KEYSETS or new_keysets()
ALLOWED_HOSTS = ["*"]
EMAIL_CHANNEL = env.text("EMAIL_CHANNEL", "file")
OUTGOING_LOOPBACK = env.flag("OUTGOING_LOOPBACK", default=False)
CANARY_MINUTES = env.number("CANARY_MINUTES", 0)  # those of the canary set their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BUDGET_PER_ADDRESS = BUDGET_PER_FORM = (
    0  # all tests come from one address; those of the budgets set their own
)
CACHES = {"default": CACHES["default"] | {"OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5}}}
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # look for a file when it is asked for: other workers write beside it meanwhile
