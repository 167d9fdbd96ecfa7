"""Products kept in memory are the products as they are now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plugins.catalogue import kept, selectors, services
from plugins.catalogue.models import Channel

from .fake_core import FakeCore, product, repriced


@pytest.fixture(autouse=True)
def _fresh() -> None:
    kept.forget()


def read(*ids: str) -> tuple[dict[str, str], int]:
    """The price of each product, and how many queries it took."""
    channel = Channel.objects.get()
    revisions, _others = selectors.revisions(channel)
    with CaptureQueriesContext(connection) as queries:
        together = kept.products(ids, channel, revisions, sales_channel="WEB")
        prices = {item.pk: str(together.price(item)) for item in together.products}
    return prices, len(queries)


def test_a_product_is_read_once_and_again_when_it_changed(synced: FakeCore) -> None:
    first, queries = read("A", "B")
    assert (list(first), queries > 0) == (["A", "B"], True)
    assert read("B", "A") == ({"B": first["B"], "A": first["A"]}, 0)
    synced.put(repriced(product("B"), "450"))
    services.sync_product("B")
    assert read("A", "B")[0] == first | {"B": "450.00 USD"}
    assert read("A", "B")[1] == 0


def test_prices_are_in_the_channels_currency_of_now(synced: FakeCore) -> None:
    before, _queries = read("A")
    Channel.objects.update(currency="CAD")
    assert read("A")[0] == {"A": before["A"].replace("USD", "CAD")}


def test_what_is_not_sold_is_not_there(synced: FakeCore) -> None:
    assert list(read("A", "Z")[0]) == ["A"]
