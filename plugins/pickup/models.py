"""Tables of pickups."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from plugins.pickup.states import State

STATES = {
    State.PLACED: _("Placed"),
    State.ACCEPTED: _("Accepted"),
    State.PICKING: _("Picking"),
    State.READY: _("Ready to collect"),
    State.HANDED_OVER: _("Handed over"),
    State.REJECTED: _("Rejected"),
    State.EXPIRED: _("Expired"),
    State.CANCELLED: _("Cancelled"),
}


class Pickup(models.Model):
    """Lines of one order that are collected in one store. Its reservation is the promise of the stock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("carts.Order", verbose_name=_("order"), on_delete=models.PROTECT, related_name="pickups")
    delivery = models.OneToOneField("carts.CartDelivery", on_delete=models.PROTECT, related_name="pickup")
    store = models.ForeignKey("inventory.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    reservation_id = models.UUIDField(null=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=[(state.value, label) for state, label in STATES.items()],
        default=State.PLACED,
    )
    generation = models.PositiveSmallIntegerField(default=1)
    ready_by = models.DateTimeField(_("to be ready by"))
    pickup_by = models.DateTimeField(_("to be collected by"), null=True, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=120, blank=True)
    handed_over_by = models.CharField(_("handed over by"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("placed"), default=clock.now)
    changed_at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        ordering = ["ready_by", "id"]
        indexes = [
            models.Index(fields=["store", "state", "ready_by"], name="pickup_queue"),
            models.Index(fields=["pickup_by"], condition=Q(state="READY"), name="pickup_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="READY") | Q(pickup_by__isnull=False), name="pickup_ready_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id[:6]}… {self.state}"


class PickupLine(models.Model):
    """What is to be picked of one order line."""

    pickup = models.ForeignKey(Pickup, on_delete=models.CASCADE, related_name="lines")
    order_line = models.OneToOneField("carts.OrderLine", on_delete=models.PROTECT, related_name="pickup_line")
    sku = models.CharField(_("SKU"), max_length=255)
    name = models.CharField(_("name"), max_length=512)
    serialised = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    picked = models.PositiveIntegerField(_("picked"), default=0)
    serials = models.JSONField(_("serial numbers"), default=list, blank=True)

    class Meta:
        verbose_name = _("pickup line")
        verbose_name_plural = _("pickup lines")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(picked__lte=F("quantity")), name="pickup_line_not_over_picked"),
        ]

    def __str__(self) -> str:
        return f"{self.picked}/{self.quantity} {self.sku}"
