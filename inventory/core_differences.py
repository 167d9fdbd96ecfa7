"""The list of differences with the core: how a person settles each."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.core import core
from commerce.errors import CoreRefused
from kernel import audit
from kernel.locks import lock_rows

from . import adjustments, contradictions, core_edits, core_orders, errors, ledger
from .models import CoreDifference
from .settlements import Plan

Kind, Settlement = CoreDifference.Kind, CoreDifference.Settlement

# Numbered pieces that somebody took out in the core: nobody here knows where they are.
GONE = "LOST"

_WAYS = {
    Kind.EDITED: (Settlement.BOOKED, Settlement.OVERWRITTEN),
    Kind.OVERSOLD: (Settlement.KEPT, Settlement.CANCELLED, Settlement.NOTED),
}


def ways(difference: CoreDifference) -> tuple[CoreDifference.Settlement, ...]:
    """The ways to settle it."""
    return _WAYS[Kind(difference.kind)]


def needs_numbers(difference: CoreDifference, settlement: str) -> bool:
    """Whether the pieces that went must be named."""
    return settlement == Settlement.BOOKED and difference.pieces < 0 and difference.item.tracked


def effect(difference: CoreDifference, settlement: str, serials: Sequence[str] = ()) -> list[str]:
    """All that a settlement does, a sentence for each step. Raises SETTLEMENT_NOT_POSSIBLE for a way of other kinds."""
    if settlement not in ways(difference):
        raise errors.settlement_not_possible(settlement, "")
    told = {
        "store": difference.store.name,
        "sku": difference.item_id,
        "pieces": abs(difference.pieces),
        "order": difference.order.number if difference.order else "",
    }
    if needs_numbers(difference, settlement):
        lost = _("%(store)s: %(number)s of %(sku)s is lost")
        return [lost % (told | {"number": number}) for number in serials]
    if settlement == Settlement.BOOKED:
        return contradictions.effect(Plan([core_edits.entry(difference)]))
    return [_SAID[Settlement(settlement)] % told]


_SAID = {
    Settlement.OVERWRITTEN: gettext_lazy("The core is told our quantity of %(sku)s in %(store)s again. No movement."),
    Settlement.KEPT: gettext_lazy(
        "%(pieces)s × %(sku)s in %(store)s are kept for order %(order)s, if they are there by now."
    ),
    Settlement.CANCELLED: gettext_lazy(
        "Order %(order)s is cancelled in the core, and what is kept for it here becomes free."
    ),
    Settlement.NOTED: gettext_lazy(
        "No movement: order %(order)s stays as it is in the core, and nothing more is kept for it."
    ),
}


def settle(
    *, difference_id: int, settlement: str, actor: str, note: str = "", serials: Sequence[str] = ()
) -> CoreDifference:
    """Settle a difference; a repeat by the same person answers the same. Not to be called in a transaction.

    BOOKED follows an edit in the books (`serials` name tracked pieces that went); OVERWRITTEN tells the core our
    quantity again. KEPT tries to keep the pieces of an order again, CANCELLED cancels the order in the core.

    Raises NOT_FOUND, SETTLEMENT_NOT_POSSIBLE, those of `adjustments.adjust`; CoreUnavailable. Nothing is changed then.
    """
    difference = CoreDifference.objects.select_related("order").filter(pk=difference_id).first()
    if difference is None:
        raise errors.core_difference_not_found(difference_id)
    if difference.kind == Kind.OVERSOLD and difference.settled_at is None and settlement != Settlement.NOTED:
        _in_the_core(difference, settlement)
    with transaction.atomic():
        (row,) = lock_rows(CoreDifference.objects.filter(pk=difference_id))
        if row.settled_at is not None:
            # Trying again may just have taken it off the list.
            if row.settlement == settlement and row.settled_by in (actor, core_orders.ACTOR):
                return row
            raise errors.settlement_not_possible(settlement, str(row.get_settlement_display()))
        if settlement not in ways(row):
            raise errors.settlement_not_possible(settlement, "")
        if settlement == Settlement.KEPT:
            raise errors.insufficient_stock([errors.Shortage(row.item_id, row.pieces, 0)])
        _settle(row, settlement, actor, note, serials)
    return row


def _in_the_core(difference: CoreDifference, settlement: str) -> None:
    assert difference.order is not None
    if settlement == Settlement.CANCELLED:
        try:
            core().cancel_order(difference.order.core_id)
        except CoreRefused as refused:
            raise errors.settlement_not_possible(settlement, refused.message) from refused
    core_orders.look(difference.order.core_id)


def _settle(row: CoreDifference, settlement: str, actor: str, note: str, serials: Sequence[str]) -> None:
    movement = None
    if settlement == Settlement.BOOKED:
        place = (row.store_id, row.item_id)
        if row.pieces < 0 and row.item.tracked:
            adjustments.adjust(
                store_id=row.store_id,
                reason_code=GONE,
                change=adjustments.Change(row.item_id, -row.pieces, list(serials)),
                note=note,
                source_key=f"core-difference/{row.pk}",
                actor=actor,
            )
        else:
            books = ledger.Books.locked([place])
            if books.free(place) + row.pieces < 0:
                raise errors.insufficient_stock([errors.Shortage(row.item_id, -row.pieces, max(books.free(place), 0))])
            (movement,) = books.book([core_edits.entry(row)], actor=actor, occurred_at=None)
    elif settlement == Settlement.OVERWRITTEN:
        books = ledger.Books.locked([(row.store_id, row.item_id)])
        books.tell_core(books.places())
    core_edits.settle(row, settlement, by=actor, note=note, movement=movement)
    audit.record(
        actor=actor,
        action="core_difference.settled",
        subject=f"core_difference:{row.pk}",
        detail={"settlement": settlement},
    )
