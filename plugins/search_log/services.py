"""Writes of the search log: sums that grow, and what is forgotten."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from kernel import clock
from plugins.search_log.models import ClickCount, Outcome, SearchCount
from plugins.search_log.texts import SHOWN_SEARCHES, kept

# Days in which a text may become common; then its searches are counted without its words.
RARE_DAYS: Final = 14
# Rows of one statement.
BATCH: Final = 2000


@dataclass(frozen=True, slots=True)
class Searched:
    """A search that was answered. `channel` is the core's slug, `total` how many products were found."""

    channel: str
    sales_channel: str
    language: str
    text: str
    total: int
    corrected: bool = False
    relaxed: bool = False
    redirected: bool = False

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        if self.redirected:
            return Outcome.REDIRECTED
        if not self.total:
            return Outcome.NOTHING
        if self.corrected:
            return Outcome.CORRECTED
        return Outcome.RELAXED if self.relaxed else Outcome.FOUND


@dataclass(frozen=True, slots=True)
class Opened:
    """A product that was opened from the results or suggestions of a text. `position` counts from 1."""

    channel: str
    sales_channel: str
    language: str
    text: str
    product_id: str
    position: int
    source: str


# What was seen, on which day (UTC), how often.
Searches = Iterable[tuple[dt.date, Searched, int]]
Clicks = Iterable[tuple[dt.date, Opened, int]]

_ADD_SEARCHES = """
INSERT INTO search_log_searchcount (day, channel, sales_channel, language, text, text_class, outcome, searches)
SELECT * FROM unnest(
    %s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (day, channel, sales_channel, language, text, text_class, outcome)
DO UPDATE SET searches = search_log_searchcount.searches + EXCLUDED.searches
"""

_ADD_CLICKS = """
INSERT INTO search_log_clickcount
    (day, channel, sales_channel, language, text, text_class, product_id, source, clicks, position_sum)
SELECT * FROM unnest(
    %s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::bigint[], %s::bigint[])
ON CONFLICT (day, channel, sales_channel, language, text, text_class, product_id, source)
DO UPDATE SET clicks = search_log_clickcount.clicks + EXCLUDED.clicks,
    position_sum = search_log_clickcount.position_sum + EXCLUDED.position_sum
"""


@transaction.atomic
def count(*, searches: Searches = (), clicks: Clicks = ()) -> None:
    """Add to the sums. Texts that are not kept lose their words here; a blank text is no search."""
    searched: Counter[tuple[Any, ...]] = Counter()
    for day, search, times in searches:
        text, text_class = kept(search.text)
        if text or text_class != "TEXT":
            key = (day, search.channel, search.sales_channel, search.language, text, text_class.value)
            searched[*key, search.outcome.value] += times
    opened: Counter[tuple[Any, ...]] = Counter()
    positions: Counter[tuple[Any, ...]] = Counter()
    for day, click, times in clicks:
        text, text_class = kept(click.text)
        if text or text_class != "TEXT":
            place = (day, click.channel, click.sales_channel, click.language, text, text_class.value)
            opened[*place, click.product_id, click.source] += times
            positions[*place, click.product_id, click.source] += times * click.position
    # In one order, so that processes that write at the same moment never wait for each other in a ring.
    _add(_ADD_SEARCHES, [(*key, searched[key]) for key in sorted(searched)])
    _add(_ADD_CLICKS, [(*key, opened[key], positions[key]) for key in sorted(opened)])


def _add(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.execute(statement, [list(column) for column in zip(*rows[start : start + BATCH], strict=True)])


# Rows of texts that never became common lose their words: they go, and their sums come back under RARE.
_FORGET_RARE_CLICKS = """
WITH common AS (
    SELECT channel, text FROM search_log_searchcount WHERE text <> ''
    GROUP BY channel, text HAVING sum(searches) >= %(searches)s AND min(day) < max(day)
), gone AS (
    DELETE FROM search_log_clickcount AS row
    WHERE day < %(before)s AND text <> ''
        AND NOT EXISTS (SELECT FROM common WHERE common.channel = row.channel AND common.text = row.text)
    RETURNING *
), added AS (
    INSERT INTO search_log_clickcount
        (day, channel, sales_channel, language, text, text_class, product_id, source, clicks, position_sum)
    SELECT day, channel, sales_channel, language, '', 'RARE', product_id, source, sum(clicks), sum(position_sum)
    FROM gone GROUP BY 1, 2, 3, 4, 7, 8 ORDER BY 1, 2, 3, 4, 7, 8
    ON CONFLICT (day, channel, sales_channel, language, text, text_class, product_id, source)
    DO UPDATE SET clicks = search_log_clickcount.clicks + EXCLUDED.clicks,
        position_sum = search_log_clickcount.position_sum + EXCLUDED.position_sum
) SELECT count(*) FROM gone
"""

_FORGET_RARE_SEARCHES = """
WITH common AS (
    SELECT channel, text FROM search_log_searchcount WHERE text <> ''
    GROUP BY channel, text HAVING sum(searches) >= %(searches)s AND min(day) < max(day)
), gone AS (
    DELETE FROM search_log_searchcount AS row
    WHERE day < %(before)s AND text <> ''
        AND NOT EXISTS (SELECT FROM common WHERE common.channel = row.channel AND common.text = row.text)
    RETURNING *
), added AS (
    INSERT INTO search_log_searchcount (day, channel, sales_channel, language, text, text_class, outcome, searches)
    SELECT day, channel, sales_channel, language, '', 'RARE', outcome, sum(searches)
    FROM gone GROUP BY 1, 2, 3, 4, 7 ORDER BY 1, 2, 3, 4, 7
    ON CONFLICT (day, channel, sales_channel, language, text, text_class, outcome)
    DO UPDATE SET searches = search_log_searchcount.searches + EXCLUDED.searches
) SELECT count(*) FROM gone
"""


@transaction.atomic
def purge() -> int:
    """Forget the words of rare texts after fourteen days, and every row after SEARCH_LOG_DAYS; returns how many."""
    today = clock.now().date()
    kept_from = today - dt.timedelta(days=settings.SEARCH_LOG_DAYS)
    forgotten = sum(model.objects.filter(day__lt=kept_from).delete()[0] for model in (SearchCount, ClickCount))
    rare: dict[str, Any] = {
        "before": today - dt.timedelta(days=RARE_DAYS),
        "searches": SHOWN_SEARCHES,
    }
    with connection.cursor() as cursor:
        # Clicks first: which texts are common is asked of the searches.
        for statement in (_FORGET_RARE_CLICKS, _FORGET_RARE_SEARCHES):
            cursor.execute(statement, rare)
            forgotten += cursor.fetchone()[0]
    return forgotten
