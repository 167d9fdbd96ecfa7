"""The least that one pays a month for each SKU of the offers: the provider of guided search's order by month.

A server works the prices out in a thread after each change of the offers, of the catalogue and of the day, so that no
search waits for them: until the new ones are there the old ones are told. Elsewhere they are worked out when asked for.
"""

import itertools
import logging
import threading
from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from django.db import Error, close_old_connections, connections

from kernel import clock, notices
from plugins.bundles import selectors
from plugins.bundles.cheapest import Least
from plugins.bundles.selectors import ZONES, Loaded
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import SalesChannel
from plugins.catalogue.providers import Monthly

log = logging.getLogger(__name__)

# Days begin without a notice; what failed is tried again.
PATROL_SECONDS: Final = 5.0
_Prices = tuple[Hashable | None, Mapping[str, Monthly]]


class Follower:
    """A number that differs after each change of the offers or the catalogue; None while changes may be missed."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.number: int | None = None
        self.changed = threading.Event()

    def connected(self) -> None:
        """Anything may have changed before."""
        self.number = next(self._numbers)
        self.changed.set()

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        """Something changed."""
        if self.number is not None:
            self.number = next(self._numbers)
            self.changed.set()

    def lost(self) -> None:
        """Nobody tells of changes now."""
        self.number = None


class MonthlyPrices:
    """See `plugins.catalogue.providers.MonthlyPrices`. Prices are those of a buyer of whom nothing is known."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Prices] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def version(self, channel: str, sales_channel: str) -> Hashable | None:
        """Of the prices that `by_sku` gives. Offers begin and end with a day, too."""
        now = _version()
        if now is None or not self._ahead():
            return now
        kept = self._kept.get((channel, sales_channel))
        return None if kept is None else kept[0]

    def by_sku(self, channel: str, sales_channel: str) -> Mapping[str, Monthly]:
        """From memory while this process hears of changes; else two queries, and more for offers that have changed."""
        # Asked first: what changes meanwhile is read again at the next call.
        now, kept = _version(), self._kept.get((channel, sales_channel))
        if now is not None and kept is not None and (kept[0] == now or (self._ahead() and kept[0] is not None)):
            return kept[1]
        return self._worked_out(channel, sales_channel, now)

    def start(self) -> None:
        """Work out prices in a thread from now on; a second call does nothing."""
        if self._thread is None:
            self._stop.clear()
            follower.changed.set()
            self._thread = threading.Thread(target=self._run, name="monthly-prices", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, after the prices under way."""
        self._stop.set()
        follower.changed.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

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

    def _ahead(self) -> bool:
        """Whether the thread works out what changes."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            follower.changed.wait(PATROL_SECONDS)
            follower.changed.clear()
            if not self._stop.is_set():
                self._renew()
        connections.close_all()

    def _renew(self) -> None:
        close_old_connections()
        try:
            self.work_out()
        except Error as error:
            log.warning("monthly prices could not be worked out: %s", error)
        except Exception:
            # An offer that cannot be priced must not end the thread: the last prices are told on.
            log.exception("monthly prices could not be worked out")


def _version() -> Hashable | None:
    """Of the tables; None while changes may be missed."""
    number = follower.number
    if number is None or not notices.fresh():
        return None
    now = clock.now()
    return (number, *(now.astimezone(zone).date() for zone in ZONES.values()))


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


follower = Follower()
prices = MonthlyPrices()
