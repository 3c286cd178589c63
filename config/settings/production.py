"""Production: refuses to start without its secrets."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import VAULT_KEYSETS

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in env.text("ALLOWED_HOSTS").split(",")]
BASE_URL = env.text("BASE_URL")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
for required in ("DATABASE_URL", "REDIS_URL"):
    env.text(required)
if not VAULT_KEYSETS:
    raise env.MissingSetting("Set VAULT_KEYSETS, or VAULT_KEYSETS_FILE to a file that holds it.")

MFA_REQUIRED = env.flag("MFA_REQUIRED", default=True)
# Limits count by address: behind a proxy all visitors would share one, and one could lock out all.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
