"""The mirror of stock against the database, with real commits and a real listener."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory import announcements, errors, live, selectors, services
from inventory.models import Store
from inventory.receipts import OpeningRow
from kernel import backoff, clock, notices
from kernel.errors import ApiError
from tests.kernel.listening import eventually, kill_the_listener, listening
from tests.kernel.threads import Running

from .goods import make_item, make_store, stock
from .screens import form_of, url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def follows(transactional_db: None) -> Iterator[None]:
    with listening():
        yield


def mirrored(store: Store) -> live.StoreStock:
    """The store's stock once it is in the mirror."""
    eventually(lambda: live.of_store(store.pk).version is not None)
    return live.of_store(store.pk)


def becomes(store: Store, quantities: dict[str, int]) -> live.StoreStock:
    """The mirrored stock once it is this."""
    eventually(lambda: mirrored(store).quantities == quantities)
    return mirrored(store)


def hold(store, item, quantity, minutes=15, key=None):
    return services.reserve(
        key=key or str(uuid.uuid4()),
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(item.sku, quantity)],
        expires_at=clock.now() + dt.timedelta(minutes=minutes),
    )


def sell(store, item, quantity):
    return services.sell(
        store_id=store.pk, lines=[(item.sku, quantity, [])], source_key=str(uuid.uuid4()), actor="clerk"
    )


def test_without_a_listener_the_database_is_read(store, cable, django_assert_num_queries) -> None:
    stock(store, cable, 3)

    assert not live.following()
    with django_assert_num_queries(1):
        assert live.of_store(store.pk) == live.StoreStock(None, {cable.sku: 3})
    with django_assert_num_queries(1):
        assert live.store(store.pk) == store
    with django_assert_num_queries(1):
        assert live.stores() == [store]
    with django_assert_num_queries(0):
        assert live.version(store.pk) is None
        assert live.changed_since(store.pk, 1) is None


def test_a_mirrored_store_costs_no_query(follows, store, cable, django_assert_num_queries) -> None:
    stock(store, cable, 3)
    depot, closed = make_store(kind=Store.Kind.DEPOT), make_store(is_active=False)
    found = mirrored(store)

    with django_assert_num_queries(0):
        assert live.of_store(store.pk) is found
        assert found.quantities == {cable.sku: 3}
        assert live.version(store.pk) == found.version
        assert live.changed_since(store.pk, found.version) == {}
        assert live.store(store.pk) == store
        assert live.store(depot.pk) == depot
        assert live.stores() == [store]
        for unknown in (closed.pk, "?"):
            with pytest.raises(ApiError) as refusal:
                live.store(unknown)
            assert refusal.value.code == errors.STORE_NOT_FOUND


def test_a_movement_committed_elsewhere_reaches_the_mirror(follows, store, cable, phone) -> None:
    stock(store, cable, 3)
    before = mirrored(store)

    def arrive() -> None:
        with transaction.atomic():
            stock(store, phone, 1)
            sell(store, cable, 2)

    Running(arrive).result()

    after = becomes(store, {cable.sku: 1, phone.sku: 1})
    assert before.quantities == {cable.sku: 3}, "what a reader holds stays as it was"
    assert after.version > before.version
    assert live.changed_since(store.pk, before.version) == {cable.sku: 1, phone.sku: 1}
    assert live.changed_since(store.pk, after.version) == {}
    assert live.changed_since(store.pk, after.version + 1) is None


def test_what_is_rolled_back_never_shows(follows, store, cable, phone) -> None:
    stock(store, cable, 3)
    before = mirrored(store)
    with transaction.atomic():
        sell(store, cable, 1)
        transaction.set_rollback(True)
    stock(store, phone, 1)

    becomes(store, {cable.sku: 3, phone.sku: 1})
    assert live.changed_since(store.pk, before.version) == {phone.sku: 1}


def test_holds_and_their_ends_reach_the_mirror(follows, store, cable, monkeypatch) -> None:
    stock(store, cable, 5)
    becomes(store, {cable.sku: 5})

    first = hold(store, cable, 2)
    becomes(store, {cable.sku: 3})
    services.confirm(reservation_id=first.pk)
    before = mirrored(store)
    hold(store, cable, 3)
    becomes(store, {})
    assert live.changed_since(store.pk, before.version) == {cable.sku: 0}
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert services.expire_due() == 1
    becomes(store, {cable.sku: 3})
    services.issue(reservation_id=first.pk, serials={}, source_key="hand-over", actor="clerk")
    services.take_back(store_id=store.pk, lines=[(cable.sku, 1, [])], source_key="back", actor="clerk")
    becomes(store, {cable.sku: 4})


def test_a_change_that_changes_nothing_to_promise_is_not_told(follows, store, cable) -> None:
    stock(store, cable, 5)
    held = hold(store, cable, 2)
    before = becomes(store, {cable.sku: 3})

    services.issue(reservation_id=held.pk, serials={}, source_key="hand-over", actor="clerk")
    with transaction.atomic():
        again = hold(store, cable, 1)
        services.release(reservation_id=again.pk, reason="cancelled")
    hold(store, cable, 1)

    after = becomes(store, {cable.sku: 2})
    assert live.changed_since(store.pk, before.version) == {cable.sku: 2}
    assert after.version > before.version


def test_stock_in_bulk_is_told_by_store(follows, store, monkeypatch) -> None:
    items = [make_item() for _ in range(5)]
    other = make_store()
    before = mirrored(store)
    monkeypatch.setattr(announcements, "MANY", 4)
    rows = [OpeningRow(place.pk, item.sku, 2) for place in (store, other) for item in items]
    services.receive_opening(rows)

    becomes(store, {item.sku: 2 for item in items})
    becomes(other, {item.sku: 2 for item in items})
    assert live.changed_since(store.pk, before.version) == {item.sku: 2 for item in items}


