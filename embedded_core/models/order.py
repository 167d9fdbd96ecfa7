import uuid

from django.db import connection, models
from django.utils import timezone

from embedded_core.models.account import User
from embedded_core.models.base import ZERO, MoneyField, WithMetadata
from embedded_core.models.catalogue import ProductVariant
from embedded_core.models.shop import Channel
from embedded_core.models.stock import Stock, Warehouse


def next_order_number() -> int:
    """The next number of the shop's orders; a gap is left by an order that was rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('embedded_core_order_number')")
        return int(cursor.fetchone()[0])


class Order(WithMetadata):
    """The commercial record of a sale; its lines and addresses are copies that later edits do not touch."""

    class Status(models.TextChoices):
        UNCONFIRMED = "UNCONFIRMED"
        UNFULFILLED = "UNFULFILLED"
        PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
        FULFILLED = "FULFILLED"
        PARTIALLY_RETURNED = "PARTIALLY_RETURNED"
        RETURNED = "RETURNED"
        CANCELED = "CANCELED"

    class ChargeStatus(models.TextChoices):
        NONE = "NONE"
        PARTIAL = "PARTIAL"
        FULL = "FULL"
        OVERCHARGED = "OVERCHARGED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    # The checkout that became this order: completing it again finds the order.
    checkout_id = models.UUIDField(unique=True, null=True)
    external_reference = models.CharField(max_length=250, unique=True, null=True, blank=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="orders")
    user_email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNFULFILLED)
    charge_status = models.CharField(max_length=12, choices=ChargeStatus.choices, default=ChargeStatus.NONE)
    currency = models.CharField(max_length=3)
    total_net = MoneyField(default=ZERO)
    total_gross = MoneyField(default=ZERO)
    total_charged = MoneyField(default=ZERO)
    total_authorized = MoneyField(default=ZERO)
    billing_address = models.JSONField(null=True)
    shipping_address = models.JSONField(null=True)
    collection_point = models.ForeignKey(Warehouse, on_delete=models.SET_NULL, null=True)
    collection_point_name = models.CharField(max_length=250, blank=True)
    customer_note = models.TextField(blank=True)
    language_code = models.CharField(max_length=20, default="EN")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Order {self.number}"


class OrderLine(WithMetadata):
    """A line of an order, with the names, prices and tax of the moment of the sale."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(ProductVariant, on_delete=models.SET_NULL, null=True)
    product_name = models.CharField(max_length=250)
    variant_name = models.CharField(max_length=255, blank=True)
    product_sku = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    quantity_fulfilled = models.PositiveIntegerField(default=0)
    unit_net = MoneyField()
    unit_gross = MoneyField()
    total_net = MoneyField()
    total_gross = MoneyField()
    tax_rate = models.DecimalField(max_digits=7, decimal_places=6, default=ZERO)
    tax_class_name = models.CharField(max_length=120, blank=True)
    is_price_overridden = models.BooleanField(default=False)
    price_override_reason = models.CharField(max_length=255, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity_fulfilled__lte=models.F("quantity")), name="fulfilled_at_most_ordered"
            )
        ]

    @property
    def quantity_unfulfilled(self) -> int:
        return self.quantity - self.quantity_fulfilled

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_sku}"


class Allocation(models.Model):
    """Units of a stock promised to an order line and not yet fulfilled."""

    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="allocations")
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="allocations")
    quantity = models.PositiveIntegerField()


class Fulfillment(models.Model):
    """Units of an order that have left a warehouse together, or that came back together."""

    class Status(models.TextChoices):
        FULFILLED = "FULFILLED"
        RETURNED = "RETURNED"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fulfillments")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.SET_NULL, null=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.FULFILLED)
    tracking_number = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]


class FulfillmentLine(models.Model):
    """How many units of an order line a fulfilment holds."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
