"""What the core's warehouses are to the suite."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Store


class WarehouseMapping(models.Model):
    """A warehouse of the core, as it was last read, and what a person decided of it.

    `role` is empty until decided. What the core does not know of a place
    (where it is, which time zone) is entered here.
    """

    class Role(models.TextChoices):
        STORE = "STORE", _("Store")
        DEPOT = "DEPOT", _("Depot")
        IGNORED = "IGNORED", _("Not ours")

    warehouse_id = models.CharField(_("warehouse in the core"), max_length=255, primary_key=True)
    slug = models.CharField(_("code"), max_length=255)
    name = models.CharField(_("name"), max_length=255)
    address = models.JSONField(_("address"), default=dict)
    role = models.CharField(_("role"), max_length=8, choices=Role, blank=True)
    owner = models.CharField(
        _("owner of the stock"), max_length=6, choices=Store.StockOwner, default=Store.StockOwner.SUITE
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    gone = models.BooleanField(_("gone from the core"), default=False)

    class Meta:
        ordering = ("name", "slug")
        verbose_name = _("warehouse of the core")
        verbose_name_plural = _("warehouses of the core")

    def __str__(self) -> str:
        return self.name
