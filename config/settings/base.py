"""Settings that every environment shares."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from kombu import Queue
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import env
from config.beat import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from config.embedded import data_dir, service_urls
from config.logging import LOGGING as LOGGING

django_stubs_ext.monkeypatch()  # ModelAdmin[Guide] and its like, at run time

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = data_dir()
SERVICES = service_urls(DATA_DIR)

DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "django_htmx",
    "template_partials",
    "vault",
    "jobs",
    "notifications",
    "crm",
    "intake",
]

MIDDLEWARE = [
    "config.problems.ProblemsInTheApi",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageOfTheAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.sign_in.SecondFactorForAdmin",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "crm.shell.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database: the queue of record; a pool in web processes only (DB_POOL), see docs/adr -----------


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a libpq connection URL. An error does not repeat it: it has a password."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise env.WrongSetting(
            "DATABASE_URL must be such as postgresql://user:password@host:5432/name."
        ) from None
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"connect_timeout": 3}}
    for key, value in parts.items():
        target, name = (database, named[key]) if key in named else (database["OPTIONS"], key)
        target[name] = value
    return database


DATABASES = {"default": _database(SERVICES.database)}
if env.flag("DB_POOL", default=False):
    DATABASES["default"]["ENGINE"] = "config.database"
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 4,  # as many as a web process has threads: none waits while the pool grows
        "max_size": env.number("DB_POOL_SIZE", 10),
        "timeout": 2,
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# --- broker and cache: nudges only; both may vanish -------------------------------------------------

REDIS_URL = SERVICES.redis.rstrip("/")


def _redis(number: int) -> str:
    """Return where this database of REDIS_URL is. Raises WrongSetting if that is no address of a server."""
    if not REDIS_URL.startswith(("redis://", "rediss://")):
        raise env.WrongSetting("REDIS_URL must be such as redis://:password@host:6379.")
    return f"{REDIS_URL}/{number}"


CACHES = {
    "default": {
        "BACKEND": "config.cache.OpenRedisCache",
        "LOCATION": env.text("CACHE_URL", "") or _redis(1),
        "OPTIONS": {"socket_timeout": 0.05, "socket_connect_timeout": 0.05, "retry": Retry(NoBackoff(), 0)},
    }
}

CELERY_BROKER_URL = env.text("BROKER_URL", "") or _redis(0)
CELERY_BROKER_TRANSPORT = "config.broker:Transport"  # Redis, see there
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60  # both limits stay under the visibility time-out
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [
    Queue(name) for name in ("urgent", "alerts", "placing", "outbound", "routine", "reports")
]
CELERY_TASK_DEFAULT_QUEUE = "routine"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # right only because of the fence
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True  # with REMAP_SIGTERM=SIGQUIT
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 10_000  # tasks; without it Celery closes the connection around every single one
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "global_keyprefix": "threshold:",
    "queue_order_strategy": "priority",  # of a worker's queues, in the order of its command: alerts first
    "max_connections": 20,
}

# --- people -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "crm.sign_in.StaffAccountAdapter"
ACCOUNT_FORMS = {"login": "crm.forms.sign_in.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False  # desks are shared: closing the browser signs out
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_REQUIRED = env.flag("MFA_REQUIRED", default=False)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "intake.views.errors.csrf_failure"

# --- words, places, times -----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# Each by its own name. English is the source; the other catalogues are in locale/ (make messages).
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg"), ("pl", "Polski"), ("ro", "Română"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
PHONE_LINES = env.items("PHONE_LINES")  # names of the numbers that are advertised, for the phone enquiry form
PHONE_SECRETS = env.secrets("PHONE_SECRETS")  # of the phone lines (crm.PhoneLine), by their secret_name
PHONENUMBER_DEFAULT_REGION = env.text("PHONE_REGION", "GB")
# Minutes from the enquiry to the first human contact; proposals, to be confirmed by the clinic.
RESPONSE_TARGET_MINUTES = {"E1": 5, "E2": 15, "U1": 30, "U2": 120, "U3": 240, "P1": 1440, "P2": 2880}
# A pre-booked lead that nobody has tried to call: managers are told so long before the promise ends (SPEC
# section 2: after 1200 of 1440 minutes, 2400 of 2880).
TELL_MANAGERS_BEFORE_MINUTES = {"P1": 240, "P2": 480}
# How long a lead stays with whoever took it until they log an attempt.
LEASE_MINUTES = {"E1": 10, "E2": 15, "U1": 20, "U2": 20, "U3": 30, "P1": 60, "P2": 60}
# Seconds that something must hold until it is an alarm (crm/alarm_bounds.py); proposals, like the minutes.
ALARM_AFTER = {
    "NOBODY_ON_SHIFT": env.number("ALARM_NOBODY_AFTER", 120),  # whoever comes on may be a little late
    "NOBODY_WATCHING": env.number("ALARM_UNWATCHED_AFTER", 120),  # as the second step of an alert
    "NO_CHANNEL": 20,  # with every way out down, a banner within 60 s
    "UNPLACED": 30,  # after the 60 s in which an enquiry is routed, and the alert about that lead
    "UNANSWERED": 60,  # after the 300 s at which screens are red and managers know of that lead
    "BEAT_SILENT": 20,  # after 60 s of silence: when everything starts, beat comes last
    "DISPATCHER_SILENT": 0,  # after 30 s of silence
    "WATCH_SILENT": 0,  # after 60 s of silence
}
ALARM_ENDS_AFTER = env.number("ALARM_ENDS_AFTER", 60)
# Minutes between two messages about alarms to one person: the least, then growing to four hours, as
# Prometheus' Alertmanager repeats (repeat_interval).
ALARM_GAPS_MINUTES = [2, 10, 20, 40, 80, 160, 240]
# A rate is "too early to say" until an enquiry has had this many days to get to a stage; proposals, too.
REPORT_SETTLED_AFTER_DAYS = {"CONTACTED": 3, "ASSESSING": 7, "OFFERED": 14, "BOOKED": 21, "ADMITTED": 30}
PERSONALISED_SIGNPOSTS = env.flag("PERSONALISED_SIGNPOSTS", default=True)
QUICK_EXIT_URL = env.text("QUICK_EXIT_URL", "https://www.bbc.co.uk/weather")
# What a public page shows while the database cannot be asked and no page was shown before.
PUBLIC_NAME = env.text("PUBLIC_NAME", "Threshold")
PUBLIC_PHONE = env.text("PUBLIC_PHONE", "")
PUBLIC_NATION = env.text("PUBLIC_NATION", "England")

# --- encryption (vault) -------------------------------------------------------------------------------

VAULT_KEYSETS = env.text("VAULT_KEYSETS", "")

# --- messages out -------------------------------------------------------------------------------------

EMAIL_CHANNEL = env.text("EMAIL_CHANNEL", "smtp")
EMAIL_OUTBOX_DIR = DATA_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 8  # seconds for all of one conversation: alerts wait behind whoever has it
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Sam <sam@threshold.example>")
DESK_NAME = env.text("DESK_NAME", f"{PUBLIC_NAME} desk")  # staff get their e-mails under it, callers never
# Of the e-mail providers that have an API (EMAIL_CHANNEL=postmark and so on), by django-anymail's own names.
ANYMAIL_NAMES = (
    *("BREVO_API_KEY", "BREVO_API_URL", "MAILERSEND_API_TOKEN", "MAILERSEND_API_URL"),
    *("MAILERSEND_SIGNING_SECRET", "MAILGUN_API_KEY", "MAILGUN_API_URL", "MAILGUN_SENDER_DOMAIN"),
    *("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MAILJET_API_URL"),
    *("POSTMARK_SERVER_TOKEN", "POSTMARK_API_URL", "POSTMARK_MESSAGE_STREAM"),
    *("RESEND_API_KEY", "RESEND_API_URL", "SPARKPOST_API_KEY", "SPARKPOST_API_URL"),
)
ANYMAIL = {name: value for name in ANYMAIL_NAMES if (value := env.text(name, ""))}
if EMAIL_WEBHOOK_SECRET := env.text("EMAIL_WEBHOOK_SECRET", ""):
    ANYMAIL["WEBHOOK_SECRET"] = EMAIL_WEBHOOK_SECRET

RESEND_SIGNING_SECRET = env.text("RESEND_SIGNING_SECRET", "")  # of its webhook (whsec_…)
SMS_CHANNEL = env.text("SMS_CHANNEL", "off")
VOICE_CHANNEL = env.text("VOICE_CHANNEL", "off")
PUSH_CHANNEL = env.text("PUSH_CHANNEL", "off")
WEBHOOK_CHANNEL = env.text("WEBHOOK_CHANNEL", "off")
OUTGOING_TIMEOUT = 10  # seconds for all of one conversation with a provider
WEBHOOK_TIMEOUT = 5
# Seconds that one way has, if there is another. For an urgent message they begin when it is written: the next
# way is to have taken it by 15.
FAIL_OVER_AFTER = {True: 8, False: 300}
CIRCUIT = {"failures": 5, "window": 60, "pause": 30, "longest_pause": 900}
# By channel: as many messages in so many seconds. Over it they wait; the first urgent alert about a lead to a
# person never does. Twilio starts one call a second; more texts than that wait in a queue of its own.
RECIPIENT_LIMITS = {
    "EMAIL": (60, 3600),
    "SMS": (30, 3600),
    "VOICE": (20, 3600),
    "PUSH": (120, 3600),
    "WEBHOOK": (60, 60),
}
PROVIDER_LIMITS = {"SMS": (10, 1), "VOICE": (1, 1)}
OUTGOING_LOOPBACK = False  # whether webhooks and push services may be on this machine: development and tests
TWILIO_API_URL = env.text("TWILIO_API_URL", "https://api.twilio.com")  # others: Twilio's regions
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN", "")
TWILIO_NEXT_AUTH_TOKEN = env.text("TWILIO_NEXT_AUTH_TOKEN", "")  # the secondary, before it is promoted
TWILIO_SMS_FROM = env.text("TWILIO_SMS_FROM", "")  # a number, or the sid of a messaging service (MG…)
TEXT_ANSWERS = env.flag("TEXT_ANSWERS", default=False)  # texts to that number reach us: alerts ask for a "1"
TWILIO_VOICE_FROM = env.text("TWILIO_VOICE_FROM", "")
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY", "")
VAPID_SUBJECT = env.text("VAPID_SUBJECT", "")  # mailto: or https:, whom push services may ask

# --- visitors: too many enquiries are reviewed by a person first, never refused (intake.services.budgets) ---

TRUSTED_PROXIES = env.number(
    "TRUSTED_PROXIES", 0
)  # in front of web: how many entries of X-Forwarded-For are true
BUDGET_PER_ADDRESS = env.number("BUDGET_PER_ADDRESS", 60)  # of one connection: hospitals share theirs
BUDGET_PER_FORM = env.number("BUDGET_PER_FORM", 500)  # as many as the largest group gets in a whole day
BUDGET_MINUTES = env.number("BUDGET_MINUTES", 60)
BUDGET_EXEMPT = env.networks("BUDGET_EXEMPT")

EMBED_PARENTS = env.origins("EMBED_PARENTS")  # websites that may show the urgent form in a frame

# --- watching -----------------------------------------------------------------------------------------

CANARY_MINUTES = env.number("CANARY_MINUTES", 5)  # between two enquiries of our own; 0: none
CANARY_URL = env.text("CANARY_URL", f"http://127.0.0.1:{env.number('GRANIAN_PORT', 8000)}").rstrip("/")
HEARTBEAT_URL = env.text("HEARTBEAT_URL", "")  # asked every 20 s while all is well; silence is the alarm
HEARTBEAT_TIMEOUT = 5
METRICS_ALLOWED = env.networks("METRICS_ALLOWED", "127.0.0.1,::1")

# --- files and headers --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static-built"]
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000
# Lists of people are uploaded: they never touch the disk in plain text, so one that is larger is refused.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
