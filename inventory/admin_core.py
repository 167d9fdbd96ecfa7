"""The list of differences with the core, and the page on which a person settles one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from kernel.admin import ReadOnly

from . import core_differences
from .admin_settling import Facts, SettledFilter, SettlingAdmin, Way
from .models import Balance, CoreDifference, CoreOrder

# Other stores that could help out.
STORES_SHOWN = 5


@admin.register(CoreDifference)
class CoreDifferenceAdmin(SettlingAdmin):
    permission = "inventory.settle_core_difference"
    template = "inventory/core_difference.html"
    numbers_label = gettext_lazy("Numbers of the pieces that went")

    list_display = ("detected_at", "kind_name", "item", "store", "pieces", "order", "settled")
    list_filter = (SettledFilter, "kind", "store", "detected_at")
    list_select_related = ("store", "order")
    search_fields = ("item__sku", "order__number")

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, row: CoreDifference) -> str:
        """What it is."""
        return str(row.get_kind_display())

    def ways(self, row: CoreDifference) -> list[Way]:
        """Numbers are only wanted of tracked pieces that went."""
        return [
            Way(way, str(way.label), core_differences.effect(row, way), core_differences.needs_numbers(row, way))
            for way in core_differences.ways(row)
        ]

    def effect(self, row: CoreDifference, settlement: str, numbers: Sequence[str]) -> list[str]:
        """A sentence for each thing that the settlement would do."""
        return core_differences.effect(row, settlement, numbers)

    def settle(self, row: CoreDifference, settlement: str, *, actor: str, reason: str, numbers: Sequence[str]) -> None:
        """Settle it, here and in the core."""
        core_differences.settle(difference_id=row.pk, settlement=settlement, actor=actor, note=reason, serials=numbers)

    def settled_with(self, row: CoreDifference) -> Facts:
        """The note."""
        return [(_("Note"), row.note)] if row.note else []

    def more(self, row: CoreDifference) -> dict[str, Any]:
        """Who else has the article that an order lacks."""
        title = row.get_kind_display()
        return {"title": title, "others": _others(row) if row.kind == CoreDifference.Kind.OVERSOLD else []}

    def facts(self, row: CoreDifference) -> Facts:
        """What the core said, and what the books say now."""
        balance = Balance.objects.filter(store=row.store, item=row.item).first()
        facts = [(_("Store"), str(row.store)), (_("SKU"), row.item_id), (_("Pieces"), _pieces(row))]
        if row.kind == CoreDifference.Kind.EDITED:
            facts += [(_("The core was told"), str(row.told)), (_("Found in the core"), str(row.found))]
        if row.order is not None:
            facts.append((_("Order in the core"), f"{row.order.number} ({row.order.channel}, {row.order.status})"))
        if row.by:
            facts.append((_("Changed by"), row.by))
        if balance is not None:
            facts += [(_("On hand"), str(balance.on_hand)), (_("Reserved"), str(balance.reserved))]
        facts.append((_("Detected at"), localize(localtime(row.detected_at))))
        return facts


@admin.register(CoreOrder)
class CoreOrderAdmin(ReadOnly, ModelAdmin):
    list_display = ("number", "channel", "status", "seen_at", "looked_at")
    list_filter = ("status", "channel", "seen_at")
    search_fields = ("number", "core_id")


def _others(row: CoreDifference) -> list[Balance]:
    """Stores from which the missing pieces could be brought, those with most first."""
    rows = Balance.objects.filter(item=row.item).exclude(store=row.store).select_related("store")
    able = [balance for balance in rows if balance.on_hand - balance.unsellable - balance.reserved - balance.safety > 0]
    return sorted(able, key=lambda balance: balance.reserved + balance.safety - balance.on_hand)[:STORES_SHOWN]


def _pieces(row: CoreDifference) -> str:
    """An edit has a sign; an order lacks so many."""
    return f"{row.pieces:+d}" if row.kind == CoreDifference.Kind.EDITED else str(row.pieces)
