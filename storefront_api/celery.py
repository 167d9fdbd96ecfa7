"""The worker that empties the outbox. The broker only wakes it up: the database is the truth and is swept."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")

app = Celery("storefront_api")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
