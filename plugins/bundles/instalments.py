"""A device paid month by month: the down payment, and a schedule whose parts sum to principal and interest."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from plugins.bundles.rounding import minor, share_of, spread
from plugins.bundles.terms import InstalmentTerms


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is paid of the principal and of interest each month, in minor units."""

    principal: tuple[int, ...]
    interest: tuple[int, ...]

    @property
    def payments(self) -> tuple[int, ...]:
        """The instalments as they are billed."""
        return tuple(own + cost for own, cost in zip(self.principal, self.interest, strict=True))

    @property
    def remaining(self) -> tuple[int, ...]:
        """The principal still owed after each month, from month 0. Interest is only owed as it falls due."""
        return tuple(accumulate(self.principal, lambda left, paid: left - paid, initial=sum(self.principal)))


def down_payment(price: int, terms: InstalmentTerms, quantity: int) -> int:
    """What is paid at the sale of the financed `price` of `quantity` units; at most all of it."""
    if terms.down_share is not None:
        return share_of(price, terms.down_share)
    return min(price, minor(terms.down_payment) * quantity) if terms.down_payment is not None else 0


def schedule(principal: int, months: int, annual_rate: Decimal) -> Schedule:
    """Equal instalments over `months`.

    Without interest the principal is spread, the first months holding the cents that do not go up evenly. With it,
    each month's interest is a twelfth of the yearly rate on what is still owed, and the last instalment evens out
    what rounding the others left.
    """
    if not annual_rate:
        return Schedule(spread(principal, months), (0,) * months)
    rate = annual_rate / 12
    payment = int((principal * rate / (1 - (1 + rate) ** -months)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    owed, paid, interest = principal, [], []
    for month in range(1, months + 1):
        cost = share_of(owed, rate)
        part = owed if month == months else min(owed, max(0, payment - cost))
        paid.append(part)
        interest.append(cost)
        owed -= part
    return Schedule(tuple(paid), tuple(interest))
