"""The order by monthly price, from what bundles provide."""

from collections.abc import Hashable, Mapping

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.catalogue.providers import Monthly, MonthlyPrices, providers
from plugins.guided_search.columns import scaled
from plugins.guided_search.index import Index

# By channel and sales channel: the index, the version of the prices and what came of them.
_kept: dict[tuple[str, str], tuple[Index, Hashable, Mapping[str, int]]] = {}


def check() -> None:
    """Refuse the order while nobody provides monthly prices. Errors: NOT_AVAILABLE."""
    _provider()


def version(channel: str, sales_channel: str) -> Hashable | None:
    """Differs after each change of the monthly prices; None while that is not known."""
    provider = providers.monthly_prices
    return provider.version(channel, sales_channel) if provider is not None else "none"


def weights(index: Index, channel: str, sales_channel: str) -> Mapping[str, int]:
    """For each product with a monthly price its cheapest SKU and a weight: the less a month, the more.

    It is what the engine's order by most takes; products without a weight come last. Errors: NOT_AVAILABLE.
    """
    provider = _provider()
    # Asked first: prices that change meanwhile are read again at the next search.
    now = provider.version(channel, sales_channel)
    kept = _kept.get((channel, sales_channel))
    if now is not None and kept is not None and kept[0] is index and kept[1] == now:
        return kept[2]
    found = _weights(index, provider.by_sku(channel, sales_channel))
    _kept[channel, sales_channel] = (index, now, found)
    return found


def _weights(index: Index, prices: Mapping[str, Monthly]) -> Mapping[str, int]:
    least: dict[int, tuple[int, str]] = {}
    for sku, price in prices.items():
        row = index.row_of_sku(sku)
        if row is not None:
            own = (scaled(price.monthly.amount), sku)
            least[row] = min(own, least.get(row, own))
    most = max((price for price, _sku in least.values()), default=0)
    return {sku: most - price + 1 for price, sku in least.values()}


def _provider() -> MonthlyPrices:
    if providers.monthly_prices is None:
        raise ApiError(NOT_AVAILABLE, _("Monthly prices are not available in this version."), field="input.sort")
    return providers.monthly_prices
