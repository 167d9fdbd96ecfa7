"""The order by monthly price and the dimension `monthly_price`, from what bundles provide."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.catalogue.models import Channel
from plugins.catalogue.providers import Monthly, providers
from plugins.guided_search.columns import scaled
from plugins.guided_search.index import Index
from plugins.guided_search.measured import Measured
from plugins.merchandising.setup import Setup

MONTHLY_PRICE: Final = "monthly_price"
# Where groups begin that nobody has set up.
_BOUNDS: Final = tuple(map(Decimal, ("0", "20", "40", "60", "80", "100", "150", "200")))
_OWN_BOUNDS: Final = {"CNY": tuple(map(Decimal, ("0", "50", "100", "200", "300", "500", "800", "1200")))}


@dataclass
class Prices:
    """The prices of one version as one index needs them."""

    index: Index
    version: Hashable | None
    by_sku: Mapping[str, Monthly]
    ranged: Measured | None = None

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """For each product with a monthly price its cheapest SKU and a weight: the less a month, the more.

        It is what the engine's order by most takes; products without a weight come last.
        """
        least: dict[int, tuple[int, str]] = {}
        for sku, (row, _bit, price) in self._places.items():
            own = (price, sku)
            least[row] = min(own, least.get(row, own))
        most = max((price for price, _sku in least.values()), default=0)
        return {sku: most - price + 1 for price, sku in least.values()}

    def dimension(self, bounds: tuple[Decimal, ...]) -> Measured:
        """The prices in groups; another set-up makes them anew."""
        found = self.ranged
        if found is None or found.bounds != bounds:
            found = self.ranged = Measured(MONTHLY_PRICE, self.index.size, self._places.values(), bounds)
        return found

    @cached_property
    def _places(self) -> dict[str, tuple[int, int, int]]:
        return dict(self._placed())

    def _placed(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        for sku, price in self.by_sku.items():
            place = self.index.place(sku)
            if place is not None:
                yield sku, (*place, scaled(price.monthly.amount))


# By channel and sales channel.
_kept: dict[tuple[str, str], Prices] = {}


def check() -> None:
    """Refuse the order while nobody provides monthly prices. Errors: NOT_AVAILABLE."""
    if providers.monthly_prices is None:
        raise ApiError(NOT_AVAILABLE, _("Monthly prices are not available in this version."), field="input.sort")


def version(channel: str, sales_channel: str) -> Hashable | None:
    """Differs after each change of the monthly prices; None while that is not known."""
    provider = providers.monthly_prices
    return provider.version(channel, sales_channel) if provider is not None else "none"


def prices(index: Index, channel: str, sales_channel: str) -> Prices | None:
    """The prices as they are now; None while nobody provides any."""
    provider = providers.monthly_prices
    if provider is None:
        return None
    # Asked first: prices that change meanwhile are read again at the next search.
    now = provider.version(channel, sales_channel)
    kept = _kept.get((channel, sales_channel))
    if now is not None and kept is not None and kept.index is index and kept.version == now:
        return kept
    found = _kept[channel, sales_channel] = Prices(index, now, provider.by_sku(channel, sales_channel))
    return found


def dimensions(prices: Prices | None, setup: Setup, channel: Channel) -> tuple[Measured, ...]:
    """The dimension `monthly_price` in the groups that are set up; none while nobody provides prices."""
    if prices is None:
        return ()
    row = setup.dimension(MONTHLY_PRICE)
    bounds = row.bounds if row is not None else ()
    return (prices.dimension(bounds or _OWN_BOUNDS.get(channel.currency, _BOUNDS)),)
