"""Premises, the network that reaches them, and what was answered and promised about it."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock, ids
from plugins.serviceability import geometry, qualification

CODE_LENGTH = 40


class Country(models.TextChoices):
    """The countries whose addresses can be read."""

    US = "US", _("United States")
    CN = "CN", _("China")


class Technology(models.TextChoices):
    """By which network a service comes."""

    FTTH = "FTTH", _("Fibre to the home")
    HFC = "HFC", _("Cable")
    VDSL = "VDSL", _("DSL")
    FIXED_WIRELESS = "FIXED_WIRELESS", _("Fixed wireless")
    NR = "NR", _("5G")
    LTE = "LTE", _("4G")


# What cannot be sold without a port or slot.
LIMITED = (Technology.FTTH, Technology.HFC, Technology.VDSL, Technology.FIXED_WIRELESS)


class Drop(models.IntegerChoices):
    """How near a line is to working."""

    NONE = qualification.Drop.NONE, _("None")
    PLANNED = qualification.Drop.PLANNED, _("Planned")
    FOOTPRINT = qualification.Drop.FOOTPRINT, _("In the footprint")
    DROP = qualification.Drop.DROP, _("Drop built")
    EQUIPMENT = qualification.Drop.EQUIPMENT, _("Equipment installed")
    ACTIVE = qualification.Drop.ACTIVE, _("Active")


def _drop(label: object) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(label, choices=Drop, default=Drop.NONE)  # type: ignore[arg-type]


def _on_globe() -> Q:
    return Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)


class WorkCalendar(models.Model):
    """On which days crews work in a country."""

    country = models.CharField(_("country"), max_length=2, choices=Country, primary_key=True)
    timezone = models.CharField(_("time zone"), max_length=60)
    weekdays = models.JSONField(
        _("weekdays"), default=list, help_text=_("ISO weekdays that are worked: [1, 2, 3, 4, 5].")
    )
    holidays = models.JSONField(_("holidays"), default=list, blank=True, help_text=_('Dates: ["2026-12-25"].'))
    worked = models.JSONField(
        _("worked all the same"), default=list, blank=True, help_text=_("Weekend days worked in exchange for holidays.")
    )

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")

    def __str__(self) -> str:
        return self.get_country_display()

    def clean(self) -> None:
        """Weekdays and dates that can be read."""
        from plugins.serviceability.loader import calendar_of

        try:
            calendar_of(self)
        except (ValueError, TypeError) as error:
            raise ValidationError(_("A time zone, weekday or date cannot be read: %(why)s") % {"why": error}) from error


class NetworkNode(models.Model):
    """Where lines end or a cell stands: a fibre terminal, an optical node, a DSLAM, a radio cell."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, primary_key=True)
    technology = models.CharField(_("technology"), max_length=20, choices=Technology)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    name = models.CharField(_("name"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))

    class Meta:
        ordering = ("code",)
        verbose_name = _("network node")
        verbose_name_plural = _("network nodes")
        constraints = [models.CheckConstraint(condition=_on_globe(), name="serviceability_node_position")]

    def __str__(self) -> str:
        return self.code


class CapacityOpening(models.Model):
    """Ports or slots of a node that can be used from a day on, and how many of them are reserved.

    Only `reservations.py` writes `reserved`, under the row's lock.
    """

    node = models.ForeignKey(NetworkNode, verbose_name=_("node"), on_delete=models.PROTECT, related_name="openings")
    opens_on = models.DateField(_("opens on"))
    ports = models.PositiveIntegerField(_("ports or slots"))
    reserved = models.PositiveIntegerField(_("reserved"), default=0)

    class Meta:
        ordering = ("opens_on", "pk")
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["node", "opens_on"], name="serviceability_opening_once"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("ports")),
                name="serviceability_no_oversell",
                violation_error_message=_("More is reserved than would be left."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.opens_on}: {self.reserved}/{self.ports}"


