"""Whole minor units (cents, yen, fils) and how they are split: prices are worked out in them, so every sum is exact."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from kernel.money import Money, quantum


@lru_cache(maxsize=4096)
def minor(money: Money) -> int:
    """The amount in its currency's smallest coin. Raises ValueError when it is finer."""
    units = money.amount / quantum(money.currency)
    if units != units.to_integral_value():
        raise ValueError(f"{money} is finer than {quantum(money.currency)}.")
    return int(units)


def as_money(units: int, currency: str) -> Money:
    """What that many of the smallest coins are."""
    return Money(units * quantum(currency), currency)


def share_of(units: int, rate: Decimal) -> int:
    """A fraction of an amount; halves go away from zero."""
    return int((units * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def ratio_of(units: int, part: int, whole: int) -> int:
    """`part` of `whole` parts of an amount; halves go away from zero."""
    rounded = (2 * abs(units) * part + whole) // (2 * whole)
    return rounded if units >= 0 else -rounded


def allocate(units: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to `weights`, by the largest remainder: the parts sum to it exactly.

    The answer is that of `kernel.money.allocate`. Raises ValueError when no weight is positive or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Weights must not be negative and one must be positive.")
    parts, remainders = zip(*(divmod(abs(units) * weight, whole) for weight in weights), strict=True)
    found = list(parts)
    by_loss = sorted(range(len(found)), key=lambda index: (-remainders[index], index))
    for index in by_loss[: abs(units) - sum(found)]:
        found[index] += 1
    return found if units >= 0 else [-part for part in found]


def spread(units: int, count: int) -> tuple[int, ...]:
    """Split an amount evenly; the first parts hold what does not go up evenly."""
    each, rest = divmod(abs(units), count)
    parts = (each + 1,) * rest + (each,) * (count - rest)
    return parts if units >= 0 else tuple(-part for part in parts)


def first_of(units: int, taken: int, count: int) -> int:
    """What the first `taken` of `count` even parts come to, as `spread` makes them."""
    each, rest = divmod(abs(units), count)
    found = each * taken + min(taken, rest)
    return found if units >= 0 else -found
