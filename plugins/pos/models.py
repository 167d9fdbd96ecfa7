"""Tables of the point of sale. Amounts are in the row's currency; `client_id` is the id that the register made."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from plugins.payments.models import Method


def _amount(label: Any, **options: Any) -> Any:
    return models.DecimalField(label, max_digits=14, decimal_places=3, **options)


class Shift(models.Model):
    """The time from counting the float into a drawer to counting what lies in it. A register has one open at most.

    `expected_cash` is frozen when the shift is closed: a sale that is told later is an exception, and not in it.
    """

    client_id = models.UUIDField(unique=True, editable=False)
    register = models.ForeignKey(
        "staff.Register", verbose_name=_("register"), on_delete=models.PROTECT, related_name="shifts"
    )
    store = models.ForeignKey("inventory.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    opened_by = models.ForeignKey(
        "staff.StaffMember", verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), help_text=_("By the register's clock."))
    opening_float = _amount(_("opening float"))
    close_client_id = models.UUIDField(unique=True, null=True, editable=False)
    closed_by = models.ForeignKey(
        "staff.StaffMember", verbose_name=_("closed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    expected_cash = _amount(_("expected cash"), null=True)
    counted_cash = _amount(_("counted cash"), null=True)
    reason = models.CharField(_("reason of the difference"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["register"], condition=Q(closed_at=None), name="pos_one_open_shift"),
            models.CheckConstraint(
                condition=Q(closed_at=None, close_client_id=None, expected_cash=None, counted_cash=None)
                | Q(
                    closed_at__isnull=False,
                    close_client_id__isnull=False,
                    expected_cash__isnull=False,
                    counted_cash__isnull=False,
                ),
                name="pos_shift_closed_with_count",
            ),
            models.CheckConstraint(condition=Q(opening_float__gte=0), name="pos_float_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def difference(self) -> Decimal | None:
        """Counted less expected cash; None while the shift is open."""
        if self.counted_cash is None or self.expected_cash is None:
            return None
        return self.counted_cash - self.expected_cash


class Sale(models.Model):
    """One entry of a register: a sale of goods, goods that came back (with negative figures), or (without lines) the
    payment of an order placed elsewhere."""

    client_id = models.UUIDField(unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    shift = models.ForeignKey(Shift, verbose_name=_("shift"), on_delete=models.PROTECT, related_name="sales")
    register = models.ForeignKey(
        "staff.Register", verbose_name=_("register"), on_delete=models.PROTECT, related_name="+"
    )
    store = models.ForeignKey("inventory.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(
        "staff.StaffMember", verbose_name=_("staff member"), on_delete=models.PROTECT, related_name="+"
    )
    order = models.ForeignKey(
        "carts.Order", verbose_name=_("order"), on_delete=models.PROTECT, null=True, related_name="register_sales"
    )
    occurred_at = models.DateTimeField(_("happened"), help_text=_("By the register's clock."))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    offline = models.BooleanField(_("made without a network"), default=False)
    currency = models.CharField(_("currency"), max_length=3)
    total = _amount(_("total"))
    tax_total = _amount(_("tax"))

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        ordering = ["-occurred_at", "-id"]

    def __str__(self) -> str:
        return f"{self.client_id} {self.total} {self.currency}"


class SaleLine(models.Model):
    """An article as the register sold it. `list_price` is what the catalogue said when the sale was recorded."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(default=0)
    sku = models.CharField(_("SKU"), max_length=255)
    quantity = models.IntegerField(_("quantity"), help_text=_("Negative for what came back."))
    unit_price = _amount(_("unit price"))
    discount = _amount(_("discount"), default=Decimal(0))
    tax = _amount(_("tax"))
    list_price = _amount(_("list price"), null=True)
    price_reason = models.CharField(_("reason of the price"), max_length=200, blank=True)
    serials = models.JSONField(_("serial numbers"), default=list)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sale", "position"], name="pos_line_position_once")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"


class Tender(models.Model):
    """Money taken for a sale, or given back (negative). A card's `reference` is that of the terminal, which is not
    ours; one that its provider pays back has none."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="tenders")
    position = models.PositiveIntegerField(default=0)
    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    amount = _amount(_("amount"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("tender")
        verbose_name_plural = _("tenders")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sale", "position"], name="pos_tender_position_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="pos_tender_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"


class SaleException(models.Model):
    """What speaks against a recorded sale; a manager settles it and says how."""

    sale = models.ForeignKey(Sale, verbose_name=_("sale"), on_delete=models.CASCADE, related_name="exceptions")
    code = models.CharField(_("code"), max_length=40)
    message = models.CharField(_("message"), max_length=500)
    field = models.CharField(max_length=80, blank=True)
    params = models.JSONField(_("facts"), default=dict)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)
    note = models.CharField(_("how it was settled"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["-recorded_at"], condition=Q(settled_at=None), name="pos_exception_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by="") | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="pos_exception_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
