"""Goods on their way from one store to another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import KEY_LENGTH
from .places import Store
from .reservations import Reservation
from .stock import StockItem
from .units import Unit


class Transfer(models.Model):
    """A request for goods of another store, or goods that a store sends of its own accord (`pushed`).

    Two steps: what was shipped has left the one store's books and is in transit until it is received in the other's.
    What does not arrive stays in transit, whatever the transfer's state, until a manager settles it.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("Requested")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")
        PICKING = "PICKING", _("Being picked")
        SHIPPED = "SHIPPED", _("Shipped")
        RECEIVED = "RECEIVED", _("Received")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.REQUESTED, State.APPROVED, State.PICKING, State.SHIPPED)

    origin = models.ForeignKey(Store, verbose_name=_("from"), on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Store, verbose_name=_("to"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    pushed = models.BooleanField(_("sent unasked"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH, unique=True)
    reservation = models.OneToOneField(
        Reservation, verbose_name=_("reservation"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.CharField(_("requested by"), max_length=120)
    created_at = models.DateTimeField(_("requested at"), default=clock.now)
    decided_by = models.CharField(_("approved or rejected by"), max_length=120, blank=True)
    shipped_by = models.CharField(_("shipped by"), max_length=120, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [models.CheckConstraint(condition=~Q(origin=F("target")), name="inventory_transfer_goes")]
        indexes = [
            models.Index(fields=["origin", "-id"], name="inventory_transfer_out"),
            models.Index(fields=["target", "-id"], name="inventory_transfer_in"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"T{self.pk:06d}"


class TransferLine(models.Model):
    """A SKU of a transfer. In transit is what was shipped less what arrived or was settled otherwise."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    requested = models.PositiveIntegerField(_("requested"), default=0)
    approved = models.PositiveIntegerField(_("approved"), default=0)
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    received = models.PositiveIntegerField(_("received"), default=0)
    damaged = models.PositiveIntegerField(_("received damaged"), default=0)
    sent_back = models.PositiveIntegerField(_("never left"), default=0)
    lost = models.PositiveIntegerField(_("written off"), default=0)

    IN_TRANSIT = Q(shipped__gt=F("received") + F("damaged") + F("sent_back") + F("lost"))

    class Meta:
        ordering = ("item",)
        verbose_name = _("line of a transfer")
        verbose_name_plural = _("lines of a transfer")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "item"], name="inventory_transfer_line_once"),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("received") + F("damaged") + F("sent_back") + F("lost")),
                name="inventory_transfer_line_in_transit",
            ),
        ]
        indexes = [
            # Few are on the way of the many that were sent over the years.
            models.Index(
                fields=["item"],
                name="inventory_transfer_on_the_way",
                condition=Q(shipped__gt=F("received") + F("damaged") + F("sent_back") + F("lost")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.requested} x {self.item_id}"

    @property
    def in_transit(self) -> int:
        """Pieces that are in neither store's books."""
        return self.shipped - self.received - self.damaged - self.sent_back - self.lost


class TransferUnit(models.Model):
    """A piece that was shipped by its serial; in transit until `ended_at`."""

    line = models.ForeignKey(TransferLine, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("arrived or settled at"), null=True, blank=True)

    class Meta:
        ordering = ("unit__identifier",)
        verbose_name = _("shipped unit")
        verbose_name_plural = _("shipped units")
        constraints = [
            models.UniqueConstraint(fields=["line", "unit"], name="inventory_transfer_unit_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at__isnull=True), name="inventory_transfer_unit_one_way"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)
