"""Serialised pieces."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .ledger import Movement
from .places import Store
from .reservations import ReservationLine
from .stock import StockItem


class Unit(models.Model):
    """One serialised piece. States are those of Oracle's store inventory (UIN) that this version uses."""

    class State(models.TextChoices):
        IN_STOCK = "IN_STOCK", _("In stock")
        CUSTOMER_RESERVED = "CUSTOMER_RESERVED", _("Reserved for a customer")
        SOLD = "SOLD", _("Sold")
        IN_RECEIVING = "IN_RECEIVING", _("In receiving")
        UNAVAILABLE = "UNAVAILABLE", _("Unavailable")
        MISSING = "MISSING", _("Missing")
        UNCONFIRMED = "UNCONFIRMED", _("Unconfirmed")

    # The states that count as on hand.
    PRESENT = (State.IN_STOCK, State.CUSTOMER_RESERVED)

    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="units")
    identifier_type = models.CharField(_("type"), max_length=10, choices=StockItem.Tracking)
    identifier = models.CharField(_("identifier"), max_length=64, db_index=True)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=30, choices=State)
    reservation_line = models.ForeignKey(
        ReservationLine,
        verbose_name=_("reserved by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="units",
    )

    class Meta:
        ordering = ("identifier",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            # IMEI and ICCID are unique in the world, a maker's serial number only within its item.
            models.UniqueConstraint(
                fields=["identifier_type", "identifier"],
                condition=Q(identifier_type__in=["IMEI", "ICCID"]),
                name="inventory_unit_number_once",
            ),
            models.UniqueConstraint(
                fields=["item", "identifier"], condition=Q(identifier_type="SERIAL"), name="inventory_unit_serial_once"
            ),
            models.CheckConstraint(
                condition=Q(identifier_type__in=["IMEI", "ICCID", "SERIAL"]), name="inventory_unit_type"
            ),
            models.CheckConstraint(
                condition=Q(reservation_line__isnull=True) | Q(state="CUSTOMER_RESERVED"),
                name="inventory_unit_reserved_state",
            ),
        ]
        indexes = [models.Index(fields=["store", "item", "state"], name="inventory_unit_place")]

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"

    def is_present(self) -> bool:
        """Whether it counts as on hand."""
        return self.state in self.PRESENT


class UnitMovement(models.Model):
    """Which units a movement moved: a unit's history. Append-only like the movements."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="unit_links")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="links")

    class Meta:
        verbose_name = _("unit movement")
        verbose_name_plural = _("unit movements")
        constraints = [models.UniqueConstraint(fields=["movement", "unit"], name="inventory_unit_movement_once")]

    def __str__(self) -> str:
        return f"{self.movement_id}/{self.unit_id}"
