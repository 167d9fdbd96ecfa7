"""Reads, with bounded query counts."""

import pytest
from pytest_django import DjangoAssertNumQueries

from kernel.errors import ApiError
from plugins.catalogue import selectors, services
from plugins.catalogue.codes import barcode_spellings
from plugins.catalogue.models import Channel, Product
from plugins.catalogue.selectors import ProductSet

from .fake_core import FakeCore, case, product, variant


@pytest.fixture
def channel(synced: FakeCore) -> Channel:
    return Channel.objects.get()


def test_a_product_by_id_slug_or_sku(channel: Channel) -> None:
    for key in ({"id": "A"}, {"slug": "slug-a"}, {"sku": "A-256"}):
        found = selectors.product(channel=channel, **key)
        assert found is not None
        assert found.pk == "A"
    for key in ({"id": "Z"}, {"slug": "z\0"}, {"sku": "Z"}):
        assert selectors.product(channel=channel, **key) is None


def test_an_unknown_channel_is_refused(channel: Channel) -> None:
    with pytest.raises(ApiError) as refused:
        selectors.channel("moon")
    assert (refused.value.code, refused.value.field) == ("NOT_FOUND", "context.channel")


def test_accessories_best_first(synced: FakeCore, channel: Channel) -> None:
    synced.put(case("D", fits=("A", "B")))
    services.sync_product("D")
    together = ProductSet(list(Product.objects.filter(kind="DEVICE")), channel)
    by_product = {
        item.pk: [accessory.pk for accessory in together.accessories(item, 8)[0]] for item in together.products
    }
    assert by_product == {"A": ["C", "D"], "B": ["D"]}
    assert len(together.accessories(together.products[0], 1)[0]) == 1


def test_a_list_costs_the_same_however_long(
    synced: FakeCore, channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        synced.put(product(f"P{number}"))
    services.sync_products("us")
    with django_assert_num_queries(4):
        together = ProductSet(
            selectors.products_by_ids([f"P{number}" for number in range(10)] + ["A"], channel), channel
        )
        for item in together.products:
            together.price(item)
            together.variants(item)
            accessories, deeper = together.accessories(item, 8)
            for accessory in accessories:
                deeper.price(accessory)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("A-128", "SKU"), ("a-128", "SKU"), ("0012345678905", "BARCODE"), ("012345678905", "BARCODE")],
)
def test_codes(channel: Channel, code: str, kind: str) -> None:
    found = selectors.variant_by_code(code, channel)
    assert found is not None
    assert (found[0], found[1].sku) == (kind, "A-128")


def test_a_misread_barcode_finds_nothing(channel: Channel) -> None:
    assert selectors.variant_by_code("0012345678906", channel) is None
    assert barcode_spellings("0012345678906") == []
    assert barcode_spellings("0" * 13) == []


def test_revisions_are_of_what_is_sold(synced: FakeCore, channel: Channel) -> None:
    before, others = selectors.revisions(channel)
    assert (set(before), others) == ({"A", "B", "C"}, [])
    synced.put(product("B", name="New"))
    services.sync_product("B")
    after, _others = selectors.revisions(channel)
    assert {key for key in before if before[key] != after[key]} == {"B"}


def test_revisions_since_a_change_are_of_what_changed_after_it(
    synced: FakeCore, channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    since = selectors.last_change().seq
    assert selectors.revisions(channel, since=since) == ({}, [])
    # B takes over the variants that A had, so that A is not sold any more though the core has not told of it.
    synced.put(product("B", variant("A-128"), variant("A-256"), variant("SKU-B")))
    services.sync_product("B")
    synced.listed["us"] = [item for item in synced.listed["us"] if item.id != "C"]
    services.sync_product("C")
    with django_assert_num_queries(1):
        sold, others = selectors.revisions(channel, since=since)
    assert (set(sold), sorted(others)) == ({"B"}, ["A", "C"])
    assert selectors.revisions(channel, since=selectors.last_change().seq) == ({}, [])
