"""Codes that payments can answer with. They are part of the API: never renamed."""

PAYMENT_DECLINED = "PAYMENT_DECLINED"  # by the card's bank; params: reason
PAYMENT_NOT_ALLOWED = "PAYMENT_NOT_ALLOWED"  # this way to pay does not fit this order
PAYMENT_NOT_POSSIBLE = "PAYMENT_NOT_POSSIBLE"  # its state does not allow what was asked
