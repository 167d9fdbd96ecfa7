"""Django settings of the suite. Every value that differs between machines comes from the environment."""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kernel import postgres
from storefront_api import admin_site

# Lets forms and model admins be generic at run time as they are for the type checker.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SUITE_VAR_DIR", BASE_DIR / "var"))

DEBUG = os.environ.get("DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or ("only-for-development-" + "0" * 32 if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set when DEBUG is off.")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
PORT = int(os.environ.get("PORT", "8000"))
# Cookies of the admin go over TLS alone; a demonstration has none.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
# The page that maps a core's warehouses keeps all of them at once, with six fields each; bytes are bounded besides.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}")

# The commerce core: Saleor, or the embedded one that `make run` starts.
SALEOR_API_URL = os.environ.get("SALEOR_API_URL", "")
SALEOR_APP_TOKEN = os.environ.get("SALEOR_APP_TOKEN", "")
# Without a token in the environment the suite is installed as an App, by the cores that are named here (GraphQL
# addresses, apart by commas) or in the admin. Keys that seal their tokens, the first for new ones; none: SECRET_KEY.
SALEOR_ALLOWED_CORES = [url for url in os.environ.get("SALEOR_ALLOWED_CORES", "").split(",") if url]
CORE_TOKEN_KEYS = [key for key in os.environ.get("CORE_TOKEN_KEYS", "").split(",") if key]
# Seals checkouts for the order guard; the same is entered in the core. Empty: no seals.
ORDER_GUARD_SECRET = os.environ.get("ORDER_GUARD_SECRET", "")
# Kinds of goods that only the suite may sell: orders of other clients with some are listed for a person.
ORDER_GUARD_KINDS = os.environ.get("ORDER_GUARD_KINDS", "PLAN,SERVICE")
CORE_ADMIN_URL = os.environ.get("CORE_ADMIN_URL", "")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "kernel",
    "commerce",
    "inventory",
    "plugins.catalogue",
    "plugins.onboarding",
    "plugins.serviceability",
    "plugins.bundles",
    "plugins.merchandising",
    "plugins.search_log",
    "plugins.guided_search",
    "plugins.staff",
    "plugins.payments",
    "plugins.carts",
    "plugins.pickup",
    "plugins.pos",
    "plugins.store_operations",
    "storefront_api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront_api.framing.FrameAncestors",
]

ROOT_URLCONF = "storefront_api.urls"
ASGI_APPLICATION = "storefront_api.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "storefront_api" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or postgres.ensure_database(
        postgres.ensure_server(VAR_DIR / "postgres"), "suite"
    )
    # Requests run in threads of their own: a pool spares each of them a new connection.
    suffix = os.environ.get("TEST_DB_SUFFIX", "")
    database = postgres.django_database(url)
    # Who gets none for so long is told to try again. Reads wait twice: the bare route leaves what fails to Django.
    pool = {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "20")), "timeout": 5}
    return database | {
        "OPTIONS": {**database["OPTIONS"], "pool": pool},
        "TEST": {"NAME": "test_suite" + (f"_{suffix}" if suffix else "")},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["storefront_api.auth_backend.DemoAwareBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "storefront_api" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# In Saleor's dashboard the admin is a frame of another site, whose cookies browsers keep apart; they must be secure.
if PUBLIC_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "None"

UNFOLD = admin_site.THEME

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("graphiql", BASE_DIR / "storefront_api" / "graphiql" / "dist")]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = os.environ.get("EMAIL_FILE_PATH", str(VAR_DIR / "mail"))
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "0") == "1"
# A mail server that hangs must not hold a worker for ever.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "shop@example.com")

# Celery only wakes workers up; the outbox and saga tables are the truth.
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_QUEUE_DIR = VAR_DIR / "queue"

# What Prometheus shows to read /metrics; empty: there is no such page.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Where traces go, for instance http://localhost:4318; empty: none are made.
OTEL_EXPORTER_OTLP_ENDPOINT = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
OTEL_SERVICE_NAME = os.environ.get("OTEL_SERVICE_NAME", "")

# How long the sums of searches are kept.
# For so long after the hand-over a clerk takes goods back; a manager does after it.
RETURN_DAYS = int(os.environ.get("RETURN_DAYS", "30"))
SEARCH_LOG_DAYS = int(os.environ.get("SEARCH_LOG_DAYS", "400"))

