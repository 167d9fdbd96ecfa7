"""What is in demand: for suggestions while typing, and for the order of results. One query each, kept for a minute.

Only the first call in a process waits for the database; later ones get what is known while it is renewed.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db import Error, connection

from kernel import clock
from plugins.search_log.texts import SHOWN_SEARCHES

log = logging.getLogger(__name__)

HALF_LIFE_DAYS: Final = 14
WINDOW_DAYS: Final = 90
# Somebody found what the text promised: that says more than another search.
CLICK_WEIGHT: Final = 3
MAX_QUERIES: Final = 20_000
MAX_PRODUCTS: Final = 20_000
KEEP_SECONDS = 60.0

_POPULAR_QUERIES = """
SELECT text, sum(weight * power(0.5, (%(today)s - day) / %(half_life)s::float))
FROM (
    SELECT text, day, searches, searches AS weight FROM search_log_searchcount
    WHERE channel = %(channel)s AND %(language)s IN ('', language) AND text <> '' AND outcome = 'FOUND'
        AND day > %(since)s
    UNION ALL
    SELECT text, day, 0, clicks * %(click_weight)s FROM search_log_clickcount
    WHERE channel = %(channel)s AND %(language)s IN ('', language) AND text <> '' AND source <> 'TYPEAHEAD'
        AND day > %(since)s
) AS used
GROUP BY text
HAVING sum(searches) >= %(shown_searches)s
    AND min(day) FILTER (WHERE searches > 0) < max(day) FILTER (WHERE searches > 0)
ORDER BY 2 DESC, text LIMIT %(limit)s
"""

_CLICKED_PRODUCTS = """
SELECT product_id, sum(clicks * power(0.5, (%(today)s - day) / %(half_life)s::float))
FROM search_log_clickcount WHERE channel = %(channel)s AND day > %(since)s
GROUP BY product_id ORDER BY 2 DESC, product_id LIMIT %(limit)s
"""


def popular_queries(channel: str, language: str = "") -> Mapping[str, float]:
    """Folded texts that find products and are common enough to be shown, most used first, with their weight.

    The weight is searches plus three times the clicks, halved every fourteen days. `language` "" means all. Text that
    needs a correction or fewer words is left out: it is no query to suggest. About a minute old.
    """
    return _kept(("queries", channel, language), lambda: _popular(channel, language))


def clicked_products(channel: str) -> Mapping[str, float]:
    """How often each product was opened from results and suggestions, by id; halved every fourteen days."""
    return _kept(("products", channel), lambda: _clicked(channel))


def kept_since(*key: str) -> float | None:
    """When what is kept under this key was read, by the monotonic clock; None when it is to be read (again)."""
    known = _cache.get(key)
    return known[0] if known and time.monotonic() - known[0] <= KEEP_SECONDS else None


def forget() -> None:
    """Ask the database at the next call (tests)."""
    with _lock:
        _cache.clear()


def _popular(channel: str, language: str) -> dict[str, float]:
    return _ask(_POPULAR_QUERIES, channel, language=language, limit=MAX_QUERIES)


def _clicked(channel: str) -> dict[str, float]:
    return _ask(_CLICKED_PRODUCTS, channel, limit=MAX_PRODUCTS)


def _ask(statement: str, channel: str, **values: Any) -> dict[str, float]:
    today = clock.now().date()
    common: dict[str, Any] = {
        "today": today,
        "since": today - dt.timedelta(days=WINDOW_DAYS),
        "half_life": HALF_LIFE_DAYS,
        "click_weight": CLICK_WEIGHT,
        "shown_searches": SHOWN_SEARCHES,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**common, "channel": channel, **values})
        return {key: float(weight) for key, weight in cursor.fetchall()}


_lock = threading.Lock()
_cache: dict[tuple[str, ...], tuple[float, Mapping[str, float]]] = {}


def _kept(key: tuple[str, ...], make: Callable[[], dict[str, float]]) -> Mapping[str, float]:
    now = time.monotonic()
    with _lock:
        known = _cache.get(key)
        if known and now - known[0] > KEEP_SECONDS:
            # No search waits for the sums of months: the old answer goes on until the new one is there.
            _cache[key] = (now, known[1])
            threading.Thread(target=_renew, args=(key, make), name="search-demand", daemon=True).start()
    return known[1] if known else _ask_anew(key, make)


def _ask_anew(key: tuple[str, ...], make: Callable[[], dict[str, float]]) -> Mapping[str, float]:
    found = MappingProxyType(make())
    with _lock:
        _cache[key] = (time.monotonic(), found)
    return found


def _renew(key: tuple[str, ...], make: Callable[[], dict[str, float]]) -> None:
    try:
        _ask_anew(key, make)
    except Error as error:
        log.warning("what is in demand is told as of before: %s", error)
    finally:
        # Back to the pool: this thread needed it once.
        connection.close()
