"""Carts, orders and customers to look at. They change by what customers and staff do, never by hand."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from kernel.admin import ReadOnly, Refusing
from kernel.columns import amount, joined
from plugins.carts import held, timeline, unchecked
from plugins.carts.models import (
    Cart,
    CartBundle,
    CartLine,
    Contact,
    Customer,
    Order,
    OrderEvent,
    OrderLine,
    OrderReturn,
    ServiceHold,
    ServicePromise,
    UncheckedOrder,
)

_STATUS_COLOURS = {
    "PLACED": "info",
    "HELD": "warning",
    "IN_PROGRESS": "info",
    "FULFILLED": "success",
    "CANCELLED": "danger",
}


class WithName:
    """The customer's name as a column."""

    @admin.display(description=_("name"))
    def customer_name(self, row: Contact) -> str:
        return row.full_name


class CartLineInline(ReadOnly, TabularInline):
    model = CartLine
    fields = ["sku", "name", "quantity", "shown_price", "shown_tax"]
    readonly_fields = ["shown_price", "shown_tax"]
    hide_title = True
    extra = 0
    shown_price = amount("unit_price", _("unit price"), currency="cart.currency")
    shown_tax = amount("tax", _("tax"), currency="cart.currency")


class CartBundleInline(ReadOnly, TabularInline):
    """What was chosen and quoted; what customers told about themselves is not for these screens."""

    model = CartBundle
    fields = [
        "version",
        "term",
        "shown_choice",
        "shown_due",
        "shown_monthly",
        "promise_date",
        "quoted_at",
        "expires_at",
    ]
    readonly_fields = ["shown_choice", "shown_due", "shown_monthly"]
    hide_title = True
    extra = 0
    shown_due = amount("due_today", _("due today"), currency="cart.currency")
    shown_monthly = amount("monthly_price", _("monthly"), currency="cart.currency")

    @admin.display(description=_("choice"))
    def shown_choice(self, bundle: CartBundle) -> str:
        return ", ".join(f"{one['quantity']} × {one['sku']}" for one in bundle.selections)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("version", "cart__channel")


class OrderLineInline(ReadOnly, TabularInline):
    model = OrderLine
    fields = ["sku", "name", "quantity", "shown_price", "shown_tax", "available_from", "shown_serials"]
    readonly_fields = ["shown_price", "shown_tax", "shown_serials"]
    hide_title = True
    extra = 0
    shown_price = amount("unit_price", _("unit price"), currency="order.currency")
    shown_tax = amount("tax", _("tax"), currency="order.currency")
    shown_serials = joined("serials", _("serial numbers"))


class PromiseInline(ReadOnly, TabularInline):
    model = ServicePromise
    fields = ["technology", "premises", "state", "first_on", "promised_on", "released_by_hand"]
    hide_title = True
    extra = 0


class OrderEventInline(ReadOnly, TabularInline):
    model = OrderEvent
    fields = ["at", "what", "actor"]
    readonly_fields = ["what"]
    hide_title = True
    extra = 0

    @admin.display(description=_("what happened"))
    def what(self, event: OrderEvent) -> str:
        return timeline.label(event)


