"""Counts as the tests open, tell, end and post them."""

import uuid

from inventory import (
    count_opening,
    count_posting,
    count_variance,
    counts,
)
from inventory.counts import Told
from inventory.models import Balance, CountEntry, Movement, StockCount

from .test_rooms import refusal


def opened(store, **more):
    call = {"type": "AD_HOC", "name": "Count", "source_key": str(uuid.uuid4()), "actor": "staff:1"}
    return count_opening.open_count(store_id=store.pk, **(call | more))


def part_of(count, where=None):
    return count.parts.get(room__code=where or "FLOOR")


def tell(part, item, quantity=0, serials=(), *, clock=None, actor="staff:1", device="R1", anew=False, **more):
    part.refresh_from_db()
    call = {"source_key": str(uuid.uuid4()), "round": part.round, "device": device, "actor": actor}
    told = [Told(item.sku, quantity, serials, anew)]
    lines = counts.record(count_id=part.count_id, part_id=part.pk, told=told, **(call | more))
    if clock:
        clock.advance(seconds=1)
    return lines[0]


def complete(part, *, rest_is_zero=False, **more):
    part.refresh_from_db()
    call = {"round": part.round, "device": "R1", "source_key": str(uuid.uuid4()), "actor": "staff:1"}
    return counts.complete_part(count_id=part.count_id, part_id=part.pk, rest_is_zero=rest_is_zero, **(call | more))


def authorise(count, accept="all", actor="staff:9"):
    lines = count_variance.lines_of(count)
    accepted = [line.pk for line in lines] if accept == "all" else accept
    return count_posting.authorise(count_id=count.pk, accepted=accepted, actor=actor)


def on_hand(item):
    return Balance.objects.get(item=item).on_hand


def state_of(thing):
    return type(thing).objects.get(pk=thing.pk).state


def everything():
    return (
        list(StockCount.objects.order_by("pk").values_list("pk", "state")),
        list(CountEntry.objects.order_by("pk").values_list("pk", "quantity", "withdrawn")),
        list(Balance.objects.order_by("pk").values_list("pk", "on_hand", "unsellable", "unregistered")),
        Movement.objects.count(),
    )


def refused(call):
    before = everything()
    found = refusal(call)
    assert everything() == before
    return found.code
