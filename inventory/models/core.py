"""What the core was told."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .stock import Balance


class CoreStock(models.Model):
    """What the core was last told of a balance, and whether it must be told anew (`wanted` beyond `pushed`).

    A projector claims rows by a lease, so that two pushes of one row never overlap.
    """

    balance = models.OneToOneField(
        Balance, verbose_name=_("balance"), on_delete=models.PROTECT, related_name="core_stock", primary_key=True
    )
    wanted = models.BigIntegerField(_("changes"), default=1)
    pushed = models.BigIntegerField(_("changes pushed"), default=0)
    quantity = models.IntegerField(_("quantity in the core"), null=True, blank=True)
    pushed_at = models.DateTimeField(_("pushed at"), null=True, blank=True)
    claim = models.UUIDField(_("claimed by"), null=True, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("stock in the core")
        verbose_name_plural = _("stock in the core")
        indexes = [
            models.Index(fields=["balance"], name="inventory_core_stock_due", condition=Q(wanted__gt=F("pushed")))
        ]

    def __str__(self) -> str:
        return f"{self.balance_id}: {self.quantity}"