class ReturnInline(ReadOnly, TabularInline):
    """What came back, in whose books and for how much; the money's way is at the payments."""

    model = OrderReturn
    fields = ["at", "actor", "shown_units", "shown_total", "shown_withheld"]
    readonly_fields = ["shown_units", "shown_total", "shown_withheld"]
    hide_title = True
    extra = 0
    shown_total = amount("total", _("given back"), currency="order.currency")
    shown_withheld = amount("withheld", _("withheld"), currency="order.currency")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what came back."""
        return super().get_queryset(request).prefetch_related("lines__line")

    @admin.display(description=_("what came back"))
    def shown_units(self, made: OrderReturn) -> str:
        return ", ".join(f"{row.quantity} x {row.line.sku} ({row.condition})" for row in made.lines.all())


@admin.register(Order)
class OrderAdmin(WithName, ReadOnly, ModelAdmin):
    list_display = [
        "number",
        "created_at",
        "shown_status",
        "customer_name",
        "email",
        "shown_total",
        "promise_date",
        "core_number",
    ]
    list_filter = ["status", "sales_channel", "channel"]
    search_fields = ["number", "core_number", "email", "phone", "last_name"]
    date_hierarchy = "created_at"
    fields = [
        ("number", "status"),
        ("core_number", "sales_channel"),
        ("first_name", "last_name"),
        ("email", "phone"),
        ("created_at", "promise_date"),
        ("shown_subtotal", "shown_tax"),
        ("shown_total", "shown_monthly"),
    ]
    readonly_fields = ["shown_subtotal", "shown_tax", "shown_total", "shown_monthly"]
    shown_subtotal = amount("subtotal", _("subtotal"))
    shown_tax = amount("tax", _("tax"))
    shown_total = amount("total", _("total"))
    shown_monthly = amount("monthly", _("monthly"))
    inlines = [OrderLineInline, PromiseInline, ReturnInline, OrderEventInline]

    @display(description=_("status"), label=_STATUS_COLOURS, ordering="status")
    def shown_status(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()


class LetGoForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why an order on hold goes on, and for which day where it is another than it has."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget)
    day = forms.DateField(label=_("promised for"), required=False, widget=UnfoldAdminSingleDateWidget)

    class Meta:
        model = ServiceHold
        fields: tuple[str, ...] = ()


@admin.register(ServiceHold)
class ServiceHoldAdmin(Refusing, ReadOnly, ModelAdmin):
    form = LetGoForm
    list_display = ["order", "since", "promised", "is_held", "customer"]
    list_filter = ["is_held"]
    list_select_related = ["order"]
    search_fields = ["order__number", "order__email"]
    date_hierarchy = "since"
    fields = ["order", "since", "promised", "customer", "reason", "day"]
    readonly_fields = ["order", "since", "promised", "customer"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only an order that is on hold can be let go."""
        return (obj is None or obj.is_held) and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.fields if self.has_change_permission(request, obj) else self.readonly_fields

    @admin.display(description=_("promised for"))
    def promised(self, row: ServiceHold) -> Any:
        return row.order.promise_date

    @admin.display(description=_("e-mail"))
    def customer(self, row: ServiceHold) -> str:
        return row.order.email

    def save_model(self, request: HttpRequest, obj: ServiceHold, form: Any, change: bool) -> None:
        """Let the order go on."""
        given = form.cleaned_data
        held.let_go(order_id=obj.pk, reason=given["reason"], day=given["day"], actor=f"admin:{request.user.pk}")


@admin.register(Cart)
class CartAdmin(WithName, ReadOnly, ModelAdmin):
    # A cart's id lets its holder use it, so it is not shown in full.
    list_display = ["updated_at", "state", "sales_channel", "customer_name", "email"]
    list_filter = ["state", "sales_channel", "channel"]
    search_fields = ["email", "phone", "last_name"]
    fields = [("state", "sales_channel", "channel"), ("first_name", "last_name"), ("email", "phone"), "updated_at"]
    inlines = [CartBundleInline, CartLineInline]


@admin.register(Customer)
class CustomerAdmin(ReadOnly, ModelAdmin):
    list_display = ["email", "first_name", "last_name", "last_signed_in_at"]
    search_fields = ["email", "last_name"]


@admin.register(UncheckedOrder)
class UncheckedOrderAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "channel", "status", "shown_skus", "seen_at", "settled_at", "settled_by"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter), "channel", "status"]
    search_fields = ["number", "core_id"]
    date_hierarchy = "seen_at"
    fields = [("number", "core_id"), ("channel", "status"), "shown_skus", "seen_at", ("settled_at", "settled_by")]
    readonly_fields = ["shown_skus"]
    shown_skus = joined("skus", _("SKU"))
    actions = ("settle",)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("carts.settle_unchecked_order")

    @admin.action(description=_("I have looked into them"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: Any) -> None:
        """Take the chosen ones off the list."""
        ids = list(queryset.values_list("pk", flat=True))
        settled = unchecked.settle(ids=ids, actor=f"admin:{request.user.pk}")
        messages.success(request, gettext("Settled: %(count)s.") % {"count": settled})
