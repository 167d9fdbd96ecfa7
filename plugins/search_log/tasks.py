"""The worker's entry points of the search log."""

from celery import shared_task

from plugins.search_log import services


@shared_task
def purge() -> int:
    """Forget rare texts and old days. Once a day."""
    return services.purge()
