"""What a cart costs: pure, Decimal, one currency. The core computes the same and has the last word at completion.

Where prices exclude tax, each line's tax is its net total times its rate, rounded half up; where they include it,
tax is the part of the line's total that is not net.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import round_half_up, tax_on


@dataclass(frozen=True, slots=True)
class Totals:
    """`subtotal` is in the channel's own terms (with or without tax); `total` is what is paid today."""

    subtotal: Decimal
    tax: Decimal
    total: Decimal


def line_tax(*, unit_price: Decimal, quantity: int, rate: Decimal, prices_include_tax: bool, currency: str) -> Decimal:
    """The tax of one line. `rate` is a fraction: Decimal("0.0825") for 8.25 %."""
    total = unit_price * quantity
    if prices_include_tax:
        return total - round_half_up(total / (1 + rate), currency)
    return tax_on(total, rate, currency)


def totals(lines: Iterable[tuple[Decimal, Decimal]], *, prices_include_tax: bool, currency: str) -> Totals:
    """Sum lines of (total in the channel's terms, tax)."""
    zero = round_half_up(Decimal(0), currency)
    subtotal, tax = zero, zero
    for line_total, tax_of_line in lines:
        subtotal += round_half_up(line_total, currency)
        tax += round_half_up(tax_of_line, currency)
    return Totals(subtotal, tax, subtotal if prices_include_tax else subtotal + tax)
