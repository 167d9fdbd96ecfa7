"""Which channel's prices hold in a store: that of its warehouse in the core, whatever other channels there are."""

import pytest

from inventory.models import Store
from plugins.catalogue import selectors
from plugins.catalogue.models import Channel
from tests.inventory.goods import make_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store(country="US", core_warehouse_id="W1")


def channel(slug: str, country: str, *warehouses: str, is_active: bool = True) -> None:
    Channel.objects.create(
        slug=slug, name=slug, currency="USD", country=country, warehouse_ids=list(warehouses), is_active=is_active
    )


def slug_for(store: Store) -> str | None:
    found = selectors.channel_for(store)
    return found.slug if found else None


def test_the_channel_that_sells_from_the_warehouse_goes_before_the_first_of_the_country(store: Store) -> None:
    channel("aaa", "US", "W2")
    channel("bbb", "US", "W1")
    assert slug_for(store) == "bbb"


def test_a_channel_of_another_country_may_sell_from_it(store: Store) -> None:
    channel("aaa", "US", "W2")
    channel("bbb", "CA", "W1")
    assert slug_for(store) == "bbb"


def test_the_country_decides_between_channels_that_both_sell_from_it(store: Store) -> None:
    channel("aaa", "CA", "W1")
    channel("bbb", "US", "W1")
    assert slug_for(store) == "bbb"


def test_one_that_names_no_warehouses_yields_to_one_that_names_this(store: Store) -> None:
    channel("aaa", "US")
    channel("bbb", "CA", "W1")
    assert slug_for(store) == "bbb"
    channel("ccc", "US", "W1")
    assert slug_for(store) == "ccc"


def test_one_that_names_no_warehouses_goes_before_one_that_names_others(store: Store) -> None:
    channel("aaa", "US", "W2")
    channel("bbb", "US")
    assert slug_for(store) == "bbb"


def test_one_that_is_closed_does_not_count(store: Store) -> None:
    channel("aaa", "US", "W1", is_active=False)
    channel("bbb", "US", "W2")
    assert slug_for(store) == "bbb"


def test_a_store_that_no_channel_sells_from_has_the_prices_of_its_country(store: Store) -> None:
    channel("aaa", "CN", "W2")
    channel("bbb", "US", "W2")
    assert slug_for(store) == "bbb"


def test_without_either_there_is_none(store: Store) -> None:
    assert slug_for(store) is None
    channel("aaa", "CN", "W2")
    assert slug_for(store) is None


@pytest.mark.parametrize(
    ("warehouse", "named", "sells"),
    [
        ("W1", ["W1", "W2"], True),
        ("W1", ["W2"], False),
        ("W1", [], True),  # the channel names none: by its country
        (None, ["W2"], True),  # the core has no warehouse of it: by its country
    ],
)
def test_a_channel_sells_from_the_warehouses_that_it_names(
    warehouse: str | None, named: list[str], sells: bool
) -> None:
    channel = Channel(slug="us", country="US", warehouse_ids=named)
    assert channel.sells_from(Store(country="US", core_warehouse_id=warehouse)) is sells
    assert Channel(country="CN", warehouse_ids=named).sells_from(Store(country="US", core_warehouse_id=None)) is False
