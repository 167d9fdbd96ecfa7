"""Acts of store staff drawn at random: deliveries, transfers step by step, counts up to their posting.

Each says all that it tells, so that whoever lost the answer can tell it again.
"""

import random
import uuid
from datetime import datetime
from typing import Any

from stdnum import luhn

from inventory import count_variance
from inventory.counts import Told
from inventory.models import CountLine, StockCount, Transfer, Unit
from inventory.services import Counted
from kernel import clock
from kernel.errors import ApiError
from kernel.identity import Caller
from plugins.staff.permissions import STOCK_AUTHORISE, STOCK_COUNT, STOCK_RECEIVE, STOCK_TRANSFER
from plugins.store_operations import counting, deliveries, transfers
from plugins.store_operations.acts import Device, Performed

Operation = dict[str, Any]
CLERK, MANAGER = "1", "2"


def drawn(draw: random.Random, stores: list[str], skus: dict[str, Any]) -> Operation:
    """What somebody does next, in one of the stores."""
    here, other = draw.sample(stores, 2)
    facts = draw.choice([_deliver, _deliver, _transfer, _transfer, _count, _count, _count])(draw, here, other, skus)
    return {"key": str(uuid.UUID(int=draw.getrandbits(128))), "at": clock.now().isoformat(), "store": here} | facts


def perform(operation: Operation) -> dict[str, Any] | None:
    """Do it; what it answered, or None when it was refused with a sentence."""
    done = told(operation)
    return done.outcome if done else None


def told(operation: Operation) -> Performed | None:
    """As `perform`, with whether it was a repeat."""
    person = MANAGER if operation["kind"] == "authorise" else CLERK
    caller = Caller(
        kind="staff",
        id=person,
        permissions=frozenset({STOCK_RECEIVE, STOCK_TRANSFER, STOCK_COUNT, STOCK_AUTHORISE}),
        store_id=operation["store"],
        register_id="r1",
    )
    device = Device(caller, operation["key"], datetime.fromisoformat(operation["at"]), operation["store"])
    try:
        return _ACTS[operation["kind"]](device, operation)
    except ApiError:
        return None


def _imei(draw: random.Random) -> str:
    body = f"35{draw.randrange(10**6):06d}{draw.randrange(990_000):06d}"
    return body + luhn.calc_check_digit(body)


def _deliver(draw: random.Random, here: str, other: str, skus: dict[str, Any]) -> Operation:
    serials = [_imei(draw) for _piece in range(draw.randint(0, 2))]
    return {
        "kind": "deliver",
        "number": f"D-{draw.getrandbits(64)}",
        "lines": [[draw.choice(skus["plain"]), draw.randint(1, 5), []], [skus["phone"], len(serials), serials]],
    }


def _transfer(draw: random.Random, here: str, other: str, skus: dict[str, Any]) -> Operation:
    """The next step of a transfer of this store, or a new one."""
    open_here = Transfer.objects.filter(origin_id=here, state__in=["APPROVED", "PICKING"])
    waiting = list((open_here | Transfer.objects.filter(target_id=here, state="SHIPPED")).order_by("pk")[:5])
    if not waiting:
        phone = [[skus["phone"], 1]] if _free(here, skus["phone"]) else []
        lines = [[draw.choice(skus["plain"]), draw.randint(1, 3)], *phone]
        return {"kind": "send", "other": other, "lines": lines}
    found = draw.choice(waiting)
    if found.state == "APPROVED":
        return {"kind": "pick", "transfer": str(found.pk)}
    if found.state == "PICKING":
        free = _free(here, skus["phone"])
        lines = [
            [line.item_id, line.approved, draw.sample(free, 1) if line.item_id == skus["phone"] and free else []]
            for line in found.lines.order_by("item_id")
        ]
        return {"kind": "ship", "transfer": str(found.pk), "lines": lines}
    lines = []
    for line in found.lines.prefetch_related("units__unit").order_by("item_id"):
        serials = [row.unit.identifier for row in line.units.all()]
        lines.append([line.item_id, line.shipped - draw.randint(0, 1) if not serials else line.shipped, serials])
    return {"kind": "arrive", "transfer": str(found.pk), "lines": lines}


def _count(draw: random.Random, here: str, other: str, skus: dict[str, Any]) -> Operation:
    """The next step of the store's count, or a new one."""
    found = (
        StockCount.objects.filter(store_id=here, state__in=["NEW", "IN_PROGRESS", "COUNTED"])
        .order_by("opened_at")
        .first()
    )
    if found is None:
        return {"kind": "open", "skus": [*draw.sample(skus["plain"], 2), skus["phone"]]}
    lines = list(CountLine.objects.filter(part__count=found).select_related("item", "part").order_by("pk"))
    if found.state == "COUNTED":
        return {"kind": "authorise", "count": found.pk, "lines": [line.pk for line in lines]}
    part = lines[0].part
    left = [line for line in lines if line.counted is None]
    facts = {"count": found.pk, "part": part.pk}
    if not left:
        return {"kind": "complete", **facts}
    line = left[0]
    if line.item.tracked:
        return {
            "kind": "record",
            **facts,
            "sku": line.item_id,
            "quantity": 0,
            "serials": _free(here, line.item_id)[:100],
        }
    expected = count_variance.expected(found, [line])[line.pk]
    return {
        "kind": "record",
        **facts,
        "sku": line.item_id,
        "quantity": max(expected + draw.randint(-1, 1), 0),
        "serials": [],
    }


def _free(store: str, sku: str) -> list[str]:
    units = Unit.objects.filter(store_id=store, item_id=sku, state="IN_STOCK").order_by("identifier")
    return list(units.values_list("identifier", flat=True))


def _counted(operation: Operation) -> list[Counted]:
    return [Counted(sku, quantity, tuple(serials)) for sku, quantity, serials in operation["lines"] if quantity]


_ACTS = {
    "deliver": lambda device, told: deliveries.receive_unannounced(
        device, supplier="Acme", number=told["number"], lines=_counted(told)
    ),
    "send": lambda device, told: transfers.request(
        device, other_store_id=told["other"], pushed=True, lines=[tuple(line) for line in told["lines"]], note=""
    ),
    "pick": lambda device, told: transfers.pick(device, transfer_id=told["transfer"]),
    "ship": lambda device, told: transfers.ship(
        device, transfer_id=told["transfer"], lines=[tuple(line) for line in told["lines"]]
    ),
    "arrive": lambda device, told: transfers.receive(
        device, transfer_id=told["transfer"], lines=_counted(told), finish=True
    ),
    "open": lambda device, told: counting.open_count(
        device,
        type="AD_HOC",
        name="Count",
        scope="SKUS",
        room_id=None,
        category="",
        skus=told["skus"],
        blind=True,
        by_category=False,
    ),
    "record": lambda device, told: counting.record(
        device,
        count_id=told["count"],
        part_id=told["part"],
        round=1,
        lines=[Told(told["sku"], told["quantity"], tuple(told["serials"]))],
    ),
    "complete": lambda device, told: counting.complete(
        device, count_id=told["count"], part_id=told["part"], round=1, rest_is_zero=True
    ),
    "authorise": lambda device, told: counting.authorise(device, count_id=told["count"], accepted=told["lines"]),
}
