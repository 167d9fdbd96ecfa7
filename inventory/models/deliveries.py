"""What a supplier or a depot says that it has sent."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .places import Store
from .stock import StockItem
from .units import Unit


class ShippingNotice(models.Model):
    """An advance shipping notice (ASN), or the delivery note of goods that came without one (not `announced`)."""

    class State(models.TextChoices):
        EXPECTED = "EXPECTED", _("Expected")
        RECEIVING = "RECEIVING", _("Being received")
        RECEIVED = "RECEIVED", _("Received")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.EXPECTED, State.RECEIVING)

    supplier = models.CharField(_("supplier or depot"), max_length=100)
    number = models.CharField(_("number of the delivery note"), max_length=64)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.EXPECTED)
    announced = models.BooleanField(_("announced"), default=True)
    created_by = models.CharField(_("recorded by"), max_length=120)
    created_at = models.DateTimeField(_("recorded at"), default=clock.now)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("expected_on", "id")
        verbose_name = _("shipping notice")
        verbose_name_plural = _("shipping notices")
        constraints = [
            # One delivery note is one row, however it is typed: that keeps a replay from booking twice.
            models.UniqueConstraint(Upper("supplier"), Upper("number"), name="inventory_notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["store", "expected_on"],
                name="inventory_notice_open",
                condition=Q(state__in=["EXPECTED", "RECEIVING"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether goods may still be received against it."""
        return self.state in self.OPEN


class NoticeLine(models.Model):
    """A SKU of a notice: how many pieces were announced, and how many came, whole and damaged."""

    notice = models.ForeignKey(ShippingNotice, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField(_("announced"), default=0)
    received = models.PositiveIntegerField(_("received"), default=0)
    damaged = models.PositiveIntegerField(_("received damaged"), default=0)

    class Meta:
        ordering = ("item",)
        verbose_name = _("line of a shipping notice")
        verbose_name_plural = _("lines of a shipping notice")
        constraints = [models.UniqueConstraint(fields=["notice", "item"], name="inventory_notice_line_once")]

    def __str__(self) -> str:
        return f"{self.expected} x {self.item_id}"

    @property
    def arrived(self) -> int:
        """All pieces that came."""
        return self.received + self.damaged


class NoticeUnit(models.Model):
    """A piece that the notice names by its serial."""

    line = models.ForeignKey(NoticeLine, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)

    class Meta:
        ordering = ("unit__identifier",)
        verbose_name = _("announced unit")
        verbose_name_plural = _("announced units")
        constraints = [models.UniqueConstraint(fields=["line", "unit"], name="inventory_notice_unit_once")]

    def __str__(self) -> str:
        return str(self.unit)
