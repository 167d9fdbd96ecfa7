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
PORT = int(os.environ.get("PORT", "8000"))
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}")

# The commerce core: Saleor, or the embedded one that `make run` starts.
SALEOR_API_URL = os.environ.get("SALEOR_API_URL", "")
SALEOR_APP_TOKEN = os.environ.get("SALEOR_APP_TOKEN", "")
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


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL") or postgres.ensure_database(
        postgres.ensure_server(VAR_DIR / "postgres"), "suite"
    )
    # Requests run in threads of their own: a pool spares each of them a new connection.
    suffix = os.environ.get("TEST_DB_SUFFIX", "")
    return postgres.django_database(url) | {
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
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

UNFOLD = admin_site.THEME

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("graphiql", BASE_DIR / "storefront_api" / "graphiql" / "dist")]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = os.environ.get("EMAIL_FILE_PATH", str(VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "shop@example.com")

# Celery only wakes workers up; the outbox and saga tables are the truth.
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_QUEUE_DIR = VAR_DIR / "queue"

# How long the sums of searches are kept.
SEARCH_LOG_DAYS = int(os.environ.get("SEARCH_LOG_DAYS", "400"))

STRIPE_API_KEY = os.environ.get("STRIPE_API_KEY", "")

# The list of lost and stolen devices: the dotted name of an `inventory.blacklist.BlacklistPort`; empty: none is asked.
DEVICE_CHECK = os.environ.get("DEVICE_CHECK", "inventory.fake_blacklist.FakeBlacklist" if DEBUG else "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # One line for each call of the core is too many.
    "loggers": {"httpx": {"level": "WARNING"}},
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
    "process-inbox": {"task": "commerce.tasks.process_inbox", "schedule": 5.0},
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
    "expire-capacity": {"task": "plugins.serviceability.tasks.expire_reservations", "schedule": 15.0},
    "forget-qualifications": {"task": "plugins.serviceability.tasks.forget_old", "schedule": 86400.0},
    "purge-search-log": {"task": "plugins.search_log.tasks.purge", "schedule": 86400.0},
    # What a lost webhook left stale is mended within the hour.
    "sync-catalogue": {"task": "plugins.catalogue.tasks.sync_everything", "schedule": 3600.0},
}
# Beat repeats these: a backlog of the same sweep is worth nothing.
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["options"] = {"expires": _entry["schedule"] * 2}
