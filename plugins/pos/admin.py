"""Shifts and sales for managers to look at, and the list of what they have to settle."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from kernel.admin import ReadOnly
from kernel.columns import amount, joined
from plugins.pos import services
from plugins.pos.models import Sale, SaleException, SaleLine, Shift, Tender


class SaleLineInline(ReadOnly, TabularInline):
    model = SaleLine
    fields = [
        "sku", "quantity", "shown_price", "shown_discount", "shown_tax", "shown_list_price", "price_reason",
        "shown_serials",
    ]  # fmt: skip
    readonly_fields = ["shown_price", "shown_discount", "shown_tax", "shown_list_price", "shown_serials"]
    hide_title = True
    extra = 0
    shown_price = amount("unit_price", _("unit price"), currency="sale.currency")
    shown_discount = amount("discount", _("discount"), currency="sale.currency")
    shown_tax = amount("tax", _("tax"), currency="sale.currency")
    shown_list_price = amount("list_price", _("list price"), currency="sale.currency")
    shown_serials = joined("serials", _("serial numbers"))


class TenderInline(ReadOnly, TabularInline):
    model = Tender
    fields = ["method", "shown_amount", "reference"]
    readonly_fields = ["shown_amount"]
    hide_title = True
    extra = 0
    shown_amount = amount("amount", _("amount"), currency="sale.currency")


class SaleExceptionInline(ReadOnly, TabularInline):
    model = SaleException
    fields = ["code", "message", "settled_at", "settled_by", "note"]
    hide_title = True
    extra = 0


@admin.register(Shift)
class ShiftAdmin(ReadOnly, ModelAdmin):
    list_display = [
        "register",
        "store",
        "opened_at",
        "closed_at",
        "shown_expected",
        "shown_counted",
        "shown_difference",
    ]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "store"]
    list_select_related = ["register", "store"]
    date_hierarchy = "opened_at"
    fields = [
        "register", "store", "opened_by", "opened_at", "shown_float", "closed_by", "closed_at",
        "shown_expected", "shown_counted", "shown_difference", "reason",
    ]  # fmt: skip
    readonly_fields = ["shown_float", "shown_expected", "shown_counted", "shown_difference"]
    shown_float = amount("opening_float", _("opening float"))
    shown_expected = amount("expected_cash", _("expected cash"))
    shown_counted = amount("counted_cash", _("counted cash"))
    shown_difference = amount("difference", _("difference"), sortable=False)


@admin.register(Sale)
class SaleAdmin(ReadOnly, ModelAdmin):
    list_display = ["occurred_at", "order", "register", "store", "staff", "shown_total", "offline"]
    list_filter = ["offline", ("exceptions", admin.EmptyFieldListFilter), "store"]
    list_select_related = ["order", "register", "store", "staff"]
    search_fields = ["order__number", "lines__sku", "client_id"]
    date_hierarchy = "occurred_at"
    fields = [
        "order", "client_id", "shift", "register", "store", "staff", "occurred_at", "recorded_at", "offline",
        "shown_total", "shown_tax",
    ]  # fmt: skip
    readonly_fields = ["client_id", "shown_total", "shown_tax"]
    shown_total = amount("total", _("total"))
    shown_tax = amount("tax_total", _("tax"))
    inlines = [SaleLineInline, TenderInline, SaleExceptionInline]


class SettlementForm(forms.ModelForm):  # type: ignore[type-arg]
    """How an exception was settled."""

    class Meta:
        model = SaleException
        fields = ["note"]
        widgets = {"note": UnfoldAdminTextareaWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "note" in self.fields:
            self.fields["note"].required = True


@admin.register(SaleException)
class SaleExceptionAdmin(ReadOnly, ModelAdmin):
    form = SettlementForm
    list_display = ["recorded_at", "code", "message", "order", "store", "settled_at", "settled_by"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter), "code", "sale__store"]
    list_select_related = ["sale__order", "sale__store"]
    search_fields = ["sale__order__number", "message"]
    date_hierarchy = "recorded_at"
    fields = ["sale", "code", "message", "params", "recorded_at", "settled_at", "settled_by", "note"]
    readonly_fields = ["sale", "code", "message", "params", "recorded_at", "settled_at", "settled_by"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the note of one that is not settled yet can be written."""
        is_open = obj is None or obj.settled_at is None
        return is_open and admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(description=_("order"))
    def order(self, row: SaleException) -> Any:
        return row.sale.order

    @admin.display(description=_("store"))
    def store(self, row: SaleException) -> Any:
        return row.sale.store

    def save_model(self, request: HttpRequest, obj: SaleException, form: Any, change: bool) -> None:
        services.settle_exception(exception_id=obj.pk, note=form.cleaned_data["note"], actor=f"admin:{request.user.pk}")
