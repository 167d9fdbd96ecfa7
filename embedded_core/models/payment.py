import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from embedded_core.models.account import App, User
from embedded_core.models.base import ZERO, MoneyField, WithMetadata
from embedded_core.models.checkout import Checkout
from embedded_core.models.order import Order


class TransactionItem(WithMetadata):
    """Money that a payment provider holds or has taken for a checkout or an order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A checkout is deleted when it becomes an order; its transactions move to the order before.
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, null=True, related_name="transactions")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="transactions")
    app = models.ForeignKey(App, on_delete=models.SET_NULL, null=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    name = models.CharField(max_length=512, blank=True)
    message = models.CharField(max_length=512, blank=True)
    psp_reference = models.CharField(max_length=512, blank=True)
    external_url = models.URLField(blank=True)
    available_actions = ArrayField(models.CharField(max_length=20), default=list)
    currency = models.CharField(max_length=3)
    authorized = MoneyField(default=ZERO)
    charged = MoneyField(default=ZERO)
    refunded = MoneyField(default=ZERO)
    canceled = MoneyField(default=ZERO)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.psp_reference or self.name or str(self.pk)


class TransactionEvent(models.Model):
    """Something that happened to a transaction, as its provider's app reported it."""

    transaction = models.ForeignKey(TransactionItem, on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=40)
    psp_reference = models.CharField(max_length=512, blank=True)
    amount = MoneyField(default=ZERO)
    message = models.CharField(max_length=512, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