STRIPE_API_KEY = os.environ.get("STRIPE_API_KEY", "")

# The list of lost and stolen devices: the dotted name of an `inventory.blacklist.BlacklistPort`; empty: none is asked.
DEVICE_CHECK = os.environ.get("DEVICE_CHECK", "inventory.fake_blacklist.FakeBlacklist" if DEBUG else "")

LOG_FORMAT = os.environ.get("LOG_FORMAT", "text")
_formatters = {"text": "kernel.logs.TextFormatter", "json": "kernel.logs.JsonFormatter"}
if LOG_FORMAT not in _formatters:
    raise ImproperlyConfigured(f"LOG_FORMAT must be text or json, not {LOG_FORMAT}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _formatters[LOG_FORMAT]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # One line for each call of the core is too many.
        "httpx": {"level": "WARNING"},
        # Without Django's own handler, which would write each entry a second time, in another form.
        "django": {"handlers": [], "propagate": True},
        # The ASGI server has handlers of its own, which would write lines of another form. Who asked what is the
        # proxy's log: a line for each request would take longer than many an answer.
        "uvicorn": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}

_queue = str(CELERY_QUEUE_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"data_folder_in": _queue, "data_folder_out": _queue, "control_folder": f"{_queue}/control"}
    if CELERY_BROKER_URL.startswith("filesystem")
    else {}
)
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_QUEUE_DIR.mkdir(parents=True, exist_ok=True)
CELERY_TASK_IGNORE_RESULT = True
# A sweep finds what a lost wake-up left behind, so nothing depends on the broker.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "deliver-outbox": {"task": "kernel.tasks.deliver_outbox", "schedule": 5.0},
    "resume-sagas": {"task": "kernel.tasks.resume_sagas", "schedule": 5.0},
    # A wake-up that was lost must not make the catalogue older than two seconds.
    "process-inbox": {"task": "commerce.tasks.process_inbox", "schedule": 2.0},
    "purge-inbox": {"task": "commerce.tasks.purge_inbox", "schedule": 3600.0},
    "expire-reservations": {"task": "inventory.tasks.expire_due", "schedule": 15.0},
    "expire-esims": {"task": "inventory.tasks.expire_esims", "schedule": 60.0},
    "project-stock": {"task": "inventory.tasks.project_stock", "schedule": 5.0},
    "correct-late-movements": {"task": "inventory.tasks.correct_late_movements", "schedule": 60.0},
    "open-planned-counts": {"task": "plugins.store_operations.tasks.open_planned_counts", "schedule": 900.0},
    "compare-with-core": {"task": "inventory.tasks.compare_with_core", "schedule": 3600.0},
    "prove-stock": {"task": "inventory.tasks.prove_stock", "schedule": 86400.0},
    "purge": {"task": "kernel.tasks.purge", "schedule": 3600.0},
    "forget-attempts": {"task": "plugins.carts.tasks.forget_old_attempts", "schedule": 3600.0},
    "publish-offers": {"task": "plugins.bundles.tasks.publish_due", "schedule": 60.0},
    "expire-pickups": {"task": "plugins.pickup.tasks.expire_due", "schedule": 60.0},
    "look-at-held-orders": {"task": "plugins.carts.tasks.look_at_held_orders", "schedule": 900.0},
    "expire-capacity": {"task": "plugins.serviceability.tasks.expire_reservations", "schedule": 15.0},
    "forget-qualifications": {"task": "plugins.serviceability.tasks.forget_old", "schedule": 86400.0},
    "purge-search-log": {"task": "plugins.search_log.tasks.purge", "schedule": 86400.0},
    "catch-up-catalogue": {"task": "plugins.catalogue.tasks.catch_up", "schedule": 60.0},
    "resume-first-sync": {"task": "plugins.onboarding.tasks.resume", "schedule": 5.0},
    "mirror-core-stock": {"task": "plugins.onboarding.tasks.mirror_stock", "schedule": 900.0},
    # What a lost webhook left stale is mended within the hour.
    "sync-catalogue": {"task": "plugins.catalogue.tasks.sync_everything", "schedule": 3600.0},
}
# Beat repeats these: a backlog of the same sweep is worth nothing.
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["options"] = {"expires": _entry["schedule"] * 2}
