"""What is kept in stock, and how much of it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .places import StockRoom, Store

SKU_LENGTH = 255
CATEGORY_LENGTH = 500


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
    category = models.CharField(
        _("category"), max_length=CATEGORY_LENGTH, blank=True, help_text=_("Slugs from the root down: devices/phones.")
    )

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
    that was not here, until a person settles it. `unsellable` is what lies in rooms that do not sell, `safety` the
    safety stock that applies. `short_since` is set while on hand less unsellable is below nought.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="balances", db_index=False
    )
    item = models.ForeignKey(
        StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="balances", db_index=False
    )
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    unsellable = models.IntegerField(_("not sellable"), default=0)
    safety = models.IntegerField(_("safety stock"), default=0)
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
                condition=Q(on_hand__gte=F("unsellable")) | Q(short_since__isnull=False),
                name="inventory_balance_on_hand",
            ),
            models.CheckConstraint(condition=Q(unsellable__gte=0), name="inventory_balance_unsellable"),
            models.CheckConstraint(condition=Q(safety__gte=0), name="inventory_balance_safety"),
        ]
        indexes = [models.Index(fields=["item", "store"], name="inventory_balance_item")]

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.store.code}"


class RoomBalance(models.Model):
    """What of a balance lies in a room other than the floor. Written by `ledger.py`, under the balance's lock."""

    balance = models.ForeignKey(Balance, verbose_name=_("balance"), on_delete=models.PROTECT, related_name="rooms")
    room = models.ForeignKey(StockRoom, verbose_name=_("stock room"), on_delete=models.PROTECT, related_name="balances")
    quantity = models.IntegerField(_("quantity"), default=0)

    class Meta:
        ordering = ("balance", "room")
        verbose_name = _("stock in a room")
        verbose_name_plural = _("stock in rooms")
        constraints = [
            models.UniqueConstraint(fields=["balance", "room"], name="inventory_room_balance_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="inventory_room_balance_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} in {self.room_id}"


class GoodsRule(models.Model):
    """A rule for a SKU or for each SKU of a category. Subclasses say for which store, and how many pieces of what."""

    item = models.ForeignKey(
        StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.CharField(
        _("category"), max_length=CATEGORY_LENGTH, blank=True, help_text=_("Slugs from the root down: devices/phones.")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id or self.category} @ {self.store_id or '*'}"  # type: ignore[attr-defined]


def one_rule_each(name: str) -> list[models.BaseConstraint]:
    """Constraints of a `GoodsRule`: a SKU or a category, and one rule for it in each store. `name` begins theirs."""
    return [
        models.CheckConstraint(
            condition=(Q(item__isnull=False) & Q(category="")) | (Q(item__isnull=True) & ~Q(category="")),
            name=f"{name}_sku_or_category",
            violation_error_message=_("Give either a SKU or a category."),
        ),
        models.UniqueConstraint(
            Coalesce("store", models.Value("")),
            Coalesce("item", models.Value("")),
            "category",
            name=f"{name}_once",
            violation_error_message=_("There is such a rule already."),
        ),
    ]


class SafetyStock(GoodsRule):
    """Pieces kept back from what is promised online: of a SKU or a category, in one store or in all.

    Of the rules that fit a balance the most specific counts: SKU and store, SKU, category and store, category; of
    nested categories the deepest.
    """

    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="safety_rules",
        help_text=_("Empty: in all stores."),
    )
    quantity = models.PositiveIntegerField(_("pieces kept back"))

    class Meta:
        ordering = ("item", "category", "store")
        verbose_name = _("safety stock rule")
        verbose_name_plural = _("safety stock rules")
        constraints = one_rule_each("inventory_safety")
