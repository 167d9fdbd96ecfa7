from django.db import models
from django.utils import timezone

from embedded_core.models.base import MoneyField, WithMetadata
from embedded_core.models.shop import Channel, TaxClass


class ProductType(WithMetadata):
    """What products of one kind share."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)
    is_shipping_required = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Category(WithMetadata):
    """A node of the category tree. Here and below, `translations` are texts by Saleor's language code: {"ZH_HANS":
    {"name"}}."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    translations = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Attribute(models.Model):
    """A property that products or variants can have.

    Its `translations` hold those of its values too, by their text: {"ZH_HANS": {"name", "values": {"Black": "黑色"}}}.
    """

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    input_type = models.CharField(max_length=20)
    entity_type = models.CharField(max_length=20, blank=True)
    translations = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Product(WithMetadata):
    """A product; what is sold are its variants.

    `attribute_values` is `[{"attribute": id, "values": [{"slug", "name", "reference", "boolean"}]}]` in the order
    of the catalogue file: it is only ever read together with the product.
    """

    slug = models.SlugField(max_length=255, unique=True)
    name = models.CharField(max_length=250)
    description = models.JSONField(null=True, blank=True)
    translations = models.JSONField(default=dict, blank=True, help_text="name and description by language")
    product_type = models.ForeignKey(ProductType, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="products")
    tax_class = models.ForeignKey(TaxClass, on_delete=models.SET_NULL, null=True, blank=True)
    media_url = models.CharField(max_length=500, blank=True)
    is_published = models.BooleanField(default=True)
    attribute_values = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    def __str__(self) -> str:
        return self.name


class ProductVariant(WithMetadata):
    """What is sold and counted: a product in one colour, size or term."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=255, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    track_inventory = models.BooleanField(default=True)
    media_url = models.CharField(max_length=500, blank=True)
    attribute_values = models.JSONField(default=list, blank=True)
    sort_order = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}".strip()


class VariantListing(models.Model):
    """The price of a variant in a channel, in the channel's currency; `undiscounted_price` when it is reduced."""

    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="listings")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="listings")
    price = MoneyField()
    undiscounted_price = MoneyField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "channel"], name="one_listing_per_channel"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="listing_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.variant} in {self.channel}"
