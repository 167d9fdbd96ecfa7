"""Limits on guessing: so many failed tries of one kind in a window of time, then TOO_MANY_ATTEMPTS.

A try is counted before it is judged and given back when it was right, so that many at once cannot slip past.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import TOO_MANY_ATTEMPTS, ApiError
from plugins.carts.models import Attempts

WINDOW = timedelta(minutes=15)


def spend(subject: str, *, limit: int) -> None:
    """Count one try for `subject`. Errors: TOO_MANY_ATTEMPTS when `limit` were spent in fifteen minutes.

    It commits on its own and so must not run inside a transaction, whose roll-back would forget the try.
    """
    now = clock.now()
    key = subject[:200]
    with transaction.atomic(durable=True):
        Attempts.objects.bulk_create([Attempts(subject=key, window_ends_at=now + WINDOW)], ignore_conflicts=True)
        row = Attempts.objects.select_for_update().get(pk=key)
        if row.window_ends_at <= now:
            row.window_ends_at, row.failed = now + WINDOW, 0
        if row.failed >= limit:
            raise ApiError(TOO_MANY_ATTEMPTS, _("Too many wrong attempts. Please try again in fifteen minutes."))
        row.failed += 1
        row.save()


def give_back(subject: str) -> None:
    """The try was right: it does not count."""
    with transaction.atomic(durable=True):
        row = Attempts.objects.select_for_update().filter(pk=subject[:200], failed__gt=0).first()
        if row is not None:
            row.failed -= 1
            row.save(update_fields=["failed"])


def forget_old(limit: int = 10_000) -> int:
    """Delete windows that are over; returns how many."""
    old = Attempts.objects.filter(window_ends_at__lt=clock.now()).values_list("pk", flat=True)[:limit]
    return Attempts.objects.filter(pk__in=list(old)).delete()[0]
