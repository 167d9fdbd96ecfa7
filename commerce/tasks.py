"""Celery entry points. The inbox's table is the truth: a lost task loses nothing, the next sweep finds the event."""

from celery import shared_task

from commerce import inbox


@shared_task(ignore_result=True)
def process_inbox() -> int:
    """Handle the core's events that are due. Woken by each delivery and by beat."""
    return inbox.process_due()


@shared_task(ignore_result=True)
def purge_inbox() -> int:
    """Forget events that were handled long ago."""
    return inbox.purge()
