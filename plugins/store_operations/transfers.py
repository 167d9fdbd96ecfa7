"""Transfers between stores as the staff of either end works on them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inventory import errors, transfer_receipts
from inventory import transfers as inventory
from inventory.models import ReceiptDifference, Transfer, TransferLine
from inventory.services import Counted
from kernel.devices import register_of
from kernel.identity import Caller
from kernel.pages import Page, page
from plugins.staff.permissions import STOCK_AUTHORISE, STOCK_TRANSFER
from plugins.store_operations.acts import Device, Performed, Told
from plugins.store_operations.pieces import (
    TRANSFER_MISSING,
    authorised_by,
    bounded,
    counted,
    number_of,
)

LARGEST_PAGE = 100


def of_store(*, caller: Caller, incoming: bool, first: int | None, after: str | None) -> Page[Transfer]:
    """The transfers to (or from) the caller's store, the latest first; those that are closed too.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID.
    """
    _register, store_id = register_of(caller, STOCK_TRANSFER)
    ours = Q(target_id=store_id) if incoming else Q(origin_id=store_id)
    return page(_summed(Transfer.objects.filter(ours)), first, after, LARGEST_PAGE, keyset=("-pk",))


def transfer(*, caller: Caller, transfer_id: str) -> Transfer:
    """A transfer to or from the caller's store. Errors: UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND."""
    _register, store_id = register_of(caller, STOCK_TRANSFER)
    return _own(transfer_id, Q(target_id=store_id) | Q(origin_id=store_id))


def lines_of(found: Transfer) -> list[TransferLine]:
    """Its lines with their items and the units sent. Two queries."""
    return list(found.lines.select_related("item").prefetch_related("units__unit"))


def differences_of(found: Transfer) -> list[ReceiptDifference]:
    """What did not come as sent. One query."""
    return list(found.differences.select_related("unit"))


def request(
    device: Device, *, other_store_id: str, pushed: bool, lines: Sequence[tuple[str, int]], note: str
) -> Performed:
    """Ask the other store for goods, or with `pushed` send it some. Errors: those of `inventory.transfers.request`."""
    bounded(lines, 0)

    def act(told: Told) -> int:
        origin, target = (told.store_id, other_store_id) if pushed else (other_store_id, told.store_id)
        made = inventory.request(
            origin_id=origin,
            target_id=target,
            lines=lines,
            source_key=f"act:{told.key}",
            actor=told.actor,
            pushed=pushed,
            note=note,
        )
        return made.pk

    facts = {"other": other_store_id, "pushed": pushed, "lines": [list(line) for line in lines], "note": note}
    return _perform(device, STOCK_TRANSFER, "transfer.request", facts, act)


def decide(device: Device, *, transfer_id: str, approve: bool, quantities: Mapping[str, int] | None) -> Performed:
    """The sending store agrees, to all or to the quantities by SKU, or does not."""
    bounded(list(quantities or ()), 0)

    def act(told: Told) -> int:
        found = _sent_from(transfer_id, told)
        if approve:
            inventory.approve(transfer_id=found.pk, actor=told.actor, quantities=quantities)
        else:
            inventory.reject(transfer_id=found.pk, actor=told.actor)
        return found.pk

    facts = {"transfer": transfer_id, "approve": approve, "quantities": dict(quantities) if quantities else None}
    return _perform(device, STOCK_TRANSFER, "transfer.decide", facts, act)


def pick(device: Device, *, transfer_id: str) -> Performed:
    """The sending store keeps the goods for it."""

    def act(told: Told) -> int:
        return inventory.start_picking(transfer_id=_sent_from(transfer_id, told).pk, actor=told.actor).pk

    return _perform(device, STOCK_TRANSFER, "transfer.pick", {"transfer": transfer_id}, act)


