"""The ledger."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .places import Store
from .stock import StockItem

KEY_LENGTH = 400


class Movement(models.Model):
    """One line of the ledger. Append-only: a trigger refuses UPDATE and DELETE."""

    class Kind(models.TextChoices):
        RECEIPT = "RECEIPT", _("Receipt")
        SALE = "SALE", _("Sale")
        RETURN = "RETURN", _("Return")
        ADJUSTMENT = "ADJUSTMENT", _("Adjustment")
        TRANSFER_OUT = "TRANSFER_OUT", _("Transfer out")
        TRANSFER_IN = "TRANSFER_IN", _("Transfer in")
        COUNT = "COUNT", _("Count correction")

    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    quantity = models.IntegerField(_("quantity"), help_text=_("Positive into the store, negative out of it."))
    balance_after = models.IntegerField(_("balance after"))
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH, unique=True)
    actor = models.CharField(_("actor"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="inventory_movement_moves")]
        indexes = [models.Index(fields=["store", "item", "-id"], name="inventory_movement_card")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d} {self.item_id}"


class Contradiction(models.Model):
    """What was booked although the books spoke against it; a person settles it."""

    movement = models.ForeignKey(
        Movement, verbose_name=_("movement"), on_delete=models.PROTECT, related_name="contradictions"
    )
    code = models.CharField(_("code"), max_length=40)
    message = models.CharField(_("message"), max_length=500)
    params = models.JSONField(_("facts"), default=dict)
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
