"""What comes back when parts of a bundle that was ordered are returned. Computes; writes nothing.

The bundle's price is worked out again from the version that was bought and what was listed then, so every part gives
back its own share of discounts, deposit and tax, and the parts together what was paid, less fees.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from kernel.money import Money, allocate
from plugins.bundles import changes, sold
from plugins.bundles.changes import Kind, Life
from plugins.bundles.errors import UNKNOWN_LINE
from plugins.bundles.price_lines import BundlePrice
from plugins.carts import bundle_quotes, errors
from plugins.carts.bundle_quotes import PartKey
from plugins.carts.models import CartBundle, OrderLine


@dataclass(frozen=True, slots=True)
class Refund:
    """Money for each line that comes back, its tax and deposit in it; `withheld` is what the rest no longer deserves.

    `total` is what the customer gets: the lines less what is withheld.
    """

    lines: Sequence[tuple[OrderLine, Money]]
    withheld: Money
    total: Money


def price_of(bundle: CartBundle) -> BundlePrice:
    """What a bundle costs by what was known when it was quoted, whatever the catalogue says today."""
    return sold.price(bundle.version.document, bundle.term, bundle.selections, bundle.basis)


def life_of(bundle: CartBundle, lines: Sequence[OrderLine] = (), before: Sequence[Mapping[str, int]] = ()) -> Life:
    """The life of a bundle from its sale on, at the price that it was sold for; after returns, units by line id."""
    life = changes.begin(price_of(bundle))
    own = {str(line.pk): line for line in lines if line.bundle_id == str(bundle.pk) and line.bundle_group}
    for earlier in before:
        parts = _parts([(own[key], units) for key, units in earlier.items() if key in own])
        life = changes.give_back(life, parts) if parts else life
    return life


def refund(
    bundle: CartBundle,
    lines: Sequence[OrderLine],
    wanted: Sequence[tuple[str, int]],
    before: Sequence[Mapping[str, int]] = (),
) -> Refund:
    """What is given back for (line id, units) of a bundle, before its first bill.

    `before` are the units by line id of each earlier return, the oldest first.

    Errors, at `lines.N`: UNKNOWN_LINE (not of this bundle, or what carries a fee, a deposit or a tax of it),
    INVALID_QUANTITY, CREDIT_EXCEEDS_BILL (the rest would not bear its credits: return it with what they belong to).
    """
    own = {str(line.pk): line for line in lines if line.bundle_id == str(bundle.pk) and line.bundle_group}
    found: Counter[str] = Counter()
    for number, (line_id, units) in enumerate(wanted):
        key = line_id.lower()
        if key not in own:
            message = _("This line is no part of the bundle that can come back by itself.")
            raise ApiError(UNKNOWN_LINE, message, field=f"lines.{number}.lineId")
        found[key] += units
        left = own[key].quantity - sum(earlier.get(key, 0) for earlier in before)
        if not units >= 1 or found[key] > left:
            message = _("A quantity is a whole number from 1 to %(most)d.")
            params = {"most": left}
            raise ApiError(errors.INVALID_QUANTITY, message, field=f"lines.{number}.quantity", params=params)
    return _of(life_of(bundle, lines, before), [(own[key], units) for key, units in found.items()])


def _parts(returned: Sequence[tuple[OrderLine, int]]) -> dict[PartKey, int]:
    """The units by part: several lines are one where its price does not go up evenly."""
    parts: Counter[PartKey] = Counter()
    for line, units in returned:
        parts[bundle_quotes.key_of(line)] += units
    return dict(parts)


def _of(life: Life, returned: Sequence[tuple[OrderLine, int]]) -> Refund:
    parts = _parts(returned)
    try:
        after = changes.give_back(life, parts)
    except ApiError as refusal:
        refusal.field = "lines"
        raise
    currency = life.context.currency
    back = {
        key: Money.total((-one.amount for one in after.last if one.key == key and one.kind is Kind.RETURN), currency)
        for key in parts
    }
    shares = []
    for key, amount in back.items():
        same = [(line, units) for line, units in returned if bundle_quotes.key_of(line) == key]
        amounts = allocate(amount, [units for _line, units in same])
        shares += [(line, money) for (line, _units), money in zip(same, amounts, strict=True)]
    withheld = Money.total((one.amount for one in after.last if one.kind is Kind.WITHHELD), currency)
    return Refund(shares, withheld, -after.to_pay)
