"""The least that one pays a month for each SKU of the offers: the provider of guided search's order by month.

A server works the prices out in the follower's thread after each change of the offers, of the catalogue and of the day,
so that no search waits for them: until the new ones are there the old ones are told. Elsewhere they are worked out when
they are asked for.
"""

import datetime as dt
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Final

from kernel import clock, notices
from kernel.following import Follower
from plugins.bundles import selectors
from plugins.bundles.cheapest import Least
from plugins.bundles.selectors import ZONES, Loaded
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import SalesChannel
from plugins.catalogue.providers import Monthly

QUARTER_SECONDS: Final = 15 * 60
_Prices = tuple[Hashable | None, Mapping[str, Monthly]]


class MonthlyPrices:
    """See `plugins.catalogue.providers.MonthlyPrices`. Prices are those of a buyer of whom nothing is known."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Prices] = {}

    def version(self, channel: str, sales_channel: str) -> Hashable | None:
        """Of the prices that `by_sku` gives. Offers begin and end with a day, too."""
        now = _version()
        if now is None or not follower.following:
            return now
        kept = self._kept.get((channel, sales_channel))
        return None if kept is None else kept[0]

    def by_sku(self, channel: str, sales_channel: str) -> Mapping[str, Monthly]:
        """From memory while this process hears of changes; else two queries, and more for offers that have changed."""
        # Asked first: what changes meanwhile is read again at the next call.
        now, kept = _version(), self._kept.get((channel, sales_channel))
        if now is not None and kept is not None and (kept[0] == now or (follower.following and kept[0] is not None)):
            return kept[1]
        return self._worked_out(channel, sales_channel, now)

    def work_out(self) -> None:
        """Bring all prices up to the tables: the shop's, and those of the sales channels that were asked for."""
        asked = {(channel.pk, SalesChannel.WEB.value) for channel in catalogue.channels()} | set(self._kept)
        for channel, sales_channel in sorted(asked):
            now = _version()
            kept = self._kept.get((channel, sales_channel))
            if now is not None and (kept is None or kept[0] != now):
                self._worked_out(channel, sales_channel, now)

    def _worked_out(self, channel: str, sales_channel: str, now: Hashable | None) -> Mapping[str, Monthly]:
        found = _by_sku(channel, sales_channel)
        self._kept[channel, sales_channel] = (now, found)
        return found


def _version() -> Hashable | None:
    """Of the tables; None while changes may be missed."""
    number = follower.number
    if number is None or not notices.fresh():
        return None
    return (number, _days(int(clock.now().timestamp()) // QUARTER_SECONDS))


@lru_cache(4)
def _days(quarter: int) -> tuple[dt.date, ...]:
    """Which day it is in each zone: none begins a day but at a quarter of an hour."""
    now = dt.datetime.fromtimestamp(quarter * QUARTER_SECONDS, dt.UTC)
    return tuple(now.astimezone(zone).date() for zone in ZONES.values())


def _by_sku(channel: str, sales_channel: str) -> dict[str, Monthly]:
    versions = selectors.current_in(channel)
    if not versions:
        return {}
    who = selectors.buyer(versions[0].offer.channel, sales_channel, store_id=None, shopper_id="")
    offers = [one for one in selectors.holding(versions, None) if selectors.available(one, who)]
    found: dict[str, Monthly] = {}
    for loaded in offers:
        for sku, least in selectors.least_by_sku(loaded, who).items():
            made = told(loaded, least)
            found[sku] = min(
                found.get(sku, made), made, key=lambda one: (one.monthly.amount, one.total_over_term.amount)
            )
    return found


def told(loaded: Loaded, least: Least) -> Monthly:
    """The cheapest of an offer as the catalogue tells it."""
    price = least.price
    return Monthly(price.monthly, price.due_today, least.term, price.total_over_term, loaded.version.offer_id)


prices = MonthlyPrices()
follower = Follower("monthly prices", lambda _topics: prices.work_out())
