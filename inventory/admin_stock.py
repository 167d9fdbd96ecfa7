"""The screens of the stock itself: balances by room and worth, and the movements that made them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from kernel.admin import ReadOnly

from . import admin_reports, atp, opening_import, valuation
from .admin_exports import Exporting
from .admin_imports import import_page
from .admin_rules import explanation
from .models import Balance, Movement, StockRoom, UnitMovement


class AvailabilityFilter(admin.SimpleListFilter):
    """Balances by what can still be promised."""

    title = _("availability")
    parameter_name = "availability"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Available, nothing left, short."""
        return [("some", _("Available")), ("none", _("Nothing left")), ("short", _("Short (below zero)"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Balance]) -> QuerySet[Balance]:
        """The balances of the choice."""
        match self.value():
            case "some":
                return queryset.filter(atp.ANY_AVAILABLE)
            case "none":
                return queryset.exclude(atp.ANY_AVAILABLE)
            case "short":
                return queryset.filter(short_since__isnull=False)
        return queryset


class PricedList(ChangeList):
    """Balances with the selling prices of a page, in two queries."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's, then the prices."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        price_all(self.result_list)


def price_all(balances: Sequence[Any]) -> None:
    """Note the price on each balance, None where it is not known."""
    found = valuation.prices([(row.store, row.item_id) for row in balances])
    for row in balances:
        row.price = found.get((row.store_id, row.item_id))


def worth_of(balance: Any) -> tuple[Decimal, str] | None:
    """What the pieces on hand would sell for, in which currency."""
    if balance.price is None:
        return None
    amount, currency = balance.price
    return (amount * max(balance.on_hand, 0)).quantize(Decimal("0.01")), currency


def rooms_of(balance: Balance) -> dict[str, int]:
    """Pieces by kind of room; what is in no other room is on the floor."""
    lying: dict[str, int] = {StockRoom.Kind.FLOOR: balance.on_hand}
    for row in balance.rooms.all():
        lying[row.room.kind] = lying.get(row.room.kind, 0) + row.quantity
        lying[StockRoom.Kind.FLOOR] -= row.quantity
    return lying


@admin.register(Balance)
class BalanceAdmin(Exporting, ReadOnly, ModelAdmin):
    list_display = (
        "item",
        "store",
        "on_hand",
        "by_room",
        "unsellable",
        "reserved",
        "safety",
        "available",
        "worth",
        "without_serial",
        "short_since",
    )
    fields = (
        "store",
        "item",
        "explanation",
        "on_hand",
        "unsellable",
        "reserved",
        "safety",
        "unregistered",
        "short_since",
    )
    readonly_fields = ("explanation",)
    list_filter = (AvailabilityFilter, "item__tracking", "store")
    list_select_related = ("store", "item")
    search_fields = ("item__sku", "store__name", "store__code")
    actions_list = (*Exporting.actions_list, "bring_in")
    export_headings = (
        _("SKU"),
        _("store"),
        *(kind.label for kind in StockRoom.Kind),
        _("on hand"),
        _("not sellable"),
        _("reserved"),
        _("safety stock"),
        _("available"),
        _("value at price"),
        _("currency"),
        _("without serial"),
    )

    def get_urls(self) -> list[URLPattern]:
        """With the import of opening stock, and the reports."""
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="inventory_balance_import"),
            path("differences/", view(admin_reports.differences), name="inventory_differences"),
            path(
                "differences/export.<slug:kind>",
                view(admin_reports.differences_export),
                name="inventory_differences_export",
            ),
            path("shrink/", view(admin_reports.shrink), name="inventory_shrink"),
            path("shrink/<slug:name>.<slug:kind>", view(admin_reports.shrink_export), name="inventory_shrink_export"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Balance]:
        """With what lies in rooms: two queries more for a page."""
        return super().get_queryset(request).prefetch_related("rooms__room")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """A list that knows the prices of its page."""
        return PricedList

    def export_rows(self, found: QuerySet[Balance]) -> Iterator[Sequence[Any]]:
        """A balance a row, priced by the thousand."""
        balances = found.select_related("store", "item").iterator(chunk_size=1000)
        while some := list(islice(balances, 1000)):
            price_all(some)
            for balance in some:
                yield self._export_row(balance)

    def _export_row(self, balance: Any) -> list[Any]:
        amount, currency = worth_of(balance) or (None, "")
        lying = rooms_of(balance)
        return [
            balance.item_id,
            str(balance.store),
            *(lying.get(kind, 0) for kind in StockRoom.Kind.values),
            balance.on_hand,
            balance.unsellable,
            balance.reserved,
            balance.safety,
            self.available(balance),
            amount,
            currency,
            self.without_serial(balance),
        ]

    @display(description=_("where"))
    def by_room(self, balance: Balance) -> str:
        """Pieces by kind of room, the floor first."""
        lying = rooms_of(balance)
        parts = [f"{StockRoom.Kind(kind).label} {count}" for kind, count in lying.items() if count]
        # A line breaks between rooms, not within.
        return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts) or "–"

    @display(description=_("value at price"))
    def worth(self, balance: Balance) -> str:
        """What it would sell for, where the price is known."""
        known = worth_of(balance)
        return f"{localize(known[0])} {known[1]}" if known else "–"

    def has_bring_in_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Django's permission to add."""
        return request.user.has_perm("inventory.add_balance")

    @action(description=_("Import opening stock"), url_path="bring-in", permissions=["bring_in"], icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """The button above the list leads to the page."""
        return HttpResponseRedirect(reverse("admin:inventory_balance_import"))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Opening stock from a spreadsheet."""
        if not self.has_bring_in_permission(request):
            raise PermissionDenied
        return import_page(
            request,
            title=gettext("Import opening stock"),
            explained=gettext(
                "What each store has on its first day. A SKU that was opened in its store before is left as it is."
            ),
            columns=(*opening_import.REQUIRED, *opening_import.OPTIONAL),
            required=opening_import.REQUIRED,
            bring_in=opening_import.bring_in,
            back="admin:inventory_balance_changelist",
        )

    @display(description=_("available"))
    def available(self, balance: Balance) -> int:
        """Available to promise."""
        return atp.available_to_promise(
            on_hand=balance.on_hand,
            unsellable=balance.unsellable,
            reserved=balance.reserved,
            safety=balance.safety,
        )

    @display(description=_("available"))
    def explanation(self, balance: Balance) -> str:
        """How it comes about, line by line."""
        return explanation(balance)

    @display(description=_("without serial"))
    def without_serial(self, balance: Balance) -> int | None:
        """Pieces whose serial is not known; of no meaning for what has none."""
        return balance.unregistered if balance.item.tracked else None


class UnitMovementInline(ReadOnly, TabularInline):
    model = UnitMovement
    verbose_name_plural = _("units moved")
    fields = ("unit",)
    hide_title = True
    extra = 0


@admin.register(Movement)
class MovementAdmin(Exporting, ReadOnly, ModelAdmin):
    list_display = ("occurred_at", "kind", "item", "quantity", "balance_after", "store", "room", "actor", "source_key")
    list_filter = ("kind", "store", "room__kind", "occurred_at")
    list_select_related = ("store", "item", "room")
    search_fields = ("item__sku", "source_key", "actor", "reason")
    date_hierarchy = "occurred_at"
    inlines = (UnitMovementInline,)
    export_headings = (
        _("occurred at"),
        _("kind"),
        _("SKU"),
        _("quantity"),
        _("balance after"),
        _("store"),
        _("stock room"),
        _("reason"),
        _("actor"),
        _("source"),
    )

    def export_rows(self, found: QuerySet[Movement]) -> Iterator[Sequence[Any]]:
        """A movement a row; times are UTC."""
        for row in found.select_related("store", "room").iterator(chunk_size=2000):
            yield [
                row.occurred_at.isoformat(),
                row.get_kind_display(),
                row.item_id,
                row.quantity,
                row.balance_after,
                row.store,
                row.room or StockRoom.Kind.FLOOR.label,
                row.reason,
                row.actor,
                row.source_key,
            ]
