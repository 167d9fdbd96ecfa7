"""Payments to look at. They are changed by what happens to their order, never by hand."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from kernel.columns import amount
from plugins.payments.models import Payment


@admin.register(Payment)
class PaymentAdmin(ModelAdmin):
    list_display = ["created_at", "method", "shown_amount", "state", "reference"]
    list_filter = ["state", "method"]
    search_fields = ["reference", "provider_reference"]
    date_hierarchy = "created_at"
    shown_amount = amount("amount", _("amount"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Payment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Payment | None = None) -> bool:
        return False
