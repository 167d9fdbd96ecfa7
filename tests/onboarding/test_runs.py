"""Copying a catalogue: what a dry run finds, what a copy writes, and that it goes on after whatever dies."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commerce import breaker, inbox, transport
from commerce import core as commerce_core
from demo.machine import ROOT
from inventory import projection
from inventory.models import Balance, CoreStock, Movement, Store, WarehouseMapping
from kernel import clock
from kernel.errors import ApiError
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import AttributeMapping, Channel, Product, ProductTypeMapping, Variant
from plugins.onboarding import checks, events, services, steps
from plugins.onboarding.management.commands import sync_core
from plugins.onboarding.models import SyncProblem, SyncRun
from tests.commerce.replies import product, variant
from tests.faults.servers import database_url
from tests.onboarding.conftest import decide
from tests.onboarding.shop import PRODUCTS, Shop, warehouse

State = SyncRun.State


def run(*, dry: bool = False) -> SyncRun:
    made = services.start(dry=dry, actor="test")
    assert services.work()
    made.refresh_from_db()
    return made


def problems(made: SyncRun) -> set[tuple[str, str, str]]:
    return set(made.problems.values_list("code", "subject", "detail"))


def test_a_dry_run_tells_all_problems_at_once_and_changes_nothing(shop: Shop) -> None:
    shop.types.append({"slug": "thing", "name": "Thing", "isShippingRequired": True, "metadata": []})
    shop.warehouses[0]["address"] = {**shop.warehouses[0]["address"], "streetAddress1": "", "city": ""}
    shop.warehouses[1]["metadata"] = [{"key": "latitude", "value": "somewhere"}, {"key": "timezone", "value": "Mars"}]
    shop.products[3]["variants"] = []
    shop.products[4]["variants"] = [variant(id="V004", sku=None, pricing=None)]
    shop.products[5]["channelListings"] = []
    shop.products[6]["variants"] = [variant(id="V006", sku="A"), variant(id="V900", sku="B", pricing=None)]
    services.read_core()
    WarehouseMapping.objects.update(role="STORE")
    made = run(dry=True)
    assert (made.state, made.seen, made.total) == (State.DONE, PRODUCTS, PRODUCTS)
    assert problems(made) == {
        ("TYPE_UNDECIDED", "Device (device)", ""),
        ("TYPE_UNDECIDED", "Thing (thing)", ""),
        ("WAREHOUSE", "Store W1", "It has no whole address in the core: street, city and country are needed."),
        ("WAREHOUSE", "Store W2", "Say where it is: latitude and longitude."),
        ("WAREHOUSE", "Store W2", "Say in which time zone it is, such as America/Chicago."),
        ("NO_VARIANTS", "Phone 3 (phone-003)", ""),
        ("NO_SKU", "Phone 4 (phone-004)", "128 GB"),
        ("NO_PRICE", "Phone 4 (phone-004)", ""),
        ("IN_NO_CHANNEL", "Phone 5 (phone-005)", ""),
        ("NO_PRICE", "Phone 6 (phone-006)", "B"),
    }
    assert made.problem_count == 10
    assert not Product.objects.exists()
    assert not Store.objects.exists()
    assert not Movement.objects.exists()
    # Such a mapping cannot be copied, and nothing is begun.
    with pytest.raises(ApiError) as refused:
        services.start(dry=False, actor="test")
    assert refused.value.code == "SYNC_BLOCKED"
    assert SyncRun.objects.count() == 1


def test_a_copy_takes_over_products_stores_and_stock(shop: Shop) -> None:
    decide()
    AttributeMapping.objects.filter(pk="brand").update(target="maker")
    made = run()
    assert (made.state, made.stage, made.seen, made.changed) == (State.DONE, "DONE", PRODUCTS, PRODUCTS)
    assert (made.stock_rows, made.problem_count) == (PRODUCTS + 1, 0)
    assert Product.objects.filter(kind="DEVICE", is_active=True).count() == PRODUCTS
    assert Variant.objects.filter(tracking="IMEI").count() == PRODUCTS
    assert [item["name"] for item in Product.objects.get(pk="P001").attributes] == ["maker"]
    assert Product.objects.get(pk="P001").brand == ""  # it is called otherwise now
    stores = dict(Store.objects.values_list("core_warehouse_id", "stock_owner"))
    assert stores == {"W1": "SUITE", "W2": "CORE"}
    assert Store.objects.get(core_warehouse_id="W2").kind == "DEPOT"
    # Known by quantity, though the goods have IMEIs: the pieces are unregistered. Nought is no stock.
    own = Balance.objects.filter(store__core_warehouse_id="W1")
    assert own.count() == PRODUCTS - 1
    assert set(own.values_list("item_id", "on_hand", "unregistered")) == {
        (f"SKU-{number:03}", number, number) for number in range(1, PRODUCTS)
    }
    copied = Balance.objects.get(store__core_warehouse_id="W2")
    assert (copied.item_id, copied.on_hand, copied.unregistered) == ("SKU-001", 7, 7)
    # Again: nothing is opened twice, nothing copied twice.
    again = run()
    assert (again.changed, again.problem_count) == (0, 0)
    assert Movement.objects.count() == PRODUCTS
    assert Channel.objects.get().read_until is not None


def test_stores_where_nothing_can_be_collected_are_told_and_begin_without_pickup(shop: Shop) -> None:
    """As every new warehouse of the core is: it must be switched on there first."""
    shop.warehouses[0]["clickAndCollectOption"] = "DISABLED"
    shop.warehouses[1]["clickAndCollectOption"] = "ALL"
    shop.channels[0]["warehouses"] = [{"id": "W1"}]
    decide()
    WarehouseMapping.objects.filter(pk="W2").update(role="STORE")
    told = {
        ("NO_COLLECTING", "Store W1", "Click and collect is disabled for it in the core."),
        ("NO_COLLECTING", "Store W2", "No active channel of the core sells from it."),
    }
    assert problems(run(dry=True)) == told
    made = run()
    assert (made.state, problems(made)) == (State.DONE, told)
    assert dict(Store.objects.values_list("core_warehouse_id", "pickup_enabled")) == {"W1": False, "W2": False}
    assert [(point.level.value, point.found) for point in checks.collecting()] == [
        ("OK", "possible where the suite offers it")
    ]
    # Switched on here alone it is refused to customers: the check says so. What a person decides stays.
    Store.objects.update(pickup_enabled=True)
    assert [(point.level.value, point.found) for point in checks.collecting()] == [
        ("WARN", "store-w1: Click and collect is disabled for it in the core."),
        ("WARN", "store-w2: No active channel of the core sells from it."),
    ]
    run()
    assert set(Store.objects.values_list("pickup_enabled", flat=True)) == {True}
    shop.warehouses[0]["clickAndCollectOption"] = "LOCAL"
    shop.channels[0]["warehouses"].append({"id": "W2"})
    assert [point.level.value for point in checks.collecting()] == ["OK"]


def test_only_stock_of_ours_is_pushed(shop: Shop) -> None:
    decide()
    run()
    assert CoreStock.objects.count() == PRODUCTS
    assert projection.due_count() == PRODUCTS - 1
    shop.fake.answer(
        "StockBulkUpdate",
        lambda asked: {
            "stockBulkUpdate": {"count": 1, "errors": [], "results": [{"errors": []} for _ in asked["stocks"]]}
        },
    )
    assert projection.push_due() == PRODUCTS - 1
    told = {
        (row["warehouseId"], row["variantId"]) for call in shop.fake.calls("StockBulkUpdate") for row in call["stocks"]
    }
    assert {place for place, _variant in told} == {"W1"}


def test_stock_that_the_core_owns_follows_its_events(shop: Shop) -> None:
    decide()
    run()
    balance = Balance.objects.get(store__core_warehouse_id="W2")
    shop.stock["W2"] = [("V001", 4)]
    payload = {"productVariant": {"id": "V001"}, "warehouse": {"id": "W2"}}
    for _ in range(3):  # however often it comes
        inbox.store(event="product_variant_stock_updated", signature="s", payload=payload)
        assert inbox.process_due() == 1
    balance.refresh_from_db()
    assert (balance.on_hand, balance.unregistered) == (4, 4)
    assert Movement.objects.filter(store=balance.store, reason="core").count() == 2
    # Our own store is not touched by what the core says of it.
    shop.stock["W1"] = [("V001", 500)]
    events.stock_changed(payload)
    assert Balance.objects.get(store__core_warehouse_id="W1", item_id="SKU-001").on_hand == 1
    # What no event told is copied by the sweep.
    shop.stock["W2"] = [("V002", 3), ("V001", 0)]
    assert events.mirror_all() == 2
    found = dict(Balance.objects.filter(store__core_warehouse_id="W2").values_list("item_id", "on_hand"))
    assert found == {"SKU-001": 0, "SKU-002": 3}


def test_search_alone_needs_no_warehouse(shop: Shop) -> None:
    decide()
    WarehouseMapping.objects.update(role="IGNORED")
    made = run()
    assert (made.state, made.seen, made.stock_rows) == (State.DONE, PRODUCTS, 0)
    assert not Store.objects.exists()
    assert Product.objects.count() == PRODUCTS


def test_a_warehouse_of_another_system_is_neither_read_nor_pushed(shop: Shop) -> None:
    decide()
    WarehouseMapping.objects.filter(pk="W1").update(owner="OTHER")
    made = run()
    assert made.stock_rows == 1
    assert not Balance.objects.filter(store__core_warehouse_id="W1").exists()
    assert Store.objects.get(core_warehouse_id="W1").stock_owner == "OTHER"


def test_impossible_and_unknown_stock_is_told(shop: Shop) -> None:
    decide()
    shop.stock["W1"] = [("V001", -3), ("V002", 5), ("V999", 5)]
    made = run()
    assert {(code, detail) for code, _subject, detail in problems(made)} == {
        ("STOCK_WRONG", "Rows: 1"),
        ("STOCK_UNKNOWN", "Rows: 1"),
    }
    assert set(Balance.objects.filter(store__core_warehouse_id="W1").values_list("item_id", "on_hand")) == {
        ("SKU-002", 5)
    }


def test_a_core_that_fails_is_waited_for_and_the_run_goes_on_where_it_stood(shop: Shop) -> None:
    decide()
    good = shop._products
    failing = [True]

    def broken(asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("after") == "100" and failing[0]:
            return {"errors": [{"message": "Internal Server Error"}]}
        return good(asked)

    shop.fake.answer("Products", broken)
    frozen = clock.FrozenClock(datetime.now(UTC))
    with clock.use_clock(frozen):
        made = run()
        assert (made.state, made.seen, made.cursor, made.failures) == (State.WAITING, 100, "100", 1)
        assert "Internal Server Error" in made.last_error
        assert Product.objects.count() == 100
        assert not services.work()  # not at once
        failing[0] = False
        frozen.advance(seconds=10)
        before = len(shop.fake.calls("Products"))
        assert services.work()
        assert [call.get("after") for call in shop.fake.calls("Products")[before:]] == ["100"]
    made.refresh_from_db()
    assert (made.state, made.seen, made.total, made.failures) == (State.DONE, PRODUCTS, PRODUCTS, 0)


def test_a_core_that_asks_for_rest_is_read_on_after_it(shop: Shop) -> None:
    decide()
    shop.fake.fail("Products", status=503, headers={"Retry-After": "600"})
    frozen = clock.FrozenClock(datetime.now(UTC))
    with clock.use_clock(frozen):
        made = run()
        assert (made.state, made.failures) == (State.WAITING, 1)
        asked = len(shop.fake.calls("Products"))
        frozen.advance(seconds=599)
        assert (services.work(), len(shop.fake.calls("Products"))) == (False, asked)
        frozen.advance(seconds=3)
        commerce_core._core.cache_clear()  # the process that was asked to wait has its own clock
        assert services.work()
    made.refresh_from_db()
    assert (made.state, made.seen) == (State.DONE, PRODUCTS)


def test_one_run_at_a_time_and_a_cancelled_one_writes_nothing_more(shop: Shop) -> None:
    decide()
    made = services.start(dry=False, actor="test")
    with pytest.raises(ApiError) as refused:
        services.start(dry=True, actor="test")
    assert refused.value.code == "SYNC_RUNNING"
    claimed = services._claim()
    assert claimed is not None
    assert services.cancel(run_id=made.pk, actor="test")
    assert not services.cancel(run_id=made.pk, actor="test")
    with pytest.raises(steps.LostLease):
        steps.read_mapping(claimed, steps.Checkpoint(claimed, services.LEASE, services.SHARE))
    assert not Store.objects.exists()
    assert not services.work()
    assert not Product.objects.exists()
    assert services.start(dry=True, actor="test").pk != made.pk


def test_a_worker_has_its_share_and_the_next_goes_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    decide()
    monkeypatch.setattr(services, "SHARE", timedelta(0))
    made = run()
    rounds = 1
    while made.unfinished:
        assert services.work()
        rounds += 1
        made.refresh_from_db()
    assert (made.state, made.seen, made.failures) == (State.DONE, PRODUCTS, 0)
    assert rounds > 3
    assert len(shop.fake.calls("Products")) <= 2 * 3  # a page read ahead is read again, no more


def test_changes_are_caught_up_with_by_their_time(shop: Shop) -> None:
    decide()
    run()
    before = len(shop.fake.calls("Products"))
    now = datetime.now(UTC).isoformat()
    shop.products[7] |= {"name": "Renamed", "updatedAt": now}
    shop.products[8] |= {"channelListings": [], "updatedAt": now}
    report = catalogue.catch_up("us")
    assert (report.seen, report.changed, report.removed) == (1, 1, 1)
    assert len(shop.fake.calls("Products")) == before + 1
    assert Product.objects.get(pk="P007").name == "Renamed"
    assert not Product.objects.get(pk="P008").is_active
    assert Product.objects.filter(is_active=True).count() == PRODUCTS - 1
    assert catalogue.catch_up("nowhere").seen == 0


def test_what_is_decided_stays_when_the_core_is_read_again(shop: Shop) -> None:
    decide()
    shop.types[0]["name"] = "Handset"
    shop.types.append({"slug": "sim", "name": "SIM", "isShippingRequired": True, "metadata": [
        {"key": "kind", "value": "sim"}, {"key": "tracking", "value": "ICCID"}]})  # fmt: skip
    shop.warehouses = [warehouse("W1", name="Flagship")]
    services.read_core()
    assert set(ProductTypeMapping.objects.values_list("slug", "name", "kind", "tracking")) == {
        ("device", "Handset", "DEVICE", "IMEI"),
        ("sim", "SIM", "SIM", "ICCID"),
    }
    rows = dict(WarehouseMapping.objects.values_list("warehouse_id", "gone"))
    assert rows == {"W1": False, "W2": True, "W3": True}
    row = WarehouseMapping.objects.get(pk="W1")
    assert (row.name, row.role, row.owner) == ("Flagship", "STORE", "SUITE")


def test_a_barcode_may_be_an_attribute_of_the_variant(shop: Shop) -> None:
    code = {"attribute": {"slug": "ean", "name": "EAN", "inputType": "PLAIN_TEXT", "translation": None}, "values": [
        {"slug": "x", "name": "4006381333931", "reference": None, "boolean": None, "translation": None}]}  # fmt: skip
    shop.products[:] = [product(variants=[variant(metadata=[], attributes=[code])])]
    shop.attributes.append({"slug": "ean", "name": "EAN", "inputType": "PLAIN_TEXT"})
    shop.stock = {"W1": [], "W2": []}
    decide()
    AttributeMapping.objects.filter(pk="ean").update(target="gtin")
    AttributeMapping.objects.filter(pk="brand").update(ignored=True)
    run()
    found = Variant.objects.get()
    assert (found.barcode, found.attributes, found.product.attributes) == ("4006381333931", [], [])


def test_the_command_says_what_is_wrong(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    services.read_core()
    with pytest.raises(CommandError, match="undecided"):
        call_command("sync_core")
    call_command("sync_core", "--dry-run")
    told = capsys.readouterr()
    assert "Product type without a kind: Device (device)" in told.err
    assert "Done: 120 products read, 0 changed" in told.out


@pytest.mark.parametrize(("failures", "ends"), [(sync_core.PATIENCE - 1, True), (sync_core.PATIENCE, False)])
def test_the_command_waits_for_a_core_that_is_slow_for_a_moment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failures: int, ends: bool
) -> None:
    decide()
    shop.fake.fail("ProductTypes", times=failures * transport.ATTEMPTS)
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    frozen = clock.FrozenClock(datetime.now(UTC))
    monkeypatch.setattr(sync_core.time, "sleep", lambda seconds: frozen.advance(seconds=seconds))
    with clock.use_clock(frozen):
        if ends:
            call_command("sync_core")
        else:
            with pytest.raises(CommandError, match="the workers try again"):
                call_command("sync_core")
    assert (SyncRun.objects.get().state == State.DONE, Product.objects.count() == PRODUCTS) == (ends, ends)
    assert "HTTP 503" in capsys.readouterr().err, "what it waits for stands beside the bar"


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_from_its_checkpoint(shop: Shop, tmp_path: Path) -> None:
    decide()
    made = services.start(dry=False, actor="test")
    good, waiting = shop._products, [True]

    def slow(asked: dict[str, Any]) -> dict[str, Any]:
        while asked.get("after") == "100" and waiting[0]:
            time.sleep(0.05)
        return good(asked)

    shop.fake.answer("Products", slow)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TEST_DB")} | {
        "DATABASE_URL": database_url(),
        "SUITE_VAR_DIR": str(tmp_path),
        "SALEOR_API_URL": shop.fake.url,
        "SALEOR_APP_TOKEN": "app-token",
    }
    log = (tmp_path / "worker.log").open("wb")
    command = [sys.executable, "manage.py", "sync_core"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 180
    while Product.objects.count() < 100:
        if time.monotonic() > deadline or worker.poll() is not None:
            pytest.fail((tmp_path / "worker.log").read_text()[-2000:])
        time.sleep(0.1)
    worker.send_signal(signal.SIGKILL)
    worker.wait(15)
    waiting[0] = False
    made.refresh_from_db()
    assert (made.state, made.cursor, made.seen) == (State.RUNNING, "100", 100)
    assert not services.work()  # the dead worker's lease still runs
    before = len(shop.fake.calls("Products"))
    with clock.use_clock(clock.FrozenClock(datetime.now(UTC) + services.LEASE + timedelta(seconds=1))):
        assert services.work()
    made.refresh_from_db()
    assert (made.state, made.seen, made.changed) == (State.DONE, PRODUCTS, PRODUCTS)
    assert [call.get("after") for call in shop.fake.calls("Products")[before:]] == ["100"]
    assert Product.objects.filter(is_active=True).count() == PRODUCTS
    assert Movement.objects.count() == PRODUCTS
    assert not SyncProblem.objects.exists()


def test_check_core_says_what_the_mapping_lacks(shop: Shop) -> None:
    def told() -> dict[str, tuple[str, str]]:
        return {point.what: (point.level.value, point.found) for point in [*checks.mapping(), *checks.stores()]}

    assert told()["mapping"][0] == "WARN"
    services.read_core()
    assert told()["mapping"] == ("FAIL", "4 undecided, first: Device (device)")
    decide()
    assert told()["mapping"] == ("OK", "complete")
    assert told()["first copy"][0] == "WARN"
    run()
    assert told()["copy"] == ("OK", f"Done, {PRODUCTS} products, 0 problems")
    assert told()["stores"] == ("WARN", "without opening hours, so that nobody can collect there: store-w1")
