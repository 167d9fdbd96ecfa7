"""Celery entry points."""

from celery import shared_task

from plugins.pickup import services


@shared_task
def expire_due() -> int:
    """End the pickups that nobody collected in time."""
    return services.expire_due()
