"""The screens of stock rooms, safety stock and reasons. What they change is applied to the balances at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from kernel import audit

from . import explained, rooms, safety
from .incoming import Incoming, IncomingKind
from .models import Balance, ParLevel, Reason, Reservation, SafetyStock, StockRoom
from .models.stock import GoodsRule

LABELS = {
    explained.LineKind.ON_HAND: _("On hand"),
    explained.LineKind.UNSELLABLE: _("Not sellable"),
    explained.LineKind.RESERVED: _("Reserved"),
    explained.LineKind.SAFETY: _("Safety stock"),
}

ROW = '<tr><th scope="row" class="font-normal pr-6 py-1 text-left">{}</th><td class="py-1 text-right">{}</td></tr>'


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    """A room; of the sales floor only code and name are a matter of choice."""

    class Meta:
        model = StockRoom
        fields = ("code", "kind", "name", "sellable")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == StockRoom.Kind.FLOOR:
            self.fields["kind"].disabled = self.fields["sellable"].disabled = True
        else:
            kinds = [choice for choice in StockRoom.Kind.choices if choice[0] != StockRoom.Kind.FLOOR]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class StockRoomInline(TabularInline):
    model = StockRoom
    form = RoomForm
    fields = ("code", "kind", "name", "sellable")
    # Movements name it: a room that is not used any more stays, empty.
    can_delete = False
    hide_title = True
    extra = 0


class SafetyStockInline(TabularInline):
    model = SafetyStock
    verbose_name_plural = _("safety stock rules of this store")
    fields = ("item", "category", "quantity")
    autocomplete_fields = ("item",)
    hide_title = True
    extra = 0


def save_inline(formset: Any) -> None:
    """Write the rooms or safety rules of a store's page, and what follows for its balances."""
    if formset.model is StockRoom:
        for room in formset.save(commit=False):
            rooms.upsert_room(
                store_id=room.store_id,
                code=room.code,
                kind=room.kind,
                name=room.name,
                sellable=room.sellable,
                room_id=None if room._state.adding else room.pk,
            )
    else:
        formset.save()
        if formset.has_changed():
            safety.rules_changed()


class GoodsRules(ModelAdmin):
    """Rules for a SKU or a category, in one store or in all."""

    list_display = ("goods", "place", "quantity")
    list_filter = ("store",)
    list_select_related = ("store", "item")
    search_fields = ("item__sku", "category")
    autocomplete_fields = ("item", "store")

    @display(description=_("SKU or category"), ordering="item")
    def goods(self, rule: GoodsRule) -> str:
        """For what."""
        return rule.item_id or rule.category

    @display(description=_("store"), ordering="store")
    def place(self, rule: SafetyStock | ParLevel) -> str:
        """Where."""
        return str(rule.store or _("all stores"))


@admin.register(SafetyStock)
class SafetyStockAdmin(GoodsRules):
    def save_model(self, request: HttpRequest, obj: SafetyStock, form: Any, change: bool) -> None:
        """Save, apply, and keep who did it."""
        super().save_model(request, obj, form, change)
        self._changed(request, "safety_stock.saved", obj)

    def delete_model(self, request: HttpRequest, obj: SafetyStock) -> None:
        """Delete, apply, and keep who did it."""
        self._changed(request, "safety_stock.deleted", obj, apply=False)
        super().delete_model(request, obj)
        safety.rules_changed()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SafetyStock]) -> None:
        """Each of them, as `delete_model`."""
        for rule in list(queryset):
            self.delete_model(request, rule)

    def _changed(self, request: HttpRequest, action: str, rule: SafetyStock, *, apply: bool = True) -> None:
        if apply:
            safety.rules_changed()
        audit.record(
            actor=f"admin:{request.user.pk}",
            action=action,
            subject=f"safety_stock:{rule.pk}",
            detail={
                "sku": rule.item_id,
                "category": rule.category,
                "store_id": rule.store_id,
                "quantity": rule.quantity,
            },
        )


@admin.register(Reason)
class ReasonAdmin(ModelAdmin):
    list_display = ("code", "name", "name_zh", "direction", "kind", "to_kind", "approval_from", "is_active")
    list_filter = ("direction", "is_active")
    search_fields = ("code", "name", "name_zh")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Movements name it by its code: it is made inactive, never deleted."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is the key: another code is another reason."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Reason, form: Any, change: bool) -> None:
        """Save, and keep who did it."""
        super().save_model(request, obj, form, change)
        audit.record(
            actor=f"admin:{request.user.pk}",
            action="reason.saved",
            subject=f"reason:{obj.pk}",
            detail={"changed": list(form.changed_data)},
        )


def explanation(balance: Balance) -> SafeString:
    """How the number comes about, as a table, and below it what is on its way; five queries."""
    found = explained.explain(balance.item_id, [balance.store_id])[balance.store_id]
    rows = format_html_join(
        "",
        ROW,
        [(_label(line), f"{line.quantity:+d}") for line in found.lines],
    )
    total = format_html(ROW, gettext("Can be promised"), found.available)
    table = format_html('<table><tbody>{}</tbody><tfoot class="border-t font-semibold">{}</tfoot></table>', rows, total)
    if not found.incoming:
        return table
    coming = format_html_join("", ROW, [(_coming(line), f"{line.quantity:+d}") for line in found.incoming])
    return format_html(
        '{}<table class="mt-4"><caption class="text-left">{}</caption><tbody>{}</tbody></table>',
        table,
        gettext("On the way, not counted"),
        coming,
    )


def _coming(line: Incoming) -> str:
    if line.kind == IncomingKind.IN_TRANSIT:
        return gettext("In transit: %(document)s from %(sender)s") % {"document": line.document, "sender": line.sender}
    told = gettext("Announced: %(document)s of %(sender)s") % {"document": line.document, "sender": line.sender}
    return f"{told}, {date_format(line.expected_on)}" if line.expected_on else told


def _label(line: explained.Line) -> str:
    label = str(LABELS[line.kind])
    if line.purpose is not None:
        return f"{label}: {Reservation.Purpose(line.purpose).label}"
    if line.kind == explained.LineKind.ON_HAND:
        return f"{label}: {line.room or StockRoom.Kind.FLOOR.label}"
    return f"{label}: {line.room}" if line.room else label
