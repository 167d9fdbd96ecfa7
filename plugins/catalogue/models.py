"""Tables of the catalogue. Rows are written by `services` alone, from what the core says.

Ids are the core's. Nothing is deleted: a product or variant that the core no longer sells becomes inactive, since
carts, orders and registers still name it.
"""

import uuid
from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.db import models

# Kinds of tracking under which each unit carries an identifier of its own.
SERIAL_TRACKING = frozenset({"IMEI", "ICCID", "SERIAL"})


class Kind(models.TextChoices):
    """What a product is to a telecom retailer."""

    DEVICE = "DEVICE"
    PLAN = "PLAN"
    SERVICE = "SERVICE"
    ACCESSORY = "ACCESSORY"
    SIM = "SIM"
    OTHER = "OTHER"


class Channel(models.Model):
    """A sales channel of the core: one currency, one country, one way to show prices."""

    slug = models.CharField(max_length=255, primary_key=True)
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    prices_include_tax = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a shopper sees as one thing, with its variants."""

    id = models.CharField(max_length=64, primary_key=True)
    slug = models.CharField(max_length=255, db_index=True)
    name = models.CharField(max_length=255)
    brand = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER)
    category_path = models.JSONField(default=list, help_text="Names from the root down")
    category_slugs = models.JSONField(default=list, help_text="Slugs from the root down")
    description = models.TextField(blank=True)
    thumbnail_url = models.CharField(max_length=1024, blank=True)
    attributes = models.JSONField(default=list, help_text="[{name, label, values}]")
    fits = models.JSONField(default=list, help_text="Ids of the products that this accessory fits")
    metadata = models.JSONField(default=dict)
    released = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    seq = models.BigIntegerField(default=0, db_index=True, help_text="Number of the last change")
    revision = models.UUIDField(default=uuid.uuid4, help_text="Differs after each change; never comes back")
    synced_at = models.DateTimeField(help_text="The core was read at or after this moment")

    class Meta:
        indexes = [GinIndex(fields=["fits"], name="catalogue_product_fits")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """Brand and name, the brand once: names of some makers already start with it."""
        if not self.brand or self.name.casefold().startswith(self.brand.casefold()):
            return self.name
        return f"{self.brand} {self.name}"


class Variant(models.Model):
    """What is sold, counted and scanned: one SKU."""

    id = models.CharField(max_length=64, primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=255, db_index=True)
    name = models.CharField(max_length=255, blank=True)
    barcode = models.CharField(max_length=64, blank=True, db_index=True, help_text="GTIN as printed")
    attributes = models.JSONField(default=list, help_text="[{name, label, values}]")
    image_url = models.CharField(max_length=1024, blank=True)
    tracking = models.CharField(max_length=8, default="NONE", help_text="NONE, IMEI, ICCID or SERIAL")
    stocked = models.BooleanField(default=True, help_text="False for plans and services")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    seq = models.BigIntegerField(default=0, db_index=True, help_text="Number of the last change, unique")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sku"], condition=models.Q(is_active=True), name="catalogue_variant_sku")
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def serialised(self) -> bool:
        """True when each unit is tracked by an identifier such as an IMEI."""
        return self.tracking in SERIAL_TRACKING


class ChannelListing(models.Model):
    """A variant offered in a channel. Without a price it is only sold inside a bundle."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="listings")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="listings")
    price = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    undiscounted_price = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    tax_rate = models.DecimalField(
        max_digits=7, decimal_places=6, default=Decimal(0), help_text="In the channel's country; 0.0825 is 8.25 %"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "channel"], name="catalogue_listing_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="catalogue_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lt=1), name="catalogue_tax_rate_is_a_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.channel_id}"


class ChangeCounter(models.Model):
    """One row: the number of the last change. Its lock puts all writers of the catalogue in one line, so numbers
    become visible in order and a reader that has seen number n has seen all before it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4, help_text="Differs after each change; never comes back")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalogue_one_counter")]

    def __str__(self) -> str:
        return str(self.value)
