"""Devices that came in and are looked up in the industry's list of lost and stolen ones."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import Movement
from .units import Unit


class DeviceCheck(models.Model):
    """One question to the blacklist about a device that came in with a movement (see `inventory.blacklist`)."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting for an answer")
        CLEAR = "CLEAR", _("Not listed")
        LISTED = "LISTED", _("Listed")
        REFUSED = "REFUSED", _("Refused by the list")

    movement = models.ForeignKey(Movement, verbose_name=_("movement"), on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="checks")
    imei = models.CharField(_("IMEI"), max_length=15)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    status = models.CharField(_("answer"), max_length=20, blank=True)
    reference = models.CharField(_("reference of the answer"), max_length=100, blank=True)
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("device check")
        verbose_name_plural = _("device checks")
        constraints = [
            models.UniqueConstraint(fields=["movement", "unit"], name="inventory_device_check_once"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="inventory_check_waiting", condition=models.Q(state="WAITING"))
        ]

    def __str__(self) -> str:
        return f"{self.imei}: {self.state}"
