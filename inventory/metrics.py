"""Figures of the stock: whether the books are right, and what the core is still to be told."""

from collections.abc import Iterator

from django.db.models import F
from prometheus_client import Gauge
from prometheus_client.metrics_core import Metric

from inventory.models import CoreStock
from kernel.metrics import gauge

DIFFERENCES = Gauge(
    "suite_stock_differences", "Differences that the last proof of the stock found.", multiprocess_mode="mostrecent"
)
PROVED = Gauge(
    "suite_stock_proved_timestamp_seconds", "When the stock was proved last.", multiprocess_mode="mostrecent"
)


def proved(differences: int) -> None:
    """The books were compared, with so many differences."""
    DIFFERENCES.set(differences)
    PROVED.set_to_current_time()


def stock_to_push() -> Iterator[Metric]:
    """How many balances the core is to be told, and how many of them it did not take the last time."""
    due = CoreStock.objects.filter(wanted__gt=F("pushed"))
    yield gauge("suite_core_stock_waiting", "Balances that the core is still to be told.", due.count())
    failing = due.filter(failures__gt=0).count()
    yield gauge("suite_core_stock_failing", "Balances among them that the core did not take.", failing)
