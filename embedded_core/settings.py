"""Django settings of the embedded core. Every value that differs between machines comes from the environment."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent
VERSION = "3.23-embedded"

DEBUG = os.environ.get("DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("EMBEDDED_CORE_SECRET_KEY") or ("only-for-development-" + "0" * 32 if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("EMBEDDED_CORE_SECRET_KEY must be set when DEBUG is off.")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
# Where others reach this core: the issuer of its tokens and the `Saleor-Api-Url` of its webhooks.
PUBLIC_URL = os.environ.get("EMBEDDED_CORE_PUBLIC_URL", "http://127.0.0.1:8001").rstrip("/")
API_URL = f"{PUBLIC_URL}/graphql/"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# The suite runs on the same host at another port, and cookies know no port: names of our own keep both signed in.
SESSION_COOKIE_NAME = "embedded_core_session"
CSRF_COOKIE_NAME = "embedded_core_csrf"

# Only tests and demonstrations may ask for failures.
FAULTS_ENABLED = os.environ.get("EMBEDDED_CORE_FAULTS") == "1"

ACCESS_TOKEN_SECONDS = int(os.environ.get("EMBEDDED_CORE_ACCESS_TOKEN_SECONDS", "300"))
REFRESH_TOKEN_SECONDS = 30 * 24 * 3600
QUANTITY_LIMIT_PER_CHECKOUT = 50
WEBHOOK_TIMEOUT_SECONDS = 10.0

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "embedded_core",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "embedded_core.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
    url = os.environ.get("EMBEDDED_CORE_DATABASE_URL", "")
    if not url:
        # Printing the schema needs no database; whatever needs one says that the URL is missing.
        return {"ENGINE": "django.db.backends.dummy"}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("EMBEDDED_CORE_DATABASE_URL must be set to a postgresql:// URL.")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Requests run in threads of their own: a pool spares each of them a new connection.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "embedded_core.User"
AUTHENTICATION_BACKENDS = ["embedded_core.auth_backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
# An order with many lines has more form fields than Django's default lets through in the admin.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # One line per delivery attempt says nothing that the delivery's own row does not.
    "loggers": {"httpx": {"level": "WARNING"}},
}
