"""Deliveries from suppliers and depots as the staff of a store receives them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inventory import errors
from inventory.models import NoticeLine, ReceiptDifference, ShippingNotice
from inventory.services import Counted, receiving
from kernel.devices import register_of
from kernel.identity import Caller
from kernel.pages import Page, page
from plugins.staff.permissions import STOCK_RECEIVE
from plugins.store_operations.acts import Device, Performed, Told
from plugins.store_operations.pieces import SHIPMENT_MISSING, authorised_by, counted, number_of

LARGEST_PAGE = 100


def open_deliveries(*, caller: Caller, first: int | None, after: str | None) -> Page[ShippingNotice]:
    """The notices of the caller's store that are not closed, the earliest first, with `lines_count`, `expected` and
    `arrived`.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID.
    """
    _register, store_id = register_of(caller, STOCK_RECEIVE)
    rows = _summed(ShippingNotice.objects.filter(store_id=store_id, state__in=ShippingNotice.OPEN))
    return page(rows.order_by(F("expected_on").asc(nulls_last=True), "pk"), first, after, LARGEST_PAGE)


def delivery(*, caller: Caller, delivery_id: str) -> ShippingNotice:
    """A notice of the caller's store, with its sums. Errors: UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND."""
    _register, store_id = register_of(caller, STOCK_RECEIVE)
    return _own(delivery_id, store_id)


def lines_of(notice: ShippingNotice) -> list[NoticeLine]:
    """Its lines with their items and the units announced. Two queries."""
    return list(notice.lines.select_related("item").prefetch_related("units__unit"))


def differences_of(notice: ShippingNotice) -> list[ReceiptDifference]:
    """What did not come as announced. One query."""
    return list(notice.differences.select_related("unit"))


def receive(device: Device, *, delivery_id: str, lines: Sequence[Counted], finish: bool) -> Performed:
    """Book what was counted; with `finish` nothing more will come, and the differences are written down.

    Without lines it only finishes. A manager approves more than the tolerance by doing it. Errors: those of `perform`,
    LIMIT_EXCEEDED, NOT_FOUND, and those of `inventory.receiving.receive` and `close`.
    """

    def act(told: Told) -> dict[str, Any]:
        notice = _own(delivery_id, told.store_id)
        if lines or not finish:
            receiving.receive(
                notice_id=notice.pk,
                lines=lines,
                source_key=f"act:{told.key}",
                actor=told.actor,
                authorised_by=authorised_by(device.caller, told),
                occurred_at=told.occurred_at,
            )
        differences = receiving.close(notice_id=notice.pk, actor=told.actor) if finish else []
        return {"delivery": notice.pk, "differences": len(differences)}

    facts = {"delivery": delivery_id, "lines": counted(lines), "finish": finish}
    return device.perform(STOCK_RECEIVE, "delivery.receive", facts, act)


def receive_unannounced(device: Device, *, supplier: str, number: str, lines: Sequence[Counted]) -> Performed:
    """Book a delivery that came with nothing but a delivery note.

    Errors: those of `perform`, LIMIT_EXCEEDED, and those of `inventory.receiving.receive_unannounced`.
    """

    def act(told: Told) -> dict[str, Any]:
        notice = receiving.receive_unannounced(
            supplier=supplier,
            number=number,
            store_id=told.store_id,
            lines=lines,
            source_key=f"act:{told.key}",
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
        return {"delivery": notice.pk, "differences": notice.differences.count()}

    facts = {"supplier": supplier, "number": number, "lines": counted(lines)}
    return device.perform(STOCK_RECEIVE, "delivery.unannounced", facts, act)


def recorded(performed: Performed) -> ShippingNotice:
    """The delivery that an act was about, as it is now, with its sums."""
    return _summed(ShippingNotice.objects.filter(pk=performed.outcome["delivery"])).get()


def _own(delivery_id: str, store_id: str) -> ShippingNotice:
    chosen = ShippingNotice.objects.filter(pk=number_of(delivery_id, SHIPMENT_MISSING), store_id=store_id)
    found = _summed(chosen).first()
    if found is None:
        raise errors.document_not_found(SHIPMENT_MISSING)
    return found


def _summed(notices: QuerySet[ShippingNotice]) -> QuerySet[ShippingNotice]:
    return notices.annotate(
        lines_count=Count("lines", filter=Q(lines__expected__gt=0)),
        expected=Coalesce(Sum("lines__expected"), 0),
        arrived_count=Coalesce(Sum(F("lines__received") + F("lines__damaged")), 0),
    )
