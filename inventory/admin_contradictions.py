"""The resolution list: what speaks against the books, and the page on which a person settles it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from . import contradictions, documents, errors, resolution, settlements
from .admin_settling import Facts, SettledFilter, SettlingAdmin, Way
from .models import Contradiction, Movement, StockRoom, Store, Unit
from .settlements import Impossible

NAMES = Contradiction.Settlement.NAME_UNITS


@admin.register(Contradiction)
class ContradictionAdmin(SettlingAdmin):
    permission = "inventory.resolve_contradiction"
    template = "inventory/contradiction.html"
    numbers_label = gettext_lazy("Numbers of the right pieces")
    settled_message = gettext_lazy("It is settled, and the books are right.")

    list_display = ("recorded_at", "kind", "message", "item", "store", "settled")
    list_filter = (SettledFilter, "type", "movement__store", "recorded_at")
    list_select_related = ("movement__store",)
    search_fields = ("message", "serial", "movement__item__sku", "movement__source_key")

    @display(description=gettext_lazy("type"), ordering="type")
    def kind(self, row: Contradiction) -> str:
        """What it is."""
        return str(row.get_type_display())

    @display(description=gettext_lazy("SKU"), ordering="movement__item")
    def item(self, row: Contradiction) -> str:
        """Of which article."""
        return row.movement.item_id

    @display(description=gettext_lazy("store"), ordering="movement__store")
    def store(self, row: Contradiction) -> Store:
        """Where it was booked."""
        return row.movement.store

    def ways(self, row: Contradiction) -> list[Way]:
        """What naming pieces does is known once they are named."""
        labels = dict(Contradiction.Settlement.choices)
        return [
            Way(way, str(labels[way]), () if way == NAMES else contradictions.effect(made), way == NAMES)
            for way, made in settlements.proposals(row).items()
        ]

    def effect(self, row: Contradiction, settlement: str, numbers: Sequence[str]) -> list[str]:
        """A sentence for each thing that the settlement would book."""
        try:
            return contradictions.effect(settlements.plan(row, settlement, numbers))
        except Impossible as why:
            raise errors.settlement_not_possible(settlement, str(why)) from why

    def settle(self, row: Contradiction, settlement: str, *, actor: str, reason: str, numbers: Sequence[str]) -> None:
        """Settle it; numbers count only where pieces are named."""
        resolution.settle(
            contradiction_id=row.pk,
            settlement=settlement,
            actor=actor,
            reason=reason,
            serials=numbers if settlement == NAMES else (),
        )

    def settled_with(self, row: Contradiction) -> Facts:
        """The reason, and the pieces that were named."""
        facts = [(_("Reason"), row.settled_reason or "–")]
        return [*facts, (_("Numbers named"), ", ".join(row.settled_with))] if row.settled_with else facts

    def more(self, row: Contradiction) -> dict[str, Any]:
        """The document, both balances, and the unit with its life."""
        return {
            "title": row.get_type_display(),
            "document_link": _document_link(row),
            "unit": row.unit,
            "history": _history(row.unit) if row.unit_id else [],
            "places": _places(row),
        }

    def facts(self, row: Contradiction) -> Facts:
        """The movement that was booked."""
        movement = Movement.objects.select_related("store", "room").get(pk=row.movement_id)
        document = documents.of(movement.source_key)
        facts = [
            (_("What happened"), f"{movement.get_kind_display()} {movement.quantity:+d} × {movement.item_id}"),
            (_("Where"), f"{movement.store}, {movement.room or StockRoom.Kind.FLOOR.label}"),
            (_("When"), str(localize(localtime(movement.occurred_at)))),
            (_("Who"), movement.actor),
            (_("Document"), document.title if document else movement.source_key),
        ]
        if row.serial:
            facts.append((_("Number"), row.serial))
        if row.pieces:
            facts.append((_("Booked by quantity alone"), f"{row.pieces:+d}"))
        return facts


def _document_link(row: Contradiction) -> str:
    """The address of the document's screen; empty when it has none."""
    document = documents.of(row.movement.source_key)
    if document is None or not document.screen:
        return ""
    try:
        return reverse(document.screen, args=[document.pk])
    except NoReverseMatch:
        return ""


def _places(row: Contradiction) -> list[dict[str, Any]]:
    """The balances of both stores: where it was booked, and where the books have the piece."""
    own = (row.movement.store_id, row.movement.item_id)
    return [
        {"balance": balance, "booked_here": (balance.store_id, balance.item_id) == own}
        for balance in contradictions.balances(row, row.unit)
    ]


def _history(unit: Unit | None) -> list[Any]:
    return [] if unit is None else list(unit.links.select_related("movement__store").order_by("movement_id")[:50])
