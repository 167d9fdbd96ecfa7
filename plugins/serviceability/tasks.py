"""Celery entry points, and what runs when a server process starts and stops."""

from celery import shared_task

from plugins.serviceability import loader, reservations, services


@shared_task
def expire_reservations() -> None:
    """Give back ports that were held too long."""
    reservations.expire_due()


@shared_task
def forget_old() -> None:
    """Delete answers that nobody needs any more."""
    services.forget_old()


def warm_up() -> None:
    """Load premises and network now, so that the first question does not wait."""
    loader.follower.renew()
    loader.follower.start()


def wind_down() -> None:
    """Stop following the tables."""
    loader.follower.stop()
