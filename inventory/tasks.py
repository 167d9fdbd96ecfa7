"""The worker's entry points. All may run at any time, side by side: the tables decide."""

import logging

from celery import shared_task

from commerce.errors import CoreUnavailable

from . import core_edits, count_late, esim, projection, proof, services

log = logging.getLogger(__name__)


@shared_task
def expire_due() -> int:
    """Free the holds whose time has run out."""
    return services.expire_due()


@shared_task
def expire_esims() -> int:
    """Give back the eSIM profiles that were reserved until now."""
    return esim.expire_due()


@shared_task
def project_stock() -> int:
    """Tell the core the quantities that changed."""
    return projection.push_due()


@shared_task
def compare_with_core() -> int:
    """Compare what the core has with what it was told; differences are booked or listed."""
    try:
        return core_edits.compare_all().differences
    except CoreUnavailable as error:
        log.warning("the core's stock could not be compared: %s", error)
        return 0


@shared_task
def prove_stock() -> int:
    """Compare balances with ledger, reservations and units; each difference is logged as an error."""
    found = proof.differences()
    for difference in found:
        log.error("stock does not add up: %s", difference)
    return len(found)


@shared_task
def correct_late_movements() -> int:
    """Give back what a count had seen already when a device told of it."""
    return count_late.correct()
