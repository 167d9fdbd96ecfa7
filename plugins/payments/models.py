"""Payments, and the memory of the fake card provider."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plugins.payments.states import State


class Method(models.TextChoices):
    """How somebody pays; the names are the contract's."""

    CARD = "CARD", _("Card")
    CASH = "CASH", _("Cash")
    GIFT_CARD = "GIFT_CARD", _("Gift card")
    STORE_CREDIT = "STORE_CREDIT", _("Store credit")
    PAY_IN_STORE = "PAY_IN_STORE", _("Pay in store")


STATES = [
    (State.PENDING.value, _("Waiting")),
    (State.ACTION_REQUIRED.value, _("Customer must confirm")),
    (State.AUTHORISED.value, _("Authorised")),
    (State.CAPTURED.value, _("Paid")),
    (State.VOIDED.value, _("Voided")),
    (State.FAILED.value, _("Failed")),
    (State.REFUNDED.value, _("Refunded")),
]


class Payment(models.Model):
    """One payment for a cart, later for its order. `key` makes asking for it again harmless."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("cart or order"), max_length=64, db_index=True)
    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=20, choices=STATES, default=State.PENDING)
    provider = models.CharField(_("provider"), max_length=20, blank=True)
    provider_reference = models.CharField(_("provider's reference"), max_length=80, blank=True)
    action_url = models.URLField(_("page to confirm"), max_length=300, blank=True)
    failure_code = models.CharField(_("why it failed"), max_length=40, blank=True)
    key = models.CharField(_("key"), max_length=120, unique=True)
    refunded = models.DecimalField(_("given back"), max_digits=14, decimal_places=3, default=Decimal(0))
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="payments_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")), name="payments_refunded_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount} {self.currency} {self.state}"


class Refund(models.Model):
    """A part of a payment that is given back. `key` makes asking for it again harmless; it counts in the payment's
    `refunded` from the moment that it is decided, and no more once the provider has refused it."""

    class State(models.TextChoices):
        DUE = "DUE", _("To be given back")
        DONE = "DONE", _("Given back")
        REFUSED = "REFUSED", _("Refused by the provider")

    key = models.CharField(_("key"), max_length=160, unique=True)
    payment = models.ForeignKey(Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.DUE)
    failure_code = models.CharField(_("why it failed"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_positive")]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"


class FakeCardCharge(models.Model):
    """What the fake card provider remembers, as the real one would on its own side."""

    reference = models.CharField(primary_key=True, max_length=80)
    key = models.CharField(max_length=120, unique=True)
    token = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=20, choices=STATES)
    decline_code = models.CharField(max_length=40, blank=True)
    return_url = models.URLField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "fake card charges"

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class FakeCardRefund(models.Model):
    """What the fake card provider gave back, by the key it was asked under."""

    key = models.CharField(primary_key=True, max_length=160)
    charge = models.ForeignKey(FakeCardCharge, on_delete=models.CASCADE, related_name="refunds")
    amount = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        verbose_name_plural = "fake card refunds"

    def __str__(self) -> str:
        return f"{self.charge_id} {self.amount}"
