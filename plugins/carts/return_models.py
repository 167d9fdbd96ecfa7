"""Tables of what came back of an order. Part of `models`."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock


class OrderReturn(models.Model):
    """Units of an order that came back at a counter, once by its key, and the money that is given back for them.

    `withheld` are discounts of bundles that the rest no longer deserves; the lines' amounts are less by it.
    `for_old_devices` is what of the total no payment had brought but an old device: it is paid out in cash.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    order = models.ForeignKey("Order", verbose_name=_("order"), on_delete=models.PROTECT, related_name="returns")
    store_id = models.CharField(max_length=36)
    at = models.DateTimeField(_("when"), default=clock.now)
    actor = models.CharField(_("who"), max_length=120)
    total = models.DecimalField(_("given back"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    withheld = models.DecimalField(_("withheld"), max_digits=14, decimal_places=3)

    for_old_devices = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(total__gte=0), name="carts_return_not_negative")]

    def __str__(self) -> str:
        return f"{self.order_id[:6]}… {self.total}"


class ReturnedLine(models.Model):
    """Units of one line of an order that came back together. `amount` is given back for them, `tax` in it."""

    order_return = models.ForeignKey(OrderReturn, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("OrderLine", on_delete=models.PROTECT, related_name="returned")
    quantity = models.PositiveIntegerField(_("quantity"))
    serials = models.JSONField(_("serial numbers"), default=list)
    condition = models.CharField(_("condition"), max_length=12)
    amount = models.DecimalField(_("given back"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("returned line")
        verbose_name_plural = _("returned lines")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="carts_returned_quantity_positive")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.condition}"
