"""The ledger."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .places import StockRoom, Store
from .stock import StockItem

KEY_LENGTH = 400
SOURCE_ONCE = "inventory_movement_source_once"


class MovementKind(models.TextChoices):
    """What happened to the goods."""

    RECEIPT = "RECEIPT", _("Receipt")
    SALE = "SALE", _("Sale")
    RETURN = "RETURN", _("Return")
    TRANSFER_OUT = "TRANSFER_OUT", _("Transfer out")
    TRANSFER_IN = "TRANSFER_IN", _("Transfer in")
    VENDOR_RETURN = "VENDOR_RETURN", _("Return to vendor")
    ADJUSTMENT = "ADJUSTMENT", _("Adjustment")
    COUNT = "COUNT", _("Count correction")
    DAMAGE = "DAMAGE", _("Damage")
    DISPLAY = "DISPLAY", _("Display")
    REPAIR = "REPAIR", _("Repair")
    TRADE_IN = "TRADE_IN", _("Trade-in")
    MOVE = "MOVE", _("Move between rooms")


class Reason(models.Model):
    """Why stock is adjusted. A movement keeps the code, so a reason once used is made inactive, never deleted."""

    class Direction(models.TextChoices):
        IN = "IN", _("Into the store")
        OUT = "OUT", _("Out of the store")
        MOVE = "MOVE", _("Between rooms")

    code = models.CharField(_("code"), primary_key=True, max_length=32, validators=[RegexValidator(r"^[A-Z0-9_]+$")])
    name = models.CharField(_("name"), max_length=100)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    kind = models.CharField(_("kind of movement"), max_length=20, choices=MovementKind, default=MovementKind.ADJUSTMENT)
    to_kind = models.CharField(
        _("goes to"),
        max_length=10,
        choices=StockRoom.Kind,
        blank=True,
        help_text=_("The kind of room that the pieces go to. Empty: the one named by the clerk."),
    )
    approval_from = models.PositiveIntegerField(
        _("approval from (pieces)"),
        null=True,
        blank=True,
        help_text=_("From so many pieces on a manager approves. Empty: never."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            models.CheckConstraint(
                condition=~Q(direction="OUT") | Q(to_kind=""), name="inventory_reason_out_goes_nowhere"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"

    def name_in(self, language: str) -> str:
        """What it is called in `language`."""
        return self.name_zh if language.startswith("zh") else self.name


class Movement(models.Model):
    """One line of the ledger. Append-only: a trigger refuses UPDATE and DELETE."""

    Kind = MovementKind

    # Each index is written with every booking: no more of them than are read, and none for LIKE.
    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.ForeignKey(
        StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    room = models.ForeignKey(
        StockRoom,
        verbose_name=_("stock room"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("Empty: the sales floor."),
    )
    quantity = models.IntegerField(_("quantity"), help_text=_("Positive into the store, negative out of it."))
    balance_after = models.IntegerField(_("balance after"))
    source_key = models.CharField(_("source"), max_length=KEY_LENGTH)
    actor = models.CharField(_("actor"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="inventory_movement_moves"),
            models.UniqueConstraint(fields=["source_key"], name=SOURCE_ONCE),
        ]
        indexes = [
            models.Index(fields=["store", "item", "-id"], name="inventory_movement_card"),
            models.Index(fields=["item"], name="inventory_movement_item"),
            models.Index(
                fields=["occurred_at"],
                name="inventory_movement_shrink",
                condition=Q(kind__in=["ADJUSTMENT", "COUNT", "DAMAGE"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d} {self.item_id}"