def ship(device: Device, *, transfer_id: str, lines: Sequence[tuple[str, int, Sequence[str]]]) -> Performed:
    """The sending store hands the goods over to whoever carries them."""
    bounded(lines, sum(len(codes) for _sku, _quantity, codes in lines))

    def act(told: Told) -> int:
        found = _sent_from(transfer_id, told)
        return inventory.ship(transfer_id=found.pk, lines=lines, actor=told.actor, occurred_at=told.occurred_at).pk

    facts = {"transfer": transfer_id, "lines": [[sku, quantity, list(codes)] for sku, quantity, codes in lines]}
    return _perform(device, STOCK_TRANSFER, "transfer.ship", facts, act)


def cancel(device: Device, *, transfer_id: str) -> Performed:
    """Either store calls it off before it is shipped."""

    def act(told: Told) -> int:
        found = _own(transfer_id, Q(target_id=told.store_id) | Q(origin_id=told.store_id))
        return inventory.cancel(transfer_id=found.pk, actor=told.actor).pk

    return _perform(device, STOCK_TRANSFER, "transfer.cancel", {"transfer": transfer_id}, act)


def receive(device: Device, *, transfer_id: str, lines: Sequence[Counted], finish: bool) -> Performed:
    """The receiving store books what was counted; with `finish` what did not come is written down as short."""

    def act(told: Told) -> int:
        found = _own(transfer_id, Q(target_id=told.store_id))
        if lines or not finish:
            transfer_receipts.receive(
                transfer_id=found.pk,
                lines=lines,
                source_key=f"act:{told.key}",
                actor=told.actor,
                authorised_by=authorised_by(device.caller, told),
                occurred_at=told.occurred_at,
            )
        if finish:
            transfer_receipts.finish(transfer_id=found.pk, actor=told.actor)
        return found.pk

    facts = {"transfer": transfer_id, "lines": counted(lines), "finish": finish}
    return _perform(device, STOCK_TRANSFER, "transfer.receive", facts, act)


def settle(device: Device, *, transfer_id: str, difference_id: str, settlement: str, quantity: int | None) -> Performed:
    """A manager of either store says what became of what did not come as sent."""

    def act(told: Told) -> int:
        found = _own(transfer_id, Q(target_id=told.store_id) | Q(origin_id=told.store_id))
        if not found.differences.filter(pk=number_of(difference_id, TRANSFER_MISSING)).exists():
            raise errors.document_not_found(TRANSFER_MISSING)
        transfer_receipts.settle(
            difference_id=difference_id, settlement=settlement, actor=told.actor, quantity=quantity
        )
        return found.pk

    facts = {"transfer": transfer_id, "difference": difference_id, "settlement": settlement, "quantity": quantity}
    return _perform(device, STOCK_AUTHORISE, "transfer.settle", facts, act)


def _perform(
    device: Device, permission: str, kind: str, facts: Mapping[str, Any], act: Callable[[Told], int]
) -> Performed:
    """An act that answers the transfer's id."""
    return device.perform(permission, kind, facts, lambda told: {"transfer": act(told)})


def recorded(performed: Performed) -> Transfer:
    """The transfer that an act was about, as it is now."""
    return _summed(Transfer.objects.filter(pk=performed.outcome["transfer"])).get()


def _sent_from(transfer_id: str, told: Told) -> Transfer:
    return _own(transfer_id, Q(origin_id=told.store_id))


def _own(transfer_id: str, ours: Q) -> Transfer:
    found = _summed(Transfer.objects.filter(ours, pk=number_of(transfer_id, TRANSFER_MISSING))).first()
    if found is None:
        raise errors.document_not_found(TRANSFER_MISSING)
    return found


def _summed(rows: QuerySet[Transfer]) -> QuerySet[Transfer]:
    return rows.select_related("origin", "target").annotate(
        requested=Coalesce(Sum("lines__requested"), 0),
        shipped=Coalesce(Sum("lines__shipped"), 0),
        ended=Coalesce(
            Sum("lines__received") + Sum("lines__damaged") + Sum("lines__sent_back") + Sum("lines__lost"), 0
        ),
    )
