"""What is kept in stock, and how much of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .places import Store

SKU_LENGTH = 255


class StockItem(models.Model):
    """What the ledger must know of a SKU. Items that are not stocked (plans, services) are never limited."""

    class Tracking(models.TextChoices):
        NONE = "NONE", _("By quantity")
        IMEI = "IMEI", _("IMEI")
        ICCID = "ICCID", _("ICCID")
        SERIAL = "SERIAL", _("Serial number")

    sku = models.CharField(_("SKU"), primary_key=True, max_length=SKU_LENGTH)
    tracking = models.CharField(_("tracking"), max_length=10, choices=Tracking, default=Tracking.NONE)
    stocked = models.BooleanField(_("stocked"), default=True)
    core_variant_id = models.CharField(_("variant in the core"), max_length=255, blank=True, db_index=True)

    class Meta:
        ordering = ("sku",)
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")

    def __str__(self) -> str:
        return self.sku

    @property
    def tracked(self) -> bool:
        """Whether each piece is known by its serial."""
        return self.tracking != self.Tracking.NONE


class Balance(models.Model):
    """The running balance of one SKU in one store. Only `ledger.py` writes it, under a row lock.

    `on_hand` is the sum of the movements, `reserved` the sum of the active reservation lines, and `unregistered` the
    pieces known by quantity alone: on hand less the units present. It is negative when pieces were sold under a serial
    that was not here, until a person settles it.
    """

    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="balances")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="balances")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    unregistered = models.IntegerField(_("without serial"), default=0)
    short_since = models.DateTimeField(_("short since"), null=True, blank=True)

    class Meta:
        ordering = ("store", "item")
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(fields=["store", "item"], name="inventory_balance_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="inventory_balance_reserved"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0) | Q(short_since__isnull=False), name="inventory_balance_on_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.store_id}: {self.on_hand} - {self.reserved}"
