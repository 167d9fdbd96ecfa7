"""Ports and slots promised to orders: reserve, confirm, release, expire. Never more than are there, each freed once.

Locks: reservations first, then openings in the order of day and id.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import INVALID, NOT_FOUND, ApiError
from kernel.locks import lock_rows
from plugins.serviceability import changes, errors, loader, services
from plugins.serviceability.models import CapacityOpening, CapacityReservation, Premises
from plugins.serviceability.qualification import Technology

State = CapacityReservation.State
EXPIRED_AT_ONCE = 500


@transaction.atomic
def reserve(
    *,
    key: str,
    owner: str,
    premises_id: str,
    technology: Technology,
    expires_at: dt.datetime,
    by: dt.date | None = None,
) -> CapacityReservation:
    """Hold one port for premises until `expires_at`: of those that are free the one that opens first.

    The same key again is the same reservation; once released it is made anew. `by` is the last day on which it may
    open, now and after any change of the network. Errors: CAPACITY_GONE (params first_day), NOT_FOUND (premises),
    INVALID (a time that is past, a technology without ports there, a key used for something else). Nothing is changed
    then.
    """
    if expires_at <= clock.now():
        raise ApiError(INVALID, _("Reserve until a time that is to come."), field="expiresAt")
    premises = Premises.objects.filter(pk=premises_id).first()
    if premises is None:
        raise ApiError(NOT_FOUND, _("There is no such address."), field="premisesId")
    known = lock_rows(CapacityReservation.objects.filter(key=key))
    if known and known[0].state in CapacityReservation.STANDING:
        return _same(known[0], premises_id, technology, expires_at)
    node = _node(premises, technology)
    opening = _take(node, by)
    values = {
        "owner": owner,
        "premises": premises,
        "technology": technology,
        "opening": opening,
        "state": State.HELD,
        "needed_by": by,
        "created_at": clock.now(),
        "expires_at": expires_at,
        "close_reason": "",
        "closed_at": None,
    }
    if known:
        CapacityReservation.objects.filter(pk=known[0].pk).update(**values)
        return CapacityReservation.objects.get(pk=known[0].pk)
    # Two with one key at once: the second waits here, is refused by the constraint, and the whole is rolled back.
    made, fresh = CapacityReservation.objects.get_or_create(key=key, defaults=values)
    if not fresh:
        _give_back([opening.pk])
        return _same(made, premises_id, technology, expires_at)
    return made


def _same(
    held: CapacityReservation, premises_id: str, technology: Technology, expires_at: dt.datetime
) -> CapacityReservation:
    if held.premises_id != premises_id or held.technology != technology:
        raise ApiError(INVALID, _("This key was used for another reservation."), field="key")
    if held.state == State.HELD and held.expires_at is not None and held.expires_at < expires_at:
        CapacityReservation.objects.filter(pk=held.pk).update(expires_at=expires_at)
        held.expires_at = expires_at
    return held


def _node(premises: Premises, technology: Technology) -> str:
    """The node whose ports the technology takes at the premises."""
    network = loader.network()
    today = network.calendar(premises.country).today(clock.now())
    lines = services.lines_of(premises)
    found = network.accesses(premises.latitude, premises.longitude, lines, today).get(technology)
    if found is None or not found[1]:
        raise ApiError(INVALID, _("This technology has no ports at the address."), field="technology")
    return found[1]


def _take(node: str, by: dt.date | None) -> CapacityOpening:
    openings = lock_rows(CapacityOpening.objects.filter(node=node), order_by=("opens_on", "pk"))
    free = [one for one in openings if one.reserved < one.ports]
    if not free or (by is not None and free[0].opens_on > by):
        first = free[0].opens_on.isoformat() if free else None
        raise ApiError(
            errors.CAPACITY_GONE,
            _("There is no free line at this place by then any more. Check the address again."),
            field="premisesId",
            params={"first_day": first},
        )
    taken = free[0]
    CapacityOpening.objects.filter(pk=taken.pk).update(reserved=F("reserved") + 1)
    if taken.reserved + 1 == taken.ports:
        # The first free day moves: others must hear of it.
        changes.network_changed([node])
    return taken


@transaction.atomic
def wait_for_port(
    *, key: str, owner: str, premises_id: str, technology: Technology, by: dt.date | None = None
) -> CapacityReservation | None:
    """Wait for a port in turn, as one that was confirmed and lost (`capacity`); one that is free now is taken at once.

    For what was sold without one. The same key again is the same reservation; None where the place has no ports at all,
    nor will have. Errors: NOT_FOUND (premises), INVALID (a technology without ports there).
    """
    premises = Premises.objects.filter(pk=premises_id).first()
    if premises is None:
        raise ApiError(NOT_FOUND, _("There is no such address."), field="premisesId")
    known = lock_rows(CapacityReservation.objects.filter(key=key))
    if known and known[0].state in CapacityReservation.STANDING:
        return known[0]
    node = _node(premises, technology)
    opening = CapacityOpening.objects.filter(node=node).order_by("opens_on", "pk").last()
    if opening is None:
        return None
    values = {"owner": owner, "premises": premises, "technology": technology, "opening": opening, "needed_by": by}
    values |= {
        "state": State.LOST,
        "created_at": clock.now(),
        "expires_at": None,
        "close_reason": "",
        "closed_at": None,
    }
    made, _new = CapacityReservation.objects.update_or_create(key=key, defaults=values)
    # Planners see who waits, and what is free already is given by the one who gives.
    changes.network_changed([node])
    return made


@transaction.atomic
def confirm(*, key: str) -> CapacityReservation:
    """Keep a port for good, the order being placed; twice is once. Errors: NOT_FOUND, CAPACITY_GONE (let go)."""
    held = _locked(key)
    if held.state == State.CONFIRMED:
        return held
    if held.state != State.HELD or (held.expires_at and held.expires_at <= clock.now()):
        message = _("The line is no longer kept. Check the address again.")
        raise ApiError(errors.CAPACITY_GONE, message, field="premisesId", params={"first_day": None})
    held.state, held.expires_at = State.CONFIRMED, None
    held.save(update_fields=["state", "expires_at"])
    return held


@transaction.atomic
def need_by(*, key: str, day: dt.date | None) -> None:
    """Another day was agreed on with who has the port; nothing for a key that has none."""
    CapacityReservation.objects.filter(key=key).update(needed_by=day)


@transaction.atomic
def release(*, key: str, reason: str) -> CapacityReservation:
    """Give a port back, once; a closed reservation stays as it is. Errors: NOT_FOUND."""
    held = _locked(key)
    if held.state in CapacityReservation.STANDING:
        _close([held], State.RELEASED, reason)
    return held


@transaction.atomic
def release_all(*, keys: Sequence[str], reason: str) -> int:
    """Give back the ports of those keys that have one, or wait for one; returns how many."""
    rows = lock_rows(CapacityReservation.objects.filter(key__in=keys, state__in=CapacityReservation.STANDING))
    _close(rows, State.RELEASED, reason)
    return len(rows)


@transaction.atomic
def expire_due() -> int:
    """Give back what was held too long; returns how many."""
    due = CapacityReservation.objects.filter(state=State.HELD, expires_at__lte=clock.now()).order_by("expires_at")
    keys = list(due.values_list("pk", flat=True)[:EXPIRED_AT_ONCE])
    # Read again under the lock: somebody may have confirmed it meanwhile.
    still = Q(pk__in=keys, state=State.HELD, expires_at__lte=clock.now())
    rows = lock_rows(CapacityReservation.objects.filter(still))
    _close(rows, State.EXPIRED, "expired")
    return len(rows)


def _locked(key: str) -> CapacityReservation:
    rows = lock_rows(CapacityReservation.objects.filter(key=key))
    if not rows:
        raise ApiError(NOT_FOUND, _("There is no such reservation."), field="key")
    return rows[0]


def _close(rows: Sequence[CapacityReservation], state: str, reason: str) -> None:
    if not rows:
        return
    _give_back([row.opening_id for row in rows if row.state in CapacityReservation.ACTIVE])
    for row in rows:
        row.state, row.close_reason, row.closed_at, row.expires_at = state, reason[:200], clock.now(), None
        row.save(update_fields=["state", "close_reason", "closed_at", "expires_at"])


def _give_back(openings: Sequence[int]) -> None:
    """One port to each opening that is named, twice where it is named twice."""
    locked = lock_rows(CapacityOpening.objects.filter(pk__in=openings), order_by=("opens_on", "pk"))
    were_full = [row.node_id for row in locked if row.reserved == row.ports]
    for row in locked:
        CapacityOpening.objects.filter(pk=row.pk).update(reserved=F("reserved") - openings.count(row.pk))
    if were_full:
        changes.network_changed(were_full)
