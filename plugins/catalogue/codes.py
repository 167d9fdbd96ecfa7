"""What a scanner or a person may enter as a code, and the spellings under which it may be stored."""

import re

from stdnum import ean

_SEPARATORS = re.compile(r"[\s\-/.]+")
MAX_CODE_LENGTH = 100


def compact(code: str) -> str:
    """The code without the blanks and dashes that people and labels put between groups of digits."""
    return _SEPARATORS.sub("", code)


def barcode_spellings(code: str) -> list[str]:
    """The ways to write this GTIN with 8, 12, 13 and 14 digits (UPC 012345678905 is EAN 0012345678905).

    Empty when the code is no GTIN or its check digit is wrong, so that a misread barcode finds nothing.
    """
    digits = compact(code)
    if not (digits.isascii() and digits.isdigit() and len(digits) in {8, 12, 13, 14}):
        return []
    significant = digits.lstrip("0")
    if not significant or not ean.is_valid(digits.zfill(14)):
        return []
    return sorted({significant.zfill(length) for length in (8, 12, 13, 14) if len(significant) <= length})
