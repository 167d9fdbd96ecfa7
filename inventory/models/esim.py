"""Profiles of eSIMs: they come from a pool of the operator's, not from a store."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import KEY_LENGTH
from .stock import StockItem


class EsimPool(models.Model):
    """The profiles that a SKU is sold from. One profile is as good as another of its pool."""

    item = models.OneToOneField(
        StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, primary_key=True, related_name="esim_pool"
    )
    low_water = models.PositiveIntegerField(
        _("warn below"), default=20, validators=[MinValueValidator(1)], help_text=_("Profiles that are available.")
    )
    warned_at = models.DateTimeField(_("warned at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("item",)
        verbose_name = _("eSIM pool")
        verbose_name_plural = _("eSIM pools")

    def __str__(self) -> str:
        return self.item_id


class EsimProfile(models.Model):
    """One profile at the operator's SM-DP+. Whoever has its activation code can load it, once.

    The code is kept encrypted (see `inventory.esim`). A profile that was only reserved goes back to AVAILABLE; one
    whose code may have been seen never does: it is REVOKED.
    """

    class State(models.TextChoices):
        AVAILABLE = "AVAILABLE", _("Available")
        RESERVED = "RESERVED", _("Reserved")
        ALLOCATED = "ALLOCATED", _("Allocated")
        ACTIVATED = "ACTIVATED", _("Activated")
        REVOKED = "REVOKED", _("Revoked")

    pool = models.ForeignKey(EsimPool, verbose_name=_("pool"), on_delete=models.PROTECT, related_name="profiles")
    iccid = models.CharField(_("ICCID"), max_length=20, unique=True)
    profile_type = models.CharField(_("profile type"), max_length=60, blank=True)
    sealed_code = models.TextField(_("activation code, encrypted"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.AVAILABLE)
    key = models.CharField(_("key"), max_length=KEY_LENGTH, null=True, blank=True, unique=True, editable=False)
    order = models.CharField(_("order"), max_length=100, blank=True)
    eid = models.CharField(_("EID of the device"), max_length=32, blank=True)
    reserved_until = models.DateTimeField(_("reserved until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    imported_at = models.DateTimeField(_("imported at"), default=clock.now)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("eSIM profile")
        verbose_name_plural = _("eSIM profiles")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="AVAILABLE") & Q(key__isnull=True) & Q(order=""))
                | (Q(state="RESERVED") & Q(key__isnull=False) & Q(reserved_until__isnull=False) & Q(order=""))
                | (Q(state__in=["ALLOCATED", "ACTIVATED"]) & Q(key__isnull=False) & ~Q(order=""))
                | Q(state="REVOKED"),
                name="inventory_esim_state",
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "id"], name="inventory_esim_available", condition=Q(state="AVAILABLE")),
            models.Index(fields=["reserved_until"], name="inventory_esim_due", condition=Q(state="RESERVED")),
            models.Index(fields=["order"], name="inventory_esim_order", condition=~Q(order="")),
        ]

    def __str__(self) -> str:
        return self.iccid
