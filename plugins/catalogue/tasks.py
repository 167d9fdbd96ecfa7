"""Celery entry points of the catalogue."""

import logging

from celery import shared_task

from commerce.errors import CoreUnavailable
from plugins.catalogue import services
from plugins.catalogue.models import Channel

log = logging.getLogger(__name__)


@shared_task
def sync_everything() -> dict[str, int]:
    """Copy the core's whole catalogue, which mends what lost webhooks left stale. Returns changes per channel."""
    return {slug: report.changed + report.removed for slug, report in services.sync_everything().items()}


@shared_task
def catch_up() -> dict[str, int]:
    """Copy what changed in the core since the last reading, by its own times. Returns products read per channel."""
    channels = Channel.objects.filter(is_active=True, read_until__isnull=False).values_list("pk", flat=True)
    try:
        return {slug: services.catch_up(slug).seen for slug in sorted(channels)}
    except CoreUnavailable as error:
        log.warning("The catalogue is not caught up with: %s", error)
        return {}
