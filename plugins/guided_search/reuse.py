"""When an answer of the search may be given again unasked, and when it needs no database: for the bare route."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Final

from inventory import live
from inventory.geo import Point
from kernel import clock
from kernel.reuse import Answer, Arguments
from plugins.catalogue import kept
from plugins.guided_search import loader, monthly, selectors
from plugins.guided_search.loader import Ready
from plugins.guided_search.ordering import Sort
from plugins.search_log import recording
from plugins.search_log import selectors as search_log
from plugins.search_log.recording import Searched

# Searches of which it is remembered how they were counted.
NOTED: Final = 10_000

_noted: "OrderedDict[tuple[Any, ...], Searched]" = OrderedDict()


def in_memory(arguments: Arguments) -> bool:
    """Whether index, stock and stores are in this process's memory. A product that is not is read in a thread."""
    context = arguments["context"]
    if context.premises_id is not None or monthly.version(context.channel, context.sales_channel.value) is None:
        return False
    return loader.known(context.channel) is not None and live.following()


def search_versions(arguments: Arguments, _language: str) -> Hashable | None:
    """All that an answer of `guidedSearch` depends on beside its arguments and the language."""
    context, asked = arguments["context"], arguments["input"]
    ready = loader.known(context.channel)
    if ready is None or context.preview_at is not None or context.premises_id is not None:
        return None
    # Serial numbers and best sellers are asked of the ledger.
    if asked.sort is Sort.BEST_SELLING or selectors.may_be_serial(asked.text or ""):
        return None
    # Products say what they cost a month, too.
    prices = monthly.version(context.channel, context.sales_channel.value)
    places = _places(context.channel, context.store_id, asked.near)
    return _known(ready, places, prices, kept.channels_version(), _clicks(context.channel))


def typeahead_versions(arguments: Arguments, language: str) -> Hashable | None:
    """All that an answer of `typeahead` depends on beside its arguments and the language."""
    context = arguments["context"]
    ready = loader.known(context.channel)
    if ready is None or context.preview_at is not None or context.premises_id is not None:
        return None
    popular = search_log.kept_since("queries", context.channel, language)
    prices = monthly.version(context.channel, context.sales_channel.value)
    return _known(ready, prices, kept.channels_version(), popular)


def _known(ready: Ready, *parts: Hashable | None) -> Hashable | None:
    return None if None in parts else (ready.token, _moment(ready), *parts)


def _places(channel: str, store_id: str | None, near: Any) -> Hashable | None:
    """The versions of the stores that the answer speaks of."""
    if store_id is None and near is None:
        return ()
    stores, sold_in = live.stores_version(), kept.known(channel)
    if stores is None or sold_in is None:
        return None
    wanted = {store_id} if store_id is not None else set()
    if near is not None:
        try:
            wanted.update(selectors.within_reach(Point(near.latitude, near.longitude), sold_in))
        except ValueError:
            return None
    versions = tuple(live.version(key) for key in sorted(wanted))
    return None if None in versions else (stores, versions)


def _moment(ready: Ready) -> int:
    """How many rules have begun or ended by now: between two such moments nothing changes by itself."""
    now = clock.now()
    return sum(moment <= now for moment in ready.rules.moments)


def _clicks(channel: str) -> Hashable | None:
    return search_log.kept_since("products", channel)


def note(key: tuple[Any, ...], searched: Searched) -> None:
    """Remember how a search was counted, for when its answer is given again."""
    _noted[key] = searched
    _noted.move_to_end(key)
    while len(_noted) > NOTED:
        _noted.popitem(last=False)


def key_of(context: Any, asked: Any, language: str) -> tuple[Any, ...]:
    """What two searches that are counted alike have in common."""
    return (
        context.channel,
        context.sales_channel,
        language,
        asked.text,
        asked.verbatim,
        repr(asked.refinements),
        context.store_id,
        repr(asked.near),
    )


def again(arguments: Arguments, language: str) -> None:
    """An answer was given again: the search counts all the same."""
    context, asked = arguments["context"], arguments["input"]
    searched = _noted.get(key_of(context, asked, language)) if asked.recorded is not False else None
    if searched is not None and asked.after is None and asked.sort in (None, Sort.RELEVANCE):
        recording.record(searched)


SEARCH: Final = Answer(in_memory=in_memory, versions=search_versions, again=again)
TYPEAHEAD: Final = Answer(in_memory=in_memory, versions=typeahead_versions)
