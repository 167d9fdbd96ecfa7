import uuid

from django.db import models

from embedded_core.models.account import User
from embedded_core.models.base import MoneyField, WithMetadata
from embedded_core.models.catalogue import ProductVariant
from embedded_core.models.shop import Channel
from embedded_core.models.stock import Warehouse


class Checkout(WithMetadata):
    """A cart on its way to an order; it is deleted when it has become one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    email = models.CharField(max_length=254, blank=True)
    language_code = models.CharField(max_length=20, default="EN")
    billing_address = models.JSONField(null=True)
    shipping_address = models.JSONField(null=True)
    collection_point = models.ForeignKey(Warehouse, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class CheckoutLine(WithMetadata):
    """A variant in a checkout; an app may have set a price of its own for one unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
    price_override = MoneyField(null=True)
    price_override_reason = models.CharField(max_length=255, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
