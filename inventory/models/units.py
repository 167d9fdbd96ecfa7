"""Serialised pieces."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory import uin

from .ledger import Movement
from .places import StockRoom, Store
from .reservations import ReservationLine
from .stock import StockItem


class Unit(models.Model):
    """One serialised piece. `identifier` is the number it was booked by; all its numbers are `UnitIdentifier`s."""

    class State(models.TextChoices):
        IN_RECEIVING = uin.State.IN_RECEIVING, _("In receiving")
        IN_STOCK = uin.State.IN_STOCK, _("In stock")
        UNAVAILABLE = uin.State.UNAVAILABLE, _("Not for sale")
        CUSTOMER_RESERVED = uin.State.CUSTOMER_RESERVED, _("Reserved for a customer")
        CUSTOMER_FULFILLED = uin.State.CUSTOMER_FULFILLED, _("Handed to a customer")
        SOLD = uin.State.SOLD, _("Sold")
        RESERVED_FOR_SHIPPING = uin.State.RESERVED_FOR_SHIPPING, _("Reserved for shipping")
        SHIPPED_TO_STORE = uin.State.SHIPPED_TO_STORE, _("Shipped to a store")
        SHIPPED_TO_WAREHOUSE = uin.State.SHIPPED_TO_WAREHOUSE, _("Shipped to a warehouse")
        SHIPPED_TO_VENDOR = uin.State.SHIPPED_TO_VENDOR, _("Shipped to the vendor")
        SHIPPED_TO_FINISHER = uin.State.SHIPPED_TO_FINISHER, _("Shipped for repair")
        MISSING = uin.State.MISSING, _("Missing")
        REMOVE_FROM_INVENTORY = uin.State.REMOVE_FROM_INVENTORY, _("Removed from stock")
        UNCONFIRMED = uin.State.UNCONFIRMED, _("Unconfirmed")
        UNKNOWN = uin.State.UNKNOWN, _("Unknown")

    # The states that count as on hand.
    PRESENT = tuple(sorted(uin.PRESENT))

    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="units")
    identifier_type = models.CharField(_("type"), max_length=10, choices=StockItem.Tracking)
    identifier = models.CharField(_("identifier"), max_length=64, db_index=True)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(
        StockRoom,
        verbose_name=_("stock room"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the sales floor, or not in the store."),
    )
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
            models.CheckConstraint(
                condition=Q(identifier_type__in=["IMEI", "ICCID", "SERIAL"]), name="inventory_unit_type"
            ),
            models.CheckConstraint(
                condition=Q(reservation_line__isnull=True) | Q(state="CUSTOMER_RESERVED"),
                name="inventory_unit_reserved_state",
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True) | Q(state__in=sorted(uin.PRESENT)), name="inventory_unit_room_present"
            ),
        ]
        indexes = [models.Index(fields=["store", "item", "state"], name="inventory_unit_place")]

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"

    def is_present(self) -> bool:
        """Whether it counts as on hand."""
        return self.state in self.PRESENT


class UnitIdentifier(models.Model):
    """A number that a unit carries. Scanning any of them finds the unit."""

    class Type(models.TextChoices):
        IMEI = "IMEI", _("IMEI")
        IMEI2 = "IMEI2", _("IMEI 2")
        EID = "EID", _("EID")
        SERIAL = "SERIAL", _("Serial number")
        ICCID = "ICCID", _("ICCID")

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="identifiers")
    # The unit's: a maker's serial number is unique only within its item.
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    type = models.CharField(_("type"), max_length=10, choices=Type)
    value = models.CharField(_("identifier"), max_length=64, db_index=True)

    class Meta:
        ordering = ("unit", "type")
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(fields=["unit", "type"], name="inventory_identifier_type_once"),
            # Both numbers of a phone with two SIMs come from one space.
            models.UniqueConstraint(
                fields=["value"], condition=Q(type__in=["IMEI", "IMEI2"]), name="inventory_identifier_imei"
            ),
            models.UniqueConstraint(fields=["value"], condition=Q(type="EID"), name="inventory_identifier_eid"),
            models.UniqueConstraint(fields=["value"], condition=Q(type="ICCID"), name="inventory_identifier_iccid"),
            models.UniqueConstraint(
                fields=["item", "value"], condition=Q(type="SERIAL"), name="inventory_identifier_serial"
            ),
            models.CheckConstraint(
                condition=Q(type__in=["IMEI", "IMEI2", "EID", "SERIAL", "ICCID"]), name="inventory_identifier_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.value}"


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
