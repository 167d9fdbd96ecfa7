"""Figures of the indexes, as each server reports its own."""

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from kernel import clock
from kernel.metrics import age
from plugins.guided_search.models import ALIVE_WITHIN, IndexReport


def indexes() -> Iterator[Metric]:
    """Of the servers that live: how many indexes are in which state, and how long ago the oldest was built whole."""
    count = GaugeMetricFamily("suite_search_indexes", "Indexes of servers that live.", labels=["channel", "state"])
    oldest = GaugeMetricFamily("suite_search_index_age_seconds", "Since it was built whole.", labels=["channel"])
    alive = IndexReport.objects.filter(seen_at__gt=clock.now() - ALIVE_WITHIN)
    for channel, state, number in alive.values_list("channel", "state").annotate(Count("pk")):
        count.add_metric([channel, state], number)
    for channel, since in alive.values_list("channel").annotate(Min("built_at")):
        oldest.add_metric([channel], age(since))
    yield from (count, oldest)
