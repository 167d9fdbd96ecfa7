"""What speaks against the books, until a person settles it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import Movement
from .units import Unit


class Contradiction(models.Model):
    """What was booked although the books spoke against it; a person settles it (see `inventory.resolution`).

    `pieces` are those that its movement booked by quantity alone on this account: negative out of the store, positive
    into it, 0 where a known unit moved or the number played no part.
    """

    class Type(models.TextChoices):
        SOLD_SHORT = "SOLD_SHORT", _("Sold more than there was")
        SOLD_UNNAMED = "SOLD_UNNAMED", _("Sold without a valid serial number")
        SOLD_UNKNOWN = "SOLD_UNKNOWN", _("Sold, but never received")
        SOLD_WRONG_ITEM = "SOLD_WRONG_ITEM", _("Sold as another article")
        SOLD_IN_BOOKS = "SOLD_IN_BOOKS", _("Sold, but not free in the books")
        RECEIVED_TWICE = "RECEIVED_TWICE", _("Received, but in the books already")
        COUNTED_ELSEWHERE = "COUNTED_ELSEWHERE", _("Counted here, but elsewhere in the books")
        RETURNED_IN_STOCK = "RETURNED_IN_STOCK", _("Returned, but never sold")
        BLACKLISTED = "BLACKLISTED", _("Came in reported lost or stolen")
        OTHER = "OTHER", _("Other")

    class Settlement(models.TextChoices):
        NOTED = "NOTED", _("Nothing is to be booked")
        FOUND = "FOUND", _("It was there: book it in")
        REALLY_SOLD = "REALLY_SOLD", _("It was really sold here: correct where the books have it")
        RETURN_UNBOOKED = "RETURN_UNBOOKED", _("It had come back before: book that return")
        WRONG_ARTICLE = "WRONG_ARTICLE", _("The piece that was scanned was sold: correct both articles")
        NAME_UNITS = "NAME_UNITS", _("The scan was wrong or missing: name the right piece")
        IS_HERE = "IS_HERE", _("It is really here: correct where the books have it")
        TAKE_OUT = "TAKE_OUT", _("It never came: take the piece out again")
        BACK_IN_STOCK = "BACK_IN_STOCK", _("It is cleared: bring it back into stock")
        WRITE_OFF = "WRITE_OFF", _("Write it off")

    movement = models.ForeignKey(
        Movement, verbose_name=_("movement"), on_delete=models.PROTECT, related_name="contradictions"
    )
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.OTHER)
    code = models.CharField(_("code"), max_length=40)
    message = models.CharField(_("message"), max_length=500)
    params = models.JSONField(_("facts"), default=dict)
    serial = models.CharField(_("number"), max_length=64, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="contradictions"
    )
    pieces = models.IntegerField(_("pieces booked by quantity alone"), default=0)
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    settlement = models.CharField(_("settlement"), max_length=20, choices=Settlement, blank=True)
    settled_reason = models.CharField(_("reason"), max_length=200, blank=True)
    settled_with = models.JSONField(_("numbers named"), default=list, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")
        permissions = (("resolve_contradiction", "May settle contradictions"),)
        constraints = [
            models.CheckConstraint(
                condition=Q(settlement="") | Q(settled_at__isnull=False), name="inventory_contradiction_settled"
            )
        ]
        indexes = [
            models.Index(fields=["type", "-id"], name="inventory_contradiction_open", condition=Q(settled_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
