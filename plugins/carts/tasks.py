"""The worker's entry points of carts."""

from celery import shared_task

from plugins.carts import attempts


@shared_task
def forget_old_attempts() -> int:
    """Delete counts of wrong tries whose window is over. Once an hour."""
    return attempts.forget_old()
