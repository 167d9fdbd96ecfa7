"""Goods that go back to their vendor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import KEY_LENGTH
from .places import StockRoom, Store
from .stock import StockItem
from .units import Unit


class VendorReturn(models.Model):
    """A return to a vendor (RTV): its goods wait in quarantine from when it is prepared until they are shipped."""

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("Prepared")
        SHIPPED = "SHIPPED", _("Shipped")
        CANCELLED = "CANCELLED", _("Cancelled")

    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    vendor = models.CharField(_("vendor"), max_length=100)
    authorisation = models.CharField(
        _("vendor's authorisation"),
        max_length=64,
        blank=True,
        help_text=_("The vendor's number (RMA), if it gave one."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    quarantine = models.ForeignKey(StockRoom, verbose_name=_("waits in"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH, unique=True)
    created_by = models.CharField(_("prepared by"), max_length=120)
    created_at = models.DateTimeField(_("prepared at"), default=clock.now)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("return to vendor")
        verbose_name_plural = _("returns to vendor")
        indexes = [models.Index(fields=["store", "-id"], name="inventory_vendor_return_store")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"R{self.pk:06d}"


class VendorReturnLine(models.Model):
    """Pieces of a SKU that go back, and the room they were taken from, where they lie again if it is cancelled."""

    vendor_return = models.ForeignKey(VendorReturn, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(StockRoom, verbose_name=_("taken from"), on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+", blank=True)

    class Meta:
        ordering = ("item",)
        verbose_name = _("line of a return to vendor")
        verbose_name_plural = _("lines of a return to vendor")
        constraints = [
            models.UniqueConstraint(fields=["vendor_return", "item", "room"], name="inventory_vendor_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_vendor_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"
