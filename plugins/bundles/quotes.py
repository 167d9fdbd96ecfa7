"""A choice from one version of an offer: judged, dated and priced for one buyer, ready to be kept in a cart."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from plugins.bundles import configurator, quoting, selectors, sold
from plugins.bundles.compiled import Asking, Judged, Selected
from plugins.bundles.eligibility import Buyer
from plugins.bundles.price_lines import BundlePrice
from plugins.bundles.quoting import Piece
from plugins.bundles.selectors import Loaded

# How long a price that was shown is kept.
HOLDS: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice as it was understood, with all that is wrong with it."""

    loaded: Loaded
    asking: Asking
    term: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class Quote:
    """What a valid choice costs, as the lines of the core that sum to what is due today."""

    asked: Asked
    price: BundlePrice
    pieces: Sequence[Piece]

    @property
    def basis(self) -> dict[str, Any]:
        """All that the price was made of beside the version and the choice, to be kept with them."""
        return sold.basis_of(self.asked.loaded.compiled, self.asked.judged, self.asking)

    @property
    def asking(self) -> Asking:
        return self.asked.asking


def ask(
    loaded: Loaded,
    who: Buyer,
    *,
    language: str,
    term: int,
    selections: Sequence[Selected],
    qualification_id: str | None,
) -> Asked:
    """Judge a choice. Errors, with fields of `input`: INVALID_QUANTITY, LIMIT_EXCEEDED, those of `addresses`."""
    skus = {one.sku for one in selections}
    asking = selectors.asking(loaded, who, language=language, skus=skus, qualification_id=qualification_id)
    return Asked(loaded, asking, term, configurator.judge(loaded.compiled, term, selections, asking))


def quote(asked: Asked) -> Quote:
    """Price a valid choice. Errors: those of `pricing.price_bundle`; INVALID_PRICE (the core cannot ask this price)."""
    compiled = asked.loaded.compiled
    price = quoting.price(compiled, asked.judged, asked.asking, asked.term)
    return Quote(asked, price, quoting.pieces(compiled, price))
