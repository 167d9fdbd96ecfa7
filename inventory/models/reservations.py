"""Promises of stock."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import KEY_LENGTH
from .places import Store
from .stock import StockItem


class Reservation(models.Model):
    """Pieces of one store promised to one owner, all or nothing."""

    class Purpose(models.TextChoices):
        CART = "CART", _("Cart")
        ORDER = "ORDER", _("Order")
        PICKUP = "PICKUP", _("Pick-up")
        POS = "POS", _("Register")
        TRANSFER = "TRANSFER", _("Transfer")
        CORE_ORDER = "CORE_ORDER", _("Order made in the core")

    class State(models.TextChoices):
        HELD = "HELD", _("Held")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        ISSUED = "ISSUED", _("Issued")
        RELEASED = "RELEASED", _("Released")
        EXPIRED = "EXPIRED", _("Expired")

    ACTIVE = (State.HELD, State.CONFIRMED)

    # Promises that may take the safety stock: by staff who see the goods, and those that the core has made already.
    FROM_SAFETY = (Purpose.POS, Purpose.TRANSFER, Purpose.CORE_ORDER)

    # Holds that the core has no order for: they lower the quantity it is told.
    UNKNOWN_TO_CORE = (Purpose.POS, Purpose.TRANSFER)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=KEY_LENGTH, unique=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    owner = models.CharField(_("owner"), max_length=200)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HELD)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    close_reason = models.CharField(_("why closed"), max_length=200, blank=True)
    issue_key = models.CharField(_("source of the issue"), max_length=KEY_LENGTH, blank=True)
    core_pending = models.BooleanField(
        _("core not told"), default=False, help_text=_("Issued here while the core has not yet fulfilled its order.")
    )
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="HELD") | Q(expires_at__isnull=False), name="inventory_reservation_held_expires"
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(expires_at__isnull=True),
                name="inventory_reservation_confirmed_stays",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="inventory_reservation_due", condition=Q(state="HELD")),
            models.Index(fields=["store"], name="inventory_reservation_core", condition=Q(core_pending=True)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.owner} {self.state}"

    def is_active(self) -> bool:
        """Whether its lines still count as reserved."""
        return self.state in self.ACTIVE

    def is_overdue(self) -> bool:
        """Whether it is a hold whose time has run out, swept or not."""
        return self.state == self.State.HELD and self.expires_at is not None and self.expires_at <= clock.now()


class ReservationLine(models.Model):
    """How many pieces of one SKU a reservation holds; units are named when they are picked or issued."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField(_("quantity"))

    class Meta:
        ordering = ("item",)
        verbose_name = _("reservation line")
        verbose_name_plural = _("reservation lines")
        constraints = [
            models.UniqueConstraint(fields=["reservation", "item"], name="inventory_reservation_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_reservation_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"
