"""A plain dashboard: products, prices, stock, orders, customers and apps. Every edit goes through a service."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest

from embedded_core import ids, models
from embedded_core.errors import Refused
from embedded_core.requestor import PERMISSIONS, Requestor
from embedded_core.services import catalogue, orders
from embedded_core.services.addresses import FIELDS
from embedded_core.services.pricing import quantize
from embedded_core.webhooks import EVENTS

admin.site.site_header = "Embedded commerce core"
admin.site.site_title = "Embedded commerce core"
admin.site.site_url = None
admin.site.unregister(Group)

RARE = ("translations", "attribute_values", "metadata", "private_metadata")


def _by(request: HttpRequest) -> Requestor:
    return Requestor(user=request.user)


class _Rows(admin.ModelAdmin):
    """A form with what is edited often first and the free values folded away below."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        fields = self.get_fields(request, obj)
        usual = [name for name in fields if name not in RARE]
        rare = [name for name in RARE if name in fields]
        shown: list[tuple[str | None, dict[str, Any]]] = [(None, {"fields": usual})]
        return (
            [*shown, ("Translations, attributes and metadata", {"fields": rare, "classes": ["collapse"]})]
            if rare
            else shown
        )


class _ReadOnly(_Rows):
    """Shows rows; they are changed by what happens, not by hand."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class _ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VariantInline(_ReadOnlyInline):
    model = models.ProductVariant
    fields = ("sku", "name", "track_inventory")
    show_change_link = True


@admin.register(models.Product)
class ProductAdmin(_Rows):
    list_display = ("name", "slug", "product_type", "category", "tax_class", "is_published", "updated_at")
    list_filter = ("product_type", "is_published", "tax_class", "category")
    list_select_related = ("product_type", "category", "tax_class")
    search_fields = ("name", "slug", "variants__sku")
    readonly_fields = ("created_at", "updated_at")
    inlines = (VariantInline,)

    def save_model(self, request: HttpRequest, obj: models.Product, form: ModelForm, change: bool) -> None:
        catalogue.save_product(obj, by=_by(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # what was sold once is taken out of the shop by `is_published`


class ListingInline(admin.TabularInline):
    model = models.VariantListing
    extra = 0


@admin.register(models.ProductVariant)
class ProductVariantAdmin(_Rows):
    list_display = ("sku", "name", "product", "track_inventory", "updated_at")
    list_filter = ("track_inventory", "product__product_type")
    list_select_related = ("product",)
    search_fields = ("sku", "name", "product__name")
    raw_id_fields = ("product",)
    readonly_fields = ("updated_at",)
    inlines = (ListingInline,)

    def save_model(self, request: HttpRequest, obj: models.ProductVariant, form: ModelForm, change: bool) -> None:
        catalogue.save_variant(obj, by=_by(request))

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseFormSet, change: bool) -> None:
        for listing in formset.save(commit=False):
            catalogue.save_listing(listing, by=_by(request))
        for listing in formset.deleted_objects:
            catalogue.remove_listing(listing, by=_by(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.Stock)
class StockAdmin(admin.ModelAdmin):
    list_display = ("variant", "warehouse", "quantity", "quantity_allocated")
    list_editable = ("quantity",)
    list_filter = ("warehouse",)
    list_select_related = ("variant", "warehouse")
    search_fields = ("variant__sku", "variant__product__name", "warehouse__name", "warehouse__slug")
    raw_id_fields = ("variant",)
    readonly_fields = ("quantity_allocated",)
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Stock | None = None) -> tuple[str, ...]:
        return ("quantity_allocated", "variant", "warehouse") if obj else ("quantity_allocated",)

    def save_model(self, request: HttpRequest, obj: models.Stock, form: ModelForm, change: bool) -> None:
        quantity = obj.quantity
        if not change:
            obj.quantity = 0
            obj.save()
        catalogue.set_quantity(stock_id=obj.pk, quantity=quantity, by=_by(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _amount(amount: Decimal, currency: str) -> str:
    return f"{quantize(amount, currency)} {currency}"


def _address(address: dict[str, str] | None) -> str:
    return ", ".join(address[name] for name in FIELDS if address.get(name)) if address else ""


class OrderLineInline(_ReadOnlyInline):
    model = models.OrderLine
    fields = ("product_sku", "product_name", "quantity", "quantity_fulfilled", "unit", "net", "gross")
    readonly_fields = ("unit", "net", "gross")

    def unit(self, row: models.OrderLine) -> str:
        return _amount(row.unit_net, row.order.currency)

    def net(self, row: models.OrderLine) -> str:
        return _amount(row.total_net, row.order.currency)

    def gross(self, row: models.OrderLine) -> str:
        return _amount(row.total_gross, row.order.currency)


class TransactionInline(_ReadOnlyInline):
    model = models.TransactionItem
    fields = ("name", "psp_reference", "authorised", "taken", "returned", "created_at")
    readonly_fields = ("authorised", "taken", "returned", "created_at")

    def authorised(self, row: models.TransactionItem) -> str:
        return _amount(row.authorized, row.currency)

    @admin.display(description="charged")
    def taken(self, row: models.TransactionItem) -> str:
        return _amount(row.charged, row.currency)

    @admin.display(description="refunded")
    def returned(self, row: models.TransactionItem) -> str:
        return _amount(row.refunded, row.currency)


@admin.register(models.Order)
class OrderAdmin(_ReadOnly):
    list_display = ("number", "created_at", "status", "charge_status", "total", "user_email", "collection_point_name")
    list_filter = ("status", "charge_status")
    search_fields = ("number", "user_email", "external_reference", "collection_point_name")
    date_hierarchy = "created_at"
    fields = (
        "number",
        "status",
        "charge_status",
        "net",
        "total",
        "charged",
        "authorized",
        "user_email",
        "collection_point",
        "billed_to",
        "delivered_to",
        "customer_note",
        "external_reference",
        "channel",
        "created_at",
        "updated_at",
        "metadata",
        "private_metadata",
    )
    inlines = (OrderLineInline, TransactionInline)
    actions = ("cancel", "fulfil")

    @admin.display(description="billing address")
    def billed_to(self, row: models.Order) -> str:
        return _address(row.billing_address)

    @admin.display(description="shipping address")
    def delivered_to(self, row: models.Order) -> str:
        return _address(row.shipping_address)

    @admin.display(description="net")
    def net(self, row: models.Order) -> str:
        return _amount(row.total_net, row.currency)

    @admin.display(description="total", ordering="total_gross")
    def total(self, row: models.Order) -> str:
        return _amount(row.total_gross, row.currency)

    @admin.display(description="charged")
    def charged(self, row: models.Order) -> str:
        return _amount(row.total_charged, row.currency)

    @admin.display(description="authorised")
    def authorized(self, row: models.Order) -> str:
        return _amount(row.total_authorized, row.currency)

    @admin.action(description="Cancel the selected orders")
    def cancel(self, request: HttpRequest, queryset: "QuerySet[models.Order]") -> None:
        self._each(
            request, queryset, "canceled", lambda row: orders.cancel(order_id=ids.global_id(row), by=_by(request))
        )

    @admin.action(description="Fulfil the selected orders from their collection point")
    def fulfil(self, request: HttpRequest, queryset: "QuerySet[models.Order]") -> None:
        def work(row: models.Order) -> None:
            orders.fulfil(order_id=ids.global_id(row), data={"lines": _remaining(row)}, by=_by(request))

        self._each(request, queryset, "fulfilled", work)

    def _each(
        self, request: HttpRequest, rows: "QuerySet[models.Order]", done: str, work: Callable[[models.Order], object]
    ) -> None:
        for row in rows:
            try:
                with transaction.atomic():
                    work(row)
            except Refused as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{row} is {done}.")


def _remaining(order: models.Order) -> list[dict[str, Any]]:
    """Everything of the order that has not left yet, from where it is collected."""
    warehouse = order.collection_point or models.Warehouse.objects.first()
    place = ids.global_id(warehouse) if warehouse else ""
    return [
        {"order_line_id": ids.global_id(line), "stocks": [{"quantity": line.quantity_unfulfilled, "warehouse": place}]}
        for line in order.lines.all()
        if line.quantity_unfulfilled
    ]


@admin.register(models.Warehouse)
class WarehouseAdmin(_Rows):
    list_display = ("name", "slug", "click_and_collect")
    list_filter = ("click_and_collect",)
    search_fields = ("name", "slug")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class UserForm(forms.ModelForm):
    """A user; a new password replaces the old one, an empty field keeps it."""

    new_password = forms.CharField(required=False, widget=forms.PasswordInput, min_length=8)
    permissions = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in PERMISSIONS])

    class Meta:
        model = models.User
        fields = (
            "email",
            "first_name",
            "last_name",
            "is_active",
            "is_staff",
            "is_superuser",
            "permissions",
            "metadata",
        )

    def save(self, commit: bool = True) -> models.User:
        user = super().save(commit=False)
        if self.cleaned_data["new_password"]:
            user.set_password(self.cleaned_data["new_password"])
        if commit:
            user.save()
        return user


@admin.register(models.User)
class UserAdmin(_Rows):
    form = UserForm
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")


class AppForm(forms.ModelForm):
    """An installed app; its token is set by the command `install_app` alone."""

    permissions = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in PERMISSIONS])
    events = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in EVENTS])
    webhook_url = forms.URLField(required=False, assume_scheme="http")

    class Meta:
        model = models.App
        fields = ("name", "is_active", "webhook_url", "permissions", "events")


@admin.register(models.App)
class AppAdmin(admin.ModelAdmin):
    form = AppForm
    list_display = ("name", "is_active", "webhook_url")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(models.WebhookDelivery)
class WebhookDeliveryAdmin(_ReadOnly):
    list_display = ("event", "app", "state", "attempts", "created_at", "delivered_at", "last_error")
    list_filter = ("state", "event", "app")
    list_select_related = ("app",)


class TaxRateInline(admin.TabularInline):
    model = models.TaxRate
    extra = 0


@admin.register(models.TaxClass)
class TaxClassAdmin(admin.ModelAdmin):
    list_display = ("name", "slug")
    inlines = (TaxRateInline,)


@admin.register(models.Channel)
class ChannelAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "currency_code", "default_country", "is_active", "allow_unpaid_orders")


@admin.register(models.Category)
class CategoryAdmin(_Rows):
    list_display = ("name", "slug", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
