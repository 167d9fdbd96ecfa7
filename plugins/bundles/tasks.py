"""The worker's entry points of bundles."""

from celery import shared_task

from plugins.bundles import services


@shared_task
def publish_due() -> int:
    """Publish the versions that are due. Once a minute."""
    return len(services.publish_due())
