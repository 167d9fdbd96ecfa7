"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

import uuid
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .geo import Point
from .hours import Schedule, parse_schedule

SKU_LENGTH = 255
KEY_LENGTH = 400


def new_id() -> str:
    """A random UUID as text: ids are opaque to clients."""
    return str(uuid.uuid4())


class Store(models.Model):
    """A place that holds stock: a shop that customers visit, or a depot that they do not."""

    class Kind(models.TextChoices):
        STORE = "STORE", _("Store")
        DEPOT = "DEPOT", _("Depot")

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=64, unique=True, validators=[RegexValidator(r"^[\w.-]+$")])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STORE)
    street_address = models.CharField(_("street address"), max_length=300)
    city = models.CharField(_("city"), max_length=120)
    postal_code = models.CharField(_("postal code"), max_length=20)
    country_area = models.CharField(_("state or province"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 alpha-2."))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    latitude = models.FloatField(_("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    timezone = models.CharField(_("time zone"), max_length=64, help_text=_("For example America/Chicago."))
    hours = models.JSONField(_("weekly hours"), default=list, blank=True)
    exceptions = models.JSONField(_("exceptions"), default=list, blank=True)
    pickup_enabled = models.BooleanField(_("pick-up"), default=True)
    pickup_lead_minutes = models.PositiveIntegerField(_("pick-up lead time (minutes)"), default=60)
    slot_minutes = models.PositiveIntegerField(
        _("pick-up slot (minutes)"), default=60, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    slot_capacity = models.PositiveIntegerField(_("orders per slot"), default=6)
    core_warehouse_id = models.CharField(_("warehouse in the core"), max_length=255, null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name", "code")
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints = [
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90)), name="inventory_store_latitude"),
            models.CheckConstraint(condition=Q(longitude__range=(-180, 180)), name="inventory_store_longitude"),
            models.CheckConstraint(condition=Q(slot_minutes__gte=5), name="inventory_store_slot_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def clean(self) -> None:
        """Refuse hours and time zones that could not be read later."""
        if self.timezone not in available_timezones():
            raise ValidationError({"timezone": _("Unknown time zone: give one such as America/Chicago.")})
        try:
            self.schedule()
        except ValueError as error:
            raise ValidationError(str(error)) from error
        self.core_warehouse_id = self.core_warehouse_id or None

    def schedule(self) -> Schedule:
        """The opening hours, parsed."""
        return parse_schedule(self.hours, self.exceptions)

    def zone(self) -> ZoneInfo:
        """The store's time zone."""
        return ZoneInfo(self.timezone)

    def point(self) -> Point:
        """Where the store is."""
        return Point(self.latitude, self.longitude)


class StockItem(models.Model):
    """What the ledger must know of a SKU. Items that are not stocked (plans, services) are never limited."""

    class Tracking(models.TextChoices):
        NONE = "NONE", _("By quantity")
        IMEI = "IMEI", _("IMEI")
        ICCID = "ICCID", _("ICCID")
        SERIAL = "SERIAL", _("Serial number")

    sku = models.CharField(_("SKU"), primary_key=True, max_length=SKU_LENGTH)
    tracking = models.CharField(_("tracking"), max_length=10, choices=Tracking, default=Tracking.NONE)
    stocked = models.BooleanField(_("stocked"), default=True)
    core_variant_id = models.CharField(_("variant in the core"), max_length=255, blank=True, db_index=True)

    class Meta:
        ordering = ("sku",)
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")

    def __str__(self) -> str:
        return self.sku

    @property
    def tracked(self) -> bool:
        """Whether each piece is known by its serial."""
        return self.tracking != self.Tracking.NONE


class Balance(models.Model):
    """The running balance of one SKU in one store. Only `ledger.py` writes it, under a row lock.

    `on_hand` is the sum of the movements, `reserved` the sum of the active reservation lines, and `unregistered` the
    pieces known by quantity alone: on hand less the units present. It is negative when pieces were sold under a serial
    that was not here, until a person settles it.
    """

    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="balances")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="balances")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    unregistered = models.IntegerField(_("without serial"), default=0)
    short_since = models.DateTimeField(_("short since"), null=True, blank=True)

    class Meta:
        ordering = ("store", "item")
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(fields=["store", "item"], name="inventory_balance_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="inventory_balance_reserved"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0) | Q(short_since__isnull=False), name="inventory_balance_on_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.store_id}: {self.on_hand} - {self.reserved}"


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


class Reservation(models.Model):
    """Pieces of one store promised to one owner, all or nothing."""

    class Purpose(models.TextChoices):
        CART = "CART", _("Cart")
        ORDER = "ORDER", _("Order")
        PICKUP = "PICKUP", _("Pick-up")
        POS = "POS", _("Register")
        TRANSFER = "TRANSFER", _("Transfer")

    class State(models.TextChoices):
        HELD = "HELD", _("Held")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        ISSUED = "ISSUED", _("Issued")
        RELEASED = "RELEASED", _("Released")
        EXPIRED = "EXPIRED", _("Expired")

    ACTIVE = (State.HELD, State.CONFIRMED)

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
