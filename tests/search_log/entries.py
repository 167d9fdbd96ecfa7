"""Searches and clicks as the front door reports them."""

import datetime as dt

from plugins.search_log.models import ClickCount, SearchCount
from plugins.search_log.services import Opened, Searched

TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def days_ago(days):
    return TODAY - dt.timedelta(days=days)


def searched(text="galaxy s21", **values):
    return Searched(**{"channel": "us", "sales_channel": "WEB", "language": "en", "text": text, "total": 5, **values})


def opened(text="galaxy s21", product_id="p-1", position=1, **values):
    common = {"channel": "us", "sales_channel": "WEB", "language": "en", "source": "RESULTS"}
    return Opened(**common | {"text": text, "product_id": product_id, "position": position, **values})


def search_rows(*fields):
    return sorted(SearchCount.objects.values_list(*fields, "searches"))


def click_rows(*fields):
    return sorted(ClickCount.objects.values_list(*fields, "clicks", "position_sum"))
