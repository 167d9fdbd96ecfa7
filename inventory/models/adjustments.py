"""Adjustments with their approval, and how much should lie on the shelves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .ledger import KEY_LENGTH, Reason
from .places import StockRoom, Store, new_id
from .stock import GoodsRule, StockItem, one_rule_each


class Adjustment(models.Model):
    """Pieces that came, went or lie elsewhere, and why. Nothing is booked while it waits for a second person."""

    class State(models.TextChoices):
        PENDING = "PENDING", _("Waits for approval")
        BOOKED = "BOOKED", _("Booked")
        REJECTED = "REJECTED", _("Rejected")

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH, unique=True)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="adjustments")
    reason = models.ForeignKey(Reason, verbose_name=_("reason"), on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    serials = models.JSONField(_("serial numbers"), default=list, blank=True)
    room = models.ForeignKey(StockRoom, verbose_name=_("stock room"), on_delete=models.PROTECT, related_name="+")
    to_room = models.ForeignKey(
        StockRoom, verbose_name=_("goes to"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    asked_by = models.CharField(_("asked by"), max_length=120)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        ordering = ("-recorded_at", "id")
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_adjustment_quantity"),
            models.CheckConstraint(
                condition=~Q(state="REJECTED") | Q(decided_at__isnull=False), name="inventory_adjustment_decided"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("asked_by")),
                name="inventory_adjustment_second_person",
            ),
        ]
        indexes = [models.Index(fields=["store", "state", "-recorded_at"], name="inventory_adjustment_list")]

    def __str__(self) -> str:
        return f"{self.reason_id} {self.quantity} x {self.item_id}"


class ParLevel(GoodsRule):
    """How many pieces should lie on the floor: of a SKU or of each SKU of a category, in one store or in all.

    Of the rules that fit the most specific counts, as with safety stock. Without a rule the recent sales say it.
    """

    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: in all stores."),
    )
    quantity = models.PositiveIntegerField(_("pieces on the floor"))

    class Meta:
        ordering = ("item", "category", "store")
        verbose_name = _("par level")
        verbose_name_plural = _("par levels")
        constraints = one_rule_each("inventory_par")
