"""What the core was told, what it sold by itself, and where the two differ."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import Movement
from .places import Store
from .reservations import Reservation
from .stock import Balance, StockItem


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


class CoreOrder(models.Model):
    """An order that another client made in the core: what the core allocated for it is kept for it here too."""

    core_id = models.CharField(_("id in the core"), max_length=100, unique=True)
    number = models.CharField(_("number in the core"), max_length=50)
    channel = models.CharField(_("channel"), max_length=100)
    status = models.CharField(_("status in the core"), max_length=30)
    seen_at = models.DateTimeField(_("first seen"), default=clock.now)
    looked_at = models.DateTimeField(_("last read"), default=clock.now)

    class Meta:
        ordering = ("-seen_at",)
        verbose_name = _("order made in the core")
        verbose_name_plural = _("orders made in the core")

    def __str__(self) -> str:
        return self.number


class CoreOrderPart(models.Model):
    """What one store owes such an order; `revision` counts the reservations made for it, the last of which counts."""

    order = models.ForeignKey(CoreOrder, on_delete=models.CASCADE, related_name="parts")
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    reservation = models.ForeignKey(
        Reservation, verbose_name=_("reservation"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("part of an order made in the core")
        verbose_name_plural = _("parts of orders made in the core")
        constraints = [models.UniqueConstraint(fields=["order", "store"], name="inventory_core_order_part_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.store_id}"


class CoreDifference(models.Model):
    """Where the core and the ledger did not agree, and what was done about it."""

    class Kind(models.TextChoices):
        EDITED = "EDITED", _("Quantity edited in the core")
        OVERSOLD = "OVERSOLD", _("Sold in the core, but not to be had here")

    class Settlement(models.TextChoices):
        BOOKED = "BOOKED", _("Booked here as well")
        OVERWRITTEN = "OVERWRITTEN", _("The core was told our quantity again")
        KEPT = "KEPT", _("The pieces were found and are kept for the order")
        CANCELLED = "CANCELLED", _("The order was cancelled in the core")
        NOTED = "NOTED", _("Nothing is to be done")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        CoreOrder, verbose_name=_("order"), on_delete=models.PROTECT, null=True, blank=True, related_name="differences"
    )
    pieces = models.IntegerField(
        _("pieces"), help_text=_("More in the core than it was told (negative: fewer); or how many an order lacks.")
    )
    told = models.IntegerField(_("quantity it was told"), null=True, blank=True)
    found = models.IntegerField(_("quantity found"), null=True, blank=True)
    by = models.CharField(_("changed by"), max_length=200, blank=True)
    movement = models.ForeignKey(
        Movement, verbose_name=_("movement"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    detected_at = models.DateTimeField(_("detected at"), default=clock.now)
    settlement = models.CharField(_("settlement"), max_length=15, choices=Settlement, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("difference with the core")
        verbose_name_plural = _("differences with the core")
        permissions = (("settle_core_difference", "May settle differences with the core"),)
        constraints = [
            models.UniqueConstraint(
                fields=["store", "item", "order"],
                condition=Q(kind="OVERSOLD", settled_at=None),
                name="inventory_core_oversold_open_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="EDITED", order=None) | Q(kind="OVERSOLD", order__isnull=False),
                name="inventory_core_difference_order",
            ),
            models.CheckConstraint(
                condition=Q(settlement="") | Q(settled_at__isnull=False), name="inventory_core_difference_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.store_id}: {self.pieces}"
