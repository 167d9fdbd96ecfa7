"""The rule for PINs: digits, at least six, and not one that anybody would try first."""

import re
from typing import Final

MIN_DIGITS: Final = 6
MAX_DIGITS: Final = 32
_ASCENDING = "01234567890123456789"


def is_acceptable(pin: str) -> bool:
    """True for 6 to 32 ASCII digits that neither repeat one digit nor count up or down."""
    if not re.fullmatch(rf"[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}", pin):
        return False
    counts = pin in _ASCENDING or pin in _ASCENDING[::-1]
    return len(set(pin)) > 1 and not counts