class Footprint(models.Model):
    """Where a technology reaches, as a polygon. `opens_on` is when a planned network is built."""

    class State(models.TextChoices):
        LIVE = "LIVE", _("Live")
        PLANNED = "PLANNED", _("Planned")

    code = models.CharField(_("code"), max_length=CODE_LENGTH, primary_key=True)
    technology = models.CharField(_("technology"), max_length=20, choices=Technology)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    name = models.CharField(_("name"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LIVE)
    opens_on = models.DateField(_("built on"), null=True, blank=True)
    download_mbps = models.PositiveIntegerField(_("download, Mbit/s"))
    upload_mbps = models.PositiveIntegerField(_("upload, Mbit/s"))
    node = models.ForeignKey(
        NetworkNode, verbose_name=_("node"), on_delete=models.PROTECT, null=True, blank=True, related_name="footprints"
    )
    geometry = models.JSONField(_("geometry"), help_text=_("GeoJSON Polygon or MultiPolygon, longitude first."))

    class Meta:
        ordering = ("code",)
        verbose_name = _("footprint")
        verbose_name_plural = _("footprints")
        constraints = [
            models.CheckConstraint(condition=Q(download_mbps__gt=0), name="serviceability_footprint_speed"),
            models.CheckConstraint(
                condition=Q(technology__in=["NR", "LTE"]) | Q(node__isnull=False),
                name="serviceability_footprint_capacity",
                violation_error_message=_("Name the node whose capacity this footprint uses."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """A polygon that can be one, in its country."""
        from plugins.serviceability.messages import geometry_problem

        try:
            geometry.polygons(self.geometry, self.country)
        except geometry.BadGeometry as problem:
            raise ValidationError({"geometry": str(geometry_problem(problem))}) from problem


class Premises(models.Model):
    """A place that a service can be had at: a house, a flat, a shop. `key` is the same for all spellings."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, primary_key=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    number = models.PositiveIntegerField(_("house number"))
    suffix = models.CharField(_("behind the number"), max_length=10, blank=True)
    before = models.CharField(_("direction before"), max_length=2, blank=True)
    street = models.CharField(_("street"), max_length=100)
    kind = models.CharField(_("kind of street"), max_length=10, blank=True)
    after = models.CharField(_("direction behind"), max_length=2, blank=True)
    unit = models.CharField(_("sub-unit"), max_length=40, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=80)
    area = models.CharField(_("state or province"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    fibre = _drop(_("fibre"))
    coax = _drop(_("cable"))
    copper = _drop(_("DSL"))
    loop_metres = models.PositiveIntegerField(_("copper loop, metres"), default=0)
    fibre_node = models.ForeignKey(
        NetworkNode, verbose_name=_("fibre node"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    coax_node = models.ForeignKey(
        NetworkNode, verbose_name=_("cable node"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    copper_node = models.ForeignKey(
        NetworkNode, verbose_name=_("DSL node"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=300, editable=False)

    class Meta:
        ordering = ("code",)
        verbose_name = _("premises")
        verbose_name_plural = _("premises")
        constraints = [
            models.UniqueConstraint(fields=["country", "key"], name="serviceability_premises_address"),
            models.CheckConstraint(condition=_on_globe(), name="serviceability_premises_position"),
        ]

    def __str__(self) -> str:
        return self.code


class Qualification(models.Model):
    """What was answered to whom, until when it holds. The id is a right: whoever has it may read it."""

    id = models.CharField(primary_key=True, max_length=40, default=ids.capability, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(_("address"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    confidence = models.CharField(_("confidence"), max_length=12)
    categories = models.JSONField(_("categories"))
    requested_date = models.DateField(_("wanted on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=12)
    items = models.JSONField(_("items"))
    created_at = models.DateTimeField(_("asked at"), default=clock.now)
    checked_at = models.DateTimeField(_("checked at"), default=clock.now)
    expires_at = models.DateTimeField(_("holds until"))

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.CheckConstraint(
                condition=~Q(confidence="EXACT") | Q(premises__isnull=False), name="serviceability_exact_is_premises"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="serviceability_open")]

    def __str__(self) -> str:
        return f"{self.result} {self.address}"


class CapacityReservation(models.Model):
    """One port or slot promised to one owner. It counts in its opening while it is HELD or CONFIRMED.

    LOST is one that was confirmed and whose port is gone: it waits for the next that is free (see `capacity`).
    `needed_by` is the last day on which its port may open.
    """

    class State(models.TextChoices):
        HELD = "HELD", _("Held")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        RELEASED = "RELEASED", _("Released")
        EXPIRED = "EXPIRED", _("Expired")
        LOST = "LOST", _("Lost, waits for a port")

    ACTIVE = (State.HELD, State.CONFIRMED)
    STANDING = (State.HELD, State.CONFIRMED, State.LOST)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=200, unique=True)
    owner = models.CharField(_("owner"), max_length=200)
    premises = models.ForeignKey(Premises, verbose_name=_("premises"), on_delete=models.PROTECT, related_name="+")
    technology = models.CharField(_("technology"), max_length=20, choices=Technology)
    opening = models.ForeignKey(
        CapacityOpening, verbose_name=_("capacity"), on_delete=models.PROTECT, related_name="reservations"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HELD)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    close_reason = models.CharField(_("why closed"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("reserved port")
        verbose_name_plural = _("reserved ports")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="HELD") | Q(expires_at__isnull=False), name="serviceability_held_expires"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="serviceability_due", condition=Q(state="HELD"))]

    def __str__(self) -> str:
        return f"{self.technology} {self.premises_id} {self.state}"


class DemandEntry(models.Model):
    """Somebody waits for a service at an address: whom to tell, and where to build."""

    category = models.CharField(_("category"), max_length=20)
    premises = models.ForeignKey(
        Premises, verbose_name=_("premises"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    area = models.CharField(_("state or province"), max_length=40, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    email = models.EmailField(_("e-mail address"))
    created_at = models.DateTimeField(_("created at"), default=clock.now)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("waiting customer")
        verbose_name_plural = _("waiting list")
        constraints = [
            models.UniqueConstraint(fields=["email", "category", "address"], name="serviceability_waits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.postal_code}"


class NetworkVersion(models.Model):
    """One row: the marks of the last change of premises, and of footprints, capacity or calendars."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    premises = models.UUIDField(default=uuid.uuid4)
    network = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="serviceability_one_version")]

    def __str__(self) -> str:
        return str(self.network)


class QualificationTask(models.Model):
    """A check or query of the TM Forum facade as it was answered. Only its owner finds it."""

    class Kind(models.TextChoices):
        CHECK = "CHECK", _("Check")
        QUERY = "QUERY", _("Query")

    id = models.CharField(primary_key=True, max_length=40, default=ids.capability, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    owner = models.CharField(_("owner"), max_length=200)
    resource = models.JSONField(_("resource"))
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    expires_at = models.DateTimeField(_("holds until"))

    class Meta:
        ordering = ("-created_at", "pk")
        verbose_name = _("TMF645 qualification")
        verbose_name_plural = _("TMF645 qualifications")
        indexes = [models.Index(fields=["owner", "kind", "-created_at"], name="serviceability_task_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk[:8]}"
