import uuid

from django.db import models

from embedded_core.models.base import WithMetadata
from embedded_core.models.catalogue import ProductVariant


class Warehouse(WithMetadata):
    """A place that holds stock; customers may collect there when click-and-collect is on."""

    class ClickAndCollect(models.TextChoices):
        DISABLED = "DISABLED"
        LOCAL = "LOCAL"
        ALL = "ALL"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=255, unique=True)
    name = models.CharField(max_length=250)
    email = models.EmailField(blank=True)
    # Keys as in `services.addresses.FIELDS`.
    address = models.JSONField(default=dict)
    click_and_collect = models.CharField(
        max_length=10, choices=ClickAndCollect.choices, default=ClickAndCollect.DISABLED
    )

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """How many units of a variant a warehouse has, and how many of them are promised to orders.

    `quantity` may be negative: a bulk order recorded with the policy FORCE sells what is not there.
    """

    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="stocks")
    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="stocks")
    quantity = models.IntegerField(default=0)
    quantity_allocated = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "warehouse"], name="one_stock_per_warehouse"),
            models.CheckConstraint(condition=models.Q(quantity_allocated__gte=0), name="allocated_not_negative"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.variant} at {self.warehouse}"

    @property
    def available(self) -> int:
        return self.quantity - self.quantity_allocated
