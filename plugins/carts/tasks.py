"""The worker's entry points of carts."""

from celery import shared_task

from plugins.carts import attempts, held
from plugins.carts.models import ServicePromise


@shared_task
def forget_old_attempts() -> int:
    """Delete counts of wrong tries whose window is over. Once an hour."""
    return attempts.forget_old()


@shared_task
def look_at_held_orders() -> int:
    """Let orders go on whose port opens today: a day that comes is no change of the network. Four times an hour."""
    return held.look_at_all([ServicePromise.State.HELD])
