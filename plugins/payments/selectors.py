"""Reads of payments."""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from plugins.payments.models import Payment
from plugins.payments.states import COVERING, State


def payments_of(reference: str) -> QuerySet[Payment]:
    """The payments that count for an order or that a person should see: those given up or refused are left out."""
    return Payment.objects.filter(reference=reference).exclude(state__in=[State.FAILED, State.VOIDED])


def covered(reference: str) -> Decimal:
    """How much of what an order owes is authorised or has come in."""
    total = Payment.objects.filter(reference=reference, state__in=list(COVERING)).aggregate(sum=Sum("amount"))
    return total["sum"] or Decimal(0)
