from decimal import Decimal

from django.db import models


class WithMetadata(models.Model):
    """Free keys and values on an object: public ones, and private ones that only staff and apps read."""

    metadata = models.JSONField(default=dict, blank=True)
    private_metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


class MoneyField(models.DecimalField):
    """An amount in the currency of the row's channel or order; three decimals hold every ISO 4217 currency."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)


ZERO = Decimal(0)
