"""Development and evaluation on one machine: secrets are made on the first start and kept in DATA_DIR."""

import secrets

from config import env
from config.dev_secrets import dev_secret
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_URL, DATA_DIR, VAPID_PRIVATE_KEY, VAPID_SUBJECT, VAULT_KEYSETS
from notifications.push_keys import new_push_key
from vault.keysets import new_keysets

SECRET_KEY = env.text("SECRET_KEY", "") or dev_secret(
    DATA_DIR, "secret-key", lambda: secrets.token_urlsafe(50)
)
VAULT_KEYSETS = VAULT_KEYSETS or dev_secret(DATA_DIR, "vault.json", new_keysets)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False  # Ctrl-C on an idle machine does not wait 20 seconds
PHONE_LINES = env.items("PHONE_LINES", "Website,Leaflets,Referrers")
EMAIL_CHANNEL = env.text("EMAIL_CHANNEL", "file")
SMS_CHANNEL = env.text("SMS_CHANNEL", "file")
VOICE_CHANNEL = env.text("VOICE_CHANNEL", "file")
PUSH_CHANNEL = env.text("PUSH_CHANNEL", "file")
VAPID_PRIVATE_KEY = VAPID_PRIVATE_KEY or dev_secret(DATA_DIR, "push-key", new_push_key)
VAPID_SUBJECT = VAPID_SUBJECT or "mailto:developer@threshold.example"
WEBHOOK_CHANNEL = env.text("WEBHOOK_CHANNEL", "file")
OUTGOING_LOOPBACK = env.flag("OUTGOING_LOOPBACK", default=False)
