"""What came in, act by act, and where it differs from what was to come."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .deliveries import ShippingNotice
from .ledger import KEY_LENGTH
from .stock import StockItem
from .transfers import Transfer
from .units import Unit

_OF_ONE_DOCUMENT = Q(notice__isnull=False, transfer__isnull=True) | Q(notice__isnull=True, transfer__isnull=False)


class Receipt(models.Model):
    """One act of receiving against a notice or a transfer. `contents` is what was counted, to know a repeat."""

    notice = models.ForeignKey(
        ShippingNotice, verbose_name=_("shipping notice"), on_delete=models.PROTECT, null=True, related_name="receipts"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name=_("transfer"), on_delete=models.PROTECT, null=True, related_name="receipts"
    )
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH, unique=True)
    contents = models.JSONField(_("contents"))
    actor = models.CharField(_("received by"), max_length=120)
    authorised_by = models.CharField(_("authorised by"), max_length=120, blank=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)

    class Meta:
        ordering = ("id",)
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.CheckConstraint(condition=_OF_ONE_DOCUMENT, name="inventory_receipt_of_one_document")]

    def __str__(self) -> str:
        return self.source_key


class ReceiptDifference(models.Model):
    """A line that did not come as it should; those that are not settled are a manager's to look at."""

    class Kind(models.TextChoices):
        SHORT = "SHORT", _("Short")
        OVER = "OVER", _("Over")
        DAMAGED = "DAMAGED", _("Damaged")
        NOT_ANNOUNCED = "NOT_ANNOUNCED", _("Not announced")

    class Settlement(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Accepted")
        ARRIVED = "ARRIVED", _("Arrived later")
        NEVER_LEFT = "NEVER_LEFT", _("Never left")
        LOST = "LOST", _("Lost")

    notice = models.ForeignKey(
        ShippingNotice,
        verbose_name=_("shipping notice"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="differences",
    )
    transfer = models.ForeignKey(
        Transfer,
        verbose_name=_("transfer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="differences",
    )
    kind = models.CharField(_("difference"), max_length=20, choices=Kind)
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    settlement = models.CharField(_("settled as"), max_length=20, choices=Settlement, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("difference in receiving")
        verbose_name_plural = _("differences in receiving")
        constraints = [
            models.CheckConstraint(condition=_OF_ONE_DOCUMENT, name="inventory_difference_of_one_document"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_difference_quantity"),
        ]
        indexes = [
            models.Index(fields=["recorded_at"], name="inventory_difference_open", condition=Q(settled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} x {self.item_id}"
