"""Versions of Saleor: which the suite works with, and what an older one has not."""

import re
from typing import Final

OLDEST: Final = (3, 22)
BELOW: Final = (3, 24)
REQUIRED: Final = ">=3.22 <3.24"
# The reason of a price that an App sets: CheckoutLineInput.priceOverrideReason.
_PRICE_REASONS: Final = (3, 23)
_NUMBER = re.compile(r"(\d{1,4})\.(\d{1,4})")

Number = tuple[int, int]


def number(version: str) -> Number | None:
    """(3, 23) of "3.23", "3.23.28" or "3.23.28-rc.1"; None of what is no version."""
    found = _NUMBER.match(version)
    return (int(found[1]), int(found[2])) if found else None


def supported(version: str) -> bool:
    """Whether the suite was made for a core of this version."""
    found = number(version)
    return found is not None and OLDEST <= found < BELOW


def is_newer(version: str) -> bool:
    """Whether a core of this version came after those that the suite was made for."""
    found = number(version)
    return found is not None and found >= BELOW


def has_price_reasons(version: str) -> bool:
    """Whether the core takes the reason of a price that an App sets; one that does not refuses the whole checkout."""
    found = number(version)
    return found is not None and found >= _PRICE_REASONS
