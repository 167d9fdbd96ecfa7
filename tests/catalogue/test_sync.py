"""The copy follows the core, numbers what differs and touches nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from commerce.errors import CoreUnavailable
from commerce.records import CoreProductType
from inventory.models import Balance, StockItem
from inventory.services import set_safety_rule
from kernel import clock
from plugins.catalogue import events, selectors, services
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant
from tests.inventory.goods import make_store

from .fake_core import CN, US, FakeCore, case, product, repriced, variant


def _seqs() -> dict[str, int]:
    return dict(Variant.objects.values_list("sku", "seq"))


def test_a_product_is_copied_whole(synced: FakeCore) -> None:
    row = Product.objects.get(pk="A")
    assert (row.slug, row.brand, row.kind, row.released) == ("slug-a", "Acme", "DEVICE", date(2024, 5, 1))
    assert (row.category_path, row.category_slugs) == (["Devices", "Phones"], ["devices", "phones"])
    assert {"name": "network", "label": "Network", "values": ["4G", "5G"]} in row.attributes
    assert Product.objects.get(pk="C").fits == ["A"]
    found = selectors.variant_by_sku("A-128", Channel.objects.get())
    assert found is not None
    assert (found.barcode, found.tracking, found.stocked, found.serialised) == ("0012345678905", "IMEI", True, True)
    assert (str(found.price), found.tax_rate) == ("499.00 USD", Decimal("0.0825"))
    assert found.full_name == "Acme Phone A, 128 GB"


def test_a_channel_is_copied_with_its_warehouses(fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    services.sync_everything()
    assert Channel.objects.get().warehouse_ids == []
    monkeypatch.setattr(fake_core, "channels", lambda: [replace(US, warehouse_ids=frozenset({"W2", "W1"}))])
    services.sync_channels()
    assert Channel.objects.get().warehouse_ids == ["W1", "W2"]


def test_the_inventory_learns_of_each_sku(synced: FakeCore) -> None:
    item = StockItem.objects.get(pk="A-128")
    assert (item.tracking, item.stocked, item.core_variant_id) == ("IMEI", True, "V-A-128")
    assert item.category == "devices/phones"


def test_a_product_that_moves_to_another_category_takes_all_its_skus_along(synced: FakeCore) -> None:
    set_safety_rule(category="accessories", quantity=2)
    item = next(item for item in synced.listed["us"] if item.id == "A")
    balance = Balance.objects.create(store=make_store(), item_id="A-128")
    synced.put(replace(item, category=case("X", fits=()).category))
    services.sync_products("us")
    skus = [one.sku for one in item.variants]
    moved = set(StockItem.objects.filter(pk__in=skus).values_list("category", flat=True))
    assert (len(skus) > 1, moved) == (True, {"accessories/cases"})
    balance.refresh_from_db()
    assert balance.safety == 2


def test_a_second_copy_changes_nothing(synced: FakeCore) -> None:
    before, change = _seqs(), selectors.last_change()
    reports = services.sync_everything()
    assert (reports["us"].seen, reports["us"].changed, reports["us"].removed) == (3, 0, 0)
    assert (_seqs(), selectors.last_change()) == (before, change)


def test_a_new_price_is_one_change_of_that_product(synced: FakeCore) -> None:
    before, change = _seqs(), selectors.last_change()
    synced.put(repriced(product("B"), "450"))
    assert services.sync_products("us").changed == 1
    assert selectors.last_change() != change
    assert {sku for sku, seq in _seqs().items() if seq != before[sku]} == {"SKU-B"}
    assert ChannelListing.objects.get(variant="V-SKU-B").price == 450


def test_what_the_core_no_longer_lists_is_not_sold_but_kept(synced: FakeCore) -> None:
    synced.listed["us"] = [item for item in synced.listed["us"] if item.id != "B"]
    before = selectors.last_change().seq
    assert services.sync_products("us").removed == 1
    channel = Channel.objects.get()
    assert selectors.product(channel=channel, id="B") is None
    assert Product.objects.filter(pk="B", is_active=False).exists()
    assert selectors.changes_since(before, channel=channel, limit=10).removed_skus == ["SKU-B"]


def test_a_core_that_goes_away_drops_nothing(synced: FakeCore) -> None:
    synced.fails_after = 1
    with pytest.raises(CoreUnavailable):
        services.sync_products("us")
    assert Product.objects.filter(is_active=True).count() == 3


def test_a_removed_variant_leaves_and_its_sku_can_move(synced: FakeCore) -> None:
    synced.put(product("A", variant("A-128")))
    services.sync_product("A")
    channel = Channel.objects.get()
    assert selectors.variant_by_sku("A-256", channel) is None
    synced.put(product("B", replace(variant("A-256"), id="V-new")))
    services.sync_product("B")
    moved = selectors.variant_by_sku("A-256", channel)
    assert moved is not None
    assert moved.product_id == "B"


def test_an_older_reading_does_not_overwrite_a_newer_one(synced: FakeCore) -> None:
    newer = clock.now() + timedelta(minutes=1)
    Product.objects.filter(pk="B").update(synced_at=newer, name="Newer")
    services.sync_products("us")
    assert Product.objects.get(pk="B").name == "Newer"


def test_variants_without_sku_or_price_are_not_sold(fake_core: FakeCore) -> None:
    fake_core.put(product("B", variant("B-1"), variant("B-2", None), variant(None)))
    report = services.sync_everything()["us"]
    assert report.skipped_variants == 1
    sold = selectors.variants_by_skus(["B-1", "B-2"], Channel.objects.get())
    assert set(sold) == {"B-1"}


def test_a_product_without_any_price_is_sold_in_bundles_only(fake_core: FakeCore) -> None:
    fake_core.put(product("B", variant("B-1", None)))
    services.sync_everything()
    found = selectors.variant_by_sku("B-1", Channel.objects.get())
    assert found is not None
    assert found.price is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (" 0012345-678905 ", "0012345678905"),
        ("0 012345 678905", "0012345678905"),
        ("see label", "see label"),
        ("1" * 65, ""),
        ("1" * 64, "1" * 64),
        ("", ""),
    ],
)
def test_a_barcode_is_kept_as_far_as_it_can_be_one(fake_core: FakeCore, told: str, kept: str) -> None:
    fake_core.put(product("A", variant("A-128", gtin=told)))
    services.sync_product("A")
    assert Variant.objects.get(sku="A-128").barcode == kept


def test_metadata_of_a_product_type_that_means_nothing_stops_nothing(fake_core: FakeCore) -> None:
    odd = CoreProductType("device", "Device", True, {"kind": "Ger\N{SNOWMAN}t" * 50, "tracking": "MARS", "": "x"})
    fake_core.put(replace(product("A", variant("A-128", gtin="9" * 300)), product_type=odd))
    services.sync_product("A")
    found = Variant.objects.select_related("product").get(sku="A-128")
    assert (found.product.kind, found.tracking, found.barcode) == ("OTHER", "NONE", "")


def test_a_price_that_is_withdrawn_withdraws_the_variant(synced: FakeCore) -> None:
    synced.put(product("A", variant("A-128"), variant("A-256", None, storage="256 GB")))
    services.sync_product("A")
    assert set(selectors.variants_by_skus(["A-128", "A-256"], Channel.objects.get())) == {"A-128"}


def test_channels_have_prices_and_taxes_of_their_own(synced: FakeCore) -> None:
    synced.all_channels = [US, CN]
    synced.listed["cn"] = [repriced(product("B"), "3000")]
    services.sync_everything()
    in_china = selectors.variant_by_sku("SKU-B", Channel.objects.get(pk="cn"))
    in_america = selectors.variant_by_sku("SKU-B", Channel.objects.get(pk="us"))
    assert in_china is not None
    assert in_america is not None
    # Prices of `cn` include tax.
    assert (str(in_china.price), in_china.tax_rate) == ("3300.00 CNY", Decimal("0.13"))
    assert str(in_america.price) == "499.00 USD"
    synced.listed["cn"] = []
    services.sync_everything()
    assert Product.objects.get(pk="B").is_active
    assert selectors.product(channel=Channel.objects.get(pk="cn"), id="B") is None


def test_a_channel_that_the_core_dropped_no_longer_sells(synced: FakeCore) -> None:
    synced.all_channels = [CN]
    services.sync_channels()
    assert [channel.slug for channel in selectors.channels()] == ["cn"]


def test_events_read_the_core_anew(synced: FakeCore) -> None:
    synced.put(product("A", variant("A-128"), name="Renamed"))
    events.product_changed({"product": {"id": "A"}})
    assert Product.objects.get(pk="A").name == "Renamed"
    synced.put(repriced(product("B"), "1"))
    events.variant_changed({"productVariant": {"id": "V-SKU-B", "product": {"id": "B"}}})
    assert ChannelListing.objects.get(variant="V-SKU-B").price == 1
    synced.listed["us"] = []
    events.variant_changed({"productVariant": {"id": "V-SKU-B"}})
    assert not Product.objects.get(pk="B").is_active


def test_a_new_product_comes_by_its_event(synced: FakeCore) -> None:
    synced.put(case("D", fits=("A", "B")))
    events.product_changed({"product": {"id": "D"}})
    assert Product.objects.get(pk="D").fits == ["A", "B"]


def test_changes_come_in_pages_and_each_once(synced: FakeCore) -> None:
    channel, seen, seq = Channel.objects.get(), [], 0
    for _page in range(10):
        delta = selectors.changes_since(seq, channel=channel, limit=2)
        seen += [item.sku for item in delta.items]
        seq = delta.seq
        if not delta.has_more:
            break
    assert sorted(seen) == ["A-128", "A-256", "SKU-B", "SKU-C"]
    assert selectors.changes_since(seq, channel=channel, limit=2).items == []


def test_what_the_core_hides_in_one_channel_is_sold_in_the_other(synced: FakeCore) -> None:
    synced.all_channels = [US, CN]
    synced.listed["cn"] = [repriced(product("B"), "3000")]
    services.sync_everything()
    synced.put(replace(product("B"), published=False))
    services.sync_product("B")
    america, china = (Channel.objects.get(pk=slug) for slug in ("us", "cn"))
    assert selectors.product(channel=america, id="B") is None
    assert selectors.product(channel=china, id="B") is not None
    before = selectors.last_change()
    assert [(report.changed, report.removed) for report in services.sync_everything().values()] == [(0, 0), (0, 0)]
    assert selectors.last_change() == before
    synced.put(product("B"))
    services.sync_product("B")
    assert selectors.product(channel=america, id="B") is not None


def test_what_was_never_shown_is_not_stored(synced: FakeCore) -> None:
    synced.put(replace(product("D"), published=False))
    services.sync_product("D")
    services.sync_everything()
    assert not Product.objects.filter(pk="D").exists()
