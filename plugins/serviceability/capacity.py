"""Ports that a planner adds, takes away or moves to another day, and whose promise of a port that touches.

Decided in the transaction of the change, so that nobody comes in between: who reserved last loses first; who reserved
first gets first what is free. A confirmed reservation that is left without a port is LOST and waits; one that is only
held for an order being placed is released. Locks: reservations by id, then openings by day and id, as everywhere.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.errors import INVALID, TRY_AGAIN, ApiError
from kernel.locks import lock_rows
from plugins.serviceability import changes
from plugins.serviceability.models import CapacityOpening, CapacityReservation

State = CapacityReservation.State
TRIES = 5
TOLD = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an opening is to have."""

    ports: int
    opens_on: dt.date


class _RacedError(Exception):
    """Somebody reserved between the two locks."""


@transaction.atomic
def change(*, wanted: Mapping[int, Wanted], actor: str) -> int:
    """Set ports and days of openings, by their ids; returns how many reservations have no port now, or another one.

    Errors: INVALID (two openings of a node on one day), TRY_AGAIN. Nothing is changed then.
    """
    nodes = set(CapacityOpening.objects.filter(pk__in=wanted).values_list("node", flat=True))
    try:
        moved = _settled(nodes, wanted)
    except IntegrityError as error:
        message = _("This node has capacity that opens on that day already: change that one.")
        raise ApiError(INVALID, message, field="opensOn") from error
    audit.record(
        actor=actor,
        action="serviceability.capacity_changed",
        subject="serviceability",
        detail={"nodes": sorted(nodes)[:TOLD], "openings": len(wanted), "reservations_moved": moved},
    )
    changes.network_changed(nodes)
    return moved


@transaction.atomic
def settle(nodes: Collection[str]) -> int:
    """Give the free ports of nodes to those who lost theirs or have one that opens too late; returns how many moved."""
    late = Q(state=State.CONFIRMED, needed_by__lt=F("opening__opens_on"))
    waiting = CapacityReservation.objects.filter(Q(state=State.LOST) | late).order_by()
    if nodes:
        waiting = waiting.filter(opening__node__in=nodes)
    concerned = set(waiting.values_list("opening__node", flat=True))
    moved = _settled(concerned, {}) if concerned else 0
    if moved:
        changes.network_changed(concerned)
    return moved


def _settled(nodes: Collection[str], wanted: Mapping[int, Wanted]) -> int:
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _settle_once(nodes, wanted)
        except _RacedError:
            continue
    raise ApiError(TRY_AGAIN, _("Others are at work on this. Please try again in a moment."))


def _settle_once(nodes: Collection[str], wanted: Mapping[int, Wanted]) -> int:
    standing = CapacityReservation.objects.filter(opening__node__in=nodes, state__in=CapacityReservation.STANDING)
    rows = lock_rows(standing)
    openings = lock_rows(CapacityOpening.objects.filter(node__in=nodes), order_by=("opens_on", "pk"))
    counted = Counter(row.opening_id for row in rows if row.state in CapacityReservation.ACTIVE)
    if any(opening.reserved != counted[opening.pk] for opening in openings):
        # What was reserved meanwhile is not locked: once more, or the last to reserve would not be the first to lose.
        raise _RacedError
    for opening in openings:
        if opening.pk in wanted:
            opening.ports, opening.opens_on = wanted[opening.pk].ports, wanted[opening.pk].opens_on
    places = {row.pk: row.opening_id if row.state in CapacityReservation.ACTIVE else None for row in rows}
    moved = 0
    for node in sorted(nodes):
        own = [opening for opening in openings if opening.node_id == node]
        ids = {opening.pk for opening in own}
        there = [row for row in rows if row.opening_id in ids]
        after = placed(own, there)
        moved += sum(_move(row, after[row.pk]) for row in there if after[row.pk] != places[row.pk])
        taken = Counter(place for place in after.values() if place is not None)
        for opening in own:
            CapacityOpening.objects.filter(pk=opening.pk).update(
                ports=opening.ports, opens_on=opening.opens_on, reserved=taken[opening.pk]
            )
    return moved


def placed(openings: Sequence[CapacityOpening], rows: Sequence[CapacityReservation]) -> dict[object, int | None]:
    """For each reservation of a node, by id, the opening that it has a port of, None for no port. Writes nothing."""
    days = {opening.pk: opening.opens_on for opening in openings}
    free = {opening.pk: opening.ports for opening in openings}
    by_age = sorted(rows, key=lambda row: (row.created_at, row.pk))
    after: dict[object, int | None] = {row.pk: None for row in by_age}
    for row in by_age:
        if row.state in CapacityReservation.ACTIVE and free[row.opening_id] > 0:
            after[row.pk] = row.opening_id
            free[row.opening_id] -= 1
    while True:
        # A port that one leaves for an earlier one is free for the next.
        step = next((found for row in by_age if (found := _better(row, after[row.pk], days, free))), None)
        if step is None:
            return after
        row, opening = step
        if (before := after[row.pk]) is not None:
            free[before] += 1
        free[opening] -= 1
        after[row.pk] = opening


def _better(
    row: CapacityReservation, now: int | None, days: Mapping[int, dt.date], free: Mapping[int, int]
) -> tuple[CapacityReservation, int] | None:
    """The first free opening for one that has none, or an earlier one for one that has it too late."""
    if now is None and row.state == State.HELD:
        return None
    if now is not None and (row.needed_by is None or days[now] <= row.needed_by):
        return None
    first = min((one for one in free if free[one] > 0), key=lambda one: (days[one], one), default=None)
    if first is None or (now is not None and days[first] >= days[now]):
        return None
    return row, first


def _move(row: CapacityReservation, opening: int | None) -> bool:
    if opening is not None:
        row.opening_id, row.state, row.close_reason = (
            opening,
            State.CONFIRMED if row.expires_at is None else row.state,
            "",
        )
    elif row.state == State.HELD:
        row.state, row.expires_at = State.RELEASED, None
        row.close_reason, row.closed_at = "capacity withdrawn", clock.now()
    else:
        row.state, row.close_reason = State.LOST, "capacity withdrawn"
    row.save(update_fields=["opening", "state", "expires_at", "close_reason", "closed_at"])
    return True
