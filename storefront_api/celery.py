"""The worker that empties the outbox. The broker only wakes it up: the database is the truth and is swept."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")

app = Celery("storefront_api")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _log_as_django_does(**_told: object) -> None:
    """Celery would put handlers of its own in the place of LOGGING's."""


@app.on_after_finalize.connect
def _watch(**_told: object) -> None:
    from storefront_api import observed  # It needs the tables, which Django has only once it is set up.

    observed.watch_tasks()
