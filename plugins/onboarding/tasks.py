"""The worker's entry points. The run's row is the truth: a lost task loses nothing, the sweep takes it up."""

import logging

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerError

from commerce.errors import CoreError
from plugins.onboarding import events, services

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def resume() -> bool:
    """Go on with a copy of the catalogue that nobody works on. Woken at the start, and swept."""
    return services.work()


@shared_task(ignore_result=True)
def mirror_stock() -> int:
    """Copy the stock that the core owns: what a lost event left stale."""
    try:
        return events.mirror_all()
    except CoreError as error:
        log.warning("The core's stock is not copied: %s", error)
        return 0


def wake() -> None:
    """Tell a worker. With a broken broker the sweep finds the run."""
    if not getattr(settings, "CELERY_WAKE", True):
        return
    try:
        resume.apply_async(retry=False, ignore_result=True)
    except (BrokerError, OSError):
        log.warning("The broker does not answer; the sweep will find the run.", exc_info=True)
