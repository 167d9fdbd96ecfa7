"""Shifts and sales for managers to look at, and the list of what they have to settle."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from plugins.pos import services
from plugins.pos.models import Sale, SaleException, SaleLine, Shift, Tender


class ReadOnly:
    """No one adds, changes or deletes what happened."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class SaleLineInline(ReadOnly, TabularInline):
    model = SaleLine
    fields = ["sku", "quantity", "unit_price", "discount", "tax", "list_price", "price_reason", "serials"]
    extra = 0


class TenderInline(ReadOnly, TabularInline):
    model = Tender
    fields = ["method", "amount", "reference"]
    extra = 0


class SaleExceptionInline(ReadOnly, TabularInline):
    model = SaleException
    fields = ["code", "message", "settled_at", "settled_by", "note"]
    extra = 0


@admin.register(Shift)
class ShiftAdmin(ReadOnly, ModelAdmin):
    list_display = ["register", "store", "opened_at", "closed_at", "expected_cash", "counted_cash", "difference"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "store"]
    list_select_related = ["register", "store"]
    date_hierarchy = "opened_at"
    fields = [
        "register", "store", "currency", "opened_by", "opened_at", "opening_float", "closed_by", "closed_at",
        "expected_cash", "counted_cash", "difference", "reason",
    ]  # fmt: skip
    readonly_fields = ["difference"]

    @admin.display(description=_("difference"))
    def difference(self, shift: Shift) -> Any:
        return shift.difference


@admin.register(Sale)
class SaleAdmin(ReadOnly, ModelAdmin):
    list_display = ["occurred_at", "order", "register", "store", "staff", "total", "currency", "offline"]
    list_filter = ["offline", ("exceptions", admin.EmptyFieldListFilter), "store"]
    list_select_related = ["order", "register", "store", "staff"]
    search_fields = ["order__number", "lines__sku", "client_id"]
    date_hierarchy = "occurred_at"
    fields = [
        "order", "client_id", "shift", "register", "store", "staff", "occurred_at", "recorded_at", "offline",
        "currency", "total", "tax_total",
    ]  # fmt: skip
    readonly_fields = ["client_id"]
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
