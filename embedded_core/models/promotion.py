import uuid

from django.db import models
from django.utils import timezone

from embedded_core.models.base import MoneyField
from embedded_core.models.catalogue import ProductVariant
from embedded_core.models.shop import Channel


class Promotion(models.Model):
    """A reduction of prices of the catalogue for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255, unique=True)
    start_date = models.DateTimeField(default=timezone.now)
    end_date = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PromotionRule(models.Model):
    """What a promotion takes off the prices of some variants in some channels."""

    class ValueType(models.TextChoices):
        FIXED = "FIXED"
        PERCENTAGE = "PERCENTAGE"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="rules")
    channels = models.ManyToManyField(Channel)
    variants = models.ManyToManyField(ProductVariant)
    reward_value_type = models.CharField(max_length=10, choices=ValueType.choices)
    reward_value = MoneyField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.promotion}: {self.reward_value} {self.reward_value_type}"