def test_an_item_that_is_no_longer_stocked_is_gone_from_all_stores(follows, store, cable, phone) -> None:
    other = make_store()
    for place in (store, other):
        stock(place, cable, 1)
        stock(place, phone, 1)
        becomes(place, {cable.sku: 1, phone.sku: 1})

    services.upsert_item(sku=cable.sku, tracking="NONE", stocked=False, core_variant_id=cable.core_variant_id)
    becomes(store, {phone.sku: 1})
    becomes(other, {phone.sku: 1})
    services.upsert_item(sku=cable.sku, tracking="NONE", stocked=True, core_variant_id=cable.core_variant_id)
    becomes(store, {cable.sku: 1, phone.sku: 1})


def test_a_store_that_changes_or_closes_is_known_at_once(follows, store, cable, admin_client) -> None:
    stock(store, cable, 1)
    before = mirrored(store)
    new = make_store(code="new", name="Z")
    eventually(lambda: live.stores() == [store, new])

    make_store(code="new", name="A")
    eventually(lambda: [found.name for found in live.stores()] == ["A", store.name])
    make_store(code="new", name="A", is_active=False)
    eventually(lambda: live.stores() == [store])

    form = form_of(admin_client, store)
    assert admin_client.post(url("store_change", store.pk), form | {"is_active": ""}).status_code == 302
    eventually(lambda: live.version(store.pk) is None)
    assert live.of_store(store.pk) == live.StoreStock(None, {cable.sku: 1})
    assert admin_client.post(url("store_change", store.pk), form).status_code == 302
    after = mirrored(store)
    assert after.version > before.version
    assert live.changed_since(store.pk, before.version) is None


def test_what_happened_too_long_ago_cannot_be_told(follows, store, monkeypatch) -> None:
    monkeypatch.setattr(live, "LOG_LENGTH", 3)
    items = [make_item() for _ in range(4)]
    versions = [mirrored(store).version]
    for count, item in enumerate(items, 1):
        stock(store, item, 1)
        versions.append(becomes(store, {known.sku: 1 for known in items[:count]}).version)

    assert live.changed_since(store.pk, versions[0]) is None
    assert live.changed_since(store.pk, versions[1]) == {item.sku: 1 for item in items[1:]}
    assert live.changed_since(store.pk, versions[3]) == {items[3].sku: 1}


def test_stores_that_do_not_exist_are_not_kept(follows, store) -> None:
    mirrored(store)
    for number in range(50):
        assert live.of_store(f"nowhere-{number}").version is None
    done = threading.Event()
    notices.soon(done.set)
    assert done.wait(30)

    assert list(live.mirror._stocks) == [store.pk]
    assert live.mirror._wanted == set()


def test_a_lost_listener_falls_back_to_the_database_and_recovers(follows, store, cable, monkeypatch) -> None:
    repaired = threading.Event()

    def when_repaired(failures: int) -> dt.timedelta:
        repaired.wait(30)
        return dt.timedelta(0)

    monkeypatch.setattr(backoff, "delay", when_repaired)
    stock(store, cable, 3)
    before = becomes(store, {cable.sku: 3})

    kill_the_listener()
    eventually(lambda: not live.following())
    sell(store, cable, 1)
    assert live.of_store(store.pk) == live.StoreStock(None, {cable.sku: 2})
    assert live.version(store.pk) is None
    assert live.stores() == [store]

    repaired.set()
    eventually(live.following)
    after = becomes(store, {cable.sku: 2})
    assert after.version > before.version
    assert live.changed_since(store.pk, before.version) is None


def test_a_store_that_cannot_be_read_again_is_dropped(follows, store, cable, monkeypatch, caplog) -> None:
    stock(store, cable, 3)
    before = becomes(store, {cable.sku: 3})
    read = selectors.available_at
    failures = [ArithmeticError("once")]

    def fails_once(places):
        if failures:
            raise failures.pop()
        return read(places)

    monkeypatch.setattr(selectors, "available_at", fails_once)
    sell(store, cable, 1)

    after = becomes(store, {cable.sku: 2})
    assert "once" in caplog.text
    assert after.version > before.version
    assert live.changed_since(store.pk, before.version) is None


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "reserve", "release", "sell", "roll back"]), st.integers(0, 1), st.integers(0, 2)
    ),
    min_size=1,
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=OPERATIONS, data=st.data())
def test_after_any_work_the_mirror_is_what_the_database_says(follows, work, data) -> None:
    stores, items, held = [make_store(), make_store()], [make_item() for _ in range(3)], []
    kept = {store.pk: dict(mirrored(store).quantities) for store in stores}
    versions = {store.pk: mirrored(store).version for store in stores}
    for action, at, which in work:
        store, item, quantity = stores[at], items[which], data.draw(st.integers(1, 3))
        try:
            match action:
                case "receive":
                    stock(store, item, quantity)
                case "reserve":
                    held.append(hold(store, item, quantity))
                case "release" if held:
                    services.release(reservation_id=held.pop().pk, reason="cancelled")
                case "sell":
                    sell(store, item, quantity)
                case "roll back":
                    with transaction.atomic():
                        stock(store, item, quantity)
                        transaction.set_rollback(True)
        except ApiError as refusal:
            if refusal.code != errors.INSUFFICIENT_STOCK:
                raise

    for store in stores:
        truth = selectors.available_in_store(store.pk)
        becomes(store, truth)
        kept[store.pk].update(live.changed_since(store.pk, versions[store.pk]))
        assert {sku: quantity for sku, quantity in kept[store.pk].items() if quantity} == truth
