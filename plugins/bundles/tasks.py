"""The worker's entry points of bundles, and what runs when a server process starts and stops."""

from celery import shared_task

from plugins.bundles import monthly, services


@shared_task
def publish_due() -> int:
    """Publish the versions that are due. Once a minute."""
    return len(services.publish_due())


def warm_up() -> None:
    """Work out monthly prices from now on, so that no search waits for them."""
    monthly.follower.start()


def wind_down() -> None:
    """Stop working them out."""
    monthly.follower.stop()
