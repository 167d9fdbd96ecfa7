"""Codes of this capability: refusals first, then what is recorded for a person to settle."""

from typing import Final

SHIFT_NOT_FOUND: Final = "SHIFT_NOT_FOUND"
SHIFT_ALREADY_OPEN: Final = "SHIFT_ALREADY_OPEN"
WRONG_REGISTER: Final = "WRONG_REGISTER"
WRONG_CURRENCY: Final = "WRONG_CURRENCY"
TOTAL_MISMATCH: Final = "TOTAL_MISMATCH"
TENDER_MISMATCH: Final = "TENDER_MISMATCH"
INVALID_AMOUNT: Final = "INVALID_AMOUNT"
INVALID_QUANTITY: Final = "INVALID_QUANTITY"
UNKNOWN_SKU: Final = "UNKNOWN_SKU"
ORDER_NOT_FOUND: Final = "ORDER_NOT_FOUND"
AMOUNT_NOT_DUE: Final = "AMOUNT_NOT_DUE"
REFUND_DIFFERS: Final = "REFUND_DIFFERS"
UNKNOWN_LINE: Final = "UNKNOWN_LINE"

# Refused when a shift is to be closed or changed; an exception when a sale comes after its shift was closed.
SHIFT_CLOSED: Final = "SHIFT_CLOSED"

PRICE_DIFFERS: Final = "PRICE_DIFFERS"
TAX_DIFFERS: Final = "TAX_DIFFERS"
NOT_SOLD: Final = "NOT_SOLD"
CLOCK_SKEW: Final = "CLOCK_SKEW"
CART_NOT_SETTLED: Final = "CART_NOT_SETTLED"
CORE_REFUSED: Final = "CORE_REFUSED"
