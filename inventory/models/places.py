"""Where stock lies."""

import uuid
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.geo import Point
from inventory.hours import Schedule, parse_schedule


def new_id() -> str:
    """A random UUID as text: ids are opaque to clients."""
    return str(uuid.uuid4())


class Store(models.Model):
    """A place that holds stock: a shop that customers visit, or a depot that they do not."""

    class Kind(models.TextChoices):
        STORE = "STORE", _("Store")
        DEPOT = "DEPOT", _("Depot")

    class StockOwner(models.TextChoices):
        SUITE = "SUITE", _("This suite: the core is told")
        CORE = "CORE", _("The core: this suite copies it")
        OTHER = "OTHER", _("Another system: it tells both")

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=64, unique=True, validators=[RegexValidator(r"^[\w.-]+$")])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STORE)
    street_address = models.CharField(_("street address"), max_length=300)
    city = models.CharField(_("city"), max_length=120)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
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
    stock_owner = models.CharField(_("owner of the stock"), max_length=6, choices=StockOwner, default=StockOwner.SUITE)
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


class StockRoom(models.Model):
    """A part of a store in which goods lie. What is in no other room is on the sales floor."""

    class Kind(models.TextChoices):
        FLOOR = "FLOOR", _("Sales floor")
        BACK = "BACK", _("Back room")
        DISPLAY = "DISPLAY", _("Display")
        REPAIR = "REPAIR", _("Repair")
        QUARANTINE = "QUARANTINE", _("Quarantine")

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="rooms")
    code = models.CharField(_("code"), max_length=32, validators=[RegexValidator(r"^[\w.-]+$")])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("Empty: called by its kind."))
    sellable = models.BooleanField(_("sellable"), default=True, help_text=_("Whether what lies there may be promised."))

    class Meta:
        ordering = ("store", "code")
        verbose_name = _("stock room")
        verbose_name_plural = _("stock rooms")
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="inventory_room_code"),
            models.UniqueConstraint(fields=["store"], condition=Q(kind="FLOOR"), name="inventory_room_one_floor"),
            models.CheckConstraint(condition=~Q(kind="FLOOR") | Q(sellable=True), name="inventory_room_floor_sells"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def is_floor(self) -> bool:
        """Whether it is the sales floor, which has no balance of its own."""
        return self.kind == self.Kind.FLOOR
