"""What is on its way to a store, sent by another or announced by a supplier: told to people, promised to no one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F

from .models import NoticeLine, ShippingNotice, TransferLine


class IncomingKind(StrEnum):
    """How goods come."""

    IN_TRANSIT = "IN_TRANSIT"
    ANNOUNCED = "ANNOUNCED"


@dataclass(frozen=True, slots=True)
class Incoming:
    """Pieces of a SKU that a document brings, of which none is on the store's books yet.

    `sender` is the store or the supplier they come from. `expected_on` is only known of what was announced.
    """

    kind: IncomingKind
    quantity: int
    document: str
    sender: str
    expected_on: date | None = None


def on_the_way(sku: str, store_ids: Collection[str]) -> dict[str, tuple[Incoming, ...]]:
    """What comes of the SKU, by store id: transfers in transit by number, then open notices by day. Two queries."""
    found: dict[str, list[Incoming]] = defaultdict(list)
    in_transit = TransferLine.objects.filter(TransferLine.IN_TRANSIT, item_id=sku, transfer__target__in=store_ids)
    for sent in in_transit.select_related("transfer__origin").order_by("pk"):
        transfer = sent.transfer
        line = Incoming(IncomingKind.IN_TRANSIT, sent.in_transit, transfer.number, transfer.origin.name)
        found[transfer.target_id].append(line)
    open_notices = NoticeLine.objects.filter(
        item_id=sku,
        notice__store__in=store_ids,
        notice__state__in=ShippingNotice.OPEN,
        expected__gt=F("received") + F("damaged"),
    )
    by_day = open_notices.select_related("notice").order_by(F("notice__expected_on").asc(nulls_last=True), "pk")
    for told in by_day:
        notice = told.notice
        quantity = told.expected - told.arrived
        line = Incoming(IncomingKind.ANNOUNCED, quantity, notice.number, notice.supplier, notice.expected_on)
        found[notice.store_id].append(line)
    return {store_id: tuple(lines) for store_id, lines in found.items()}
