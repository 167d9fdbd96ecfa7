"""Payments to look at. They are changed by what happens to their order, never by hand."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from kernel.admin import ReadOnly, shortened
from kernel.columns import amount
from plugins.payments.models import Payment, Refund


class RefundInline(ReadOnly, TabularInline):
    """What was given back of it, or is to be; one that the provider refused is for a person."""

    model = Refund
    fields = ["created_at", "shown_amount", "state", "failure_code"]
    readonly_fields = ["shown_amount"]
    hide_title = True
    extra = 0
    shown_amount = amount("amount", _("amount"), currency="payment.currency")


@admin.register(Payment)
class PaymentAdmin(ReadOnly, ModelAdmin):
    list_display = ["created_at", "method", "shown_amount", "state", "about"]
    fields = ["method", "shown_amount", "state", "about", "provider", "provider_reference", "failure_code"]
    list_filter = ["state", "method", "refunds__state"]
    inlines = [RefundInline]
    search_fields = ["reference", "provider_reference"]
    date_hierarchy = "created_at"
    shown_amount = amount("amount", _("amount"))

    @admin.display(description=_("cart or order"))
    def about(self, payment: Payment) -> str:
        """Shortened: whoever knows a guest's order may use it."""
        return shortened(payment.reference)
