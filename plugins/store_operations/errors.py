"""Codes of this capability."""

from typing import Final

CLOCK_SKEW: Final = "CLOCK_SKEW"
