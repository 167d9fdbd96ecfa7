"""Safety stock: the most specific rule counts, at once, for everyone who does not see the goods."""

import pytest
from django.core.exceptions import ValidationError

from inventory import errors, live, proof, selectors, services
from inventory.models import Balance, CoreStock, SafetyStock
from kernel import outbox
from kernel.errors import ApiError

from .goods import make_item, make_store, stock
from .test_reservations import available, reserve
from .test_rooms import refusal, sell

pytestmark = pytest.mark.django_db


def grouped(item, category):
    services.upsert_item(
        sku=item.sku,
        tracking=item.tracking,
        stocked=True,
        core_variant_id=item.core_variant_id,
        category=category,
    )


def safety(store, item):
    return Balance.objects.get(store=store, item=item).safety


def test_the_most_specific_rule_counts(store, cable):
    other = make_store()
    grouped(cable, "accessories/cables")
    stock(store, cable, 20)
    services.set_safety_rule(category="accessories", quantity=1)
    assert safety(store, cable) == 1
    services.set_safety_rule(category="accessories/cables", quantity=2)
    assert safety(store, cable) == 2
    services.set_safety_rule(category="accessories", store_id=store.pk, quantity=3)
    assert safety(store, cable) == 3
    rule = services.set_safety_rule(sku=cable.sku, quantity=4)
    assert safety(store, cable) == 4
    services.set_safety_rule(sku=cable.sku, store_id=store.pk, quantity=0)
    assert safety(store, cable) == 0
    # A balance that comes later has the rule too; a name that only begins alike is another category.
    stock(other, cable, 20)
    assert safety(other, cable) == 4
    assert services.drop_safety_rule(rule_id=rule.pk) is True
    assert services.drop_safety_rule(rule_id=rule.pk) is False
    assert safety(other, cable) == 2
    grouped(cable, "accessories-old/cables")
    assert (safety(store, cable), safety(other, cable)) == (0, 0)
    assert proof.differences() == []


def test_a_rule_is_for_a_sku_or_a_category(store, cable):
    for bad in ({}, {"sku": cable.sku, "category": "phones"}, {"sku": cable.sku, "quantity": -1}):
        with pytest.raises(ValidationError):
            services.set_safety_rule(**{"quantity": 1} | bad)
    assert refusal(lambda: services.set_safety_rule(sku="?", quantity=1)).code == errors.UNKNOWN_SKU
    unknown = refusal(lambda: services.set_safety_rule(sku=cable.sku, store_id="?", quantity=1))
    assert unknown.code == errors.STORE_NOT_FOUND
    assert not SafetyStock.objects.exists()


def test_online_respects_it_and_the_register_may_take_it(store, cable):
    stock(store, cable, 3)
    services.set_safety_rule(sku=cable.sku, quantity=2)
    assert available(store, cable) == 1
    assert selectors.available_in_store(store.pk) == {cable.sku: 1}
    assert live.of_store(store.pk).quantities == {cable.sku: 1}
    assert selectors.stores_with_stock([cable.sku]) == {cable.sku: {store.pk}}
    for purpose in ("CART", "ORDER", "PICKUP"):
        short = refusal(lambda purpose=purpose: reserve(store, (cable, 2), purpose=purpose))
        assert (short.code, short.params["available"]) == (errors.INSUFFICIENT_STOCK, 1)
    reserve(store, (cable, 1), purpose="TRANSFER")
    assert available(store, cable) == 0
    assert selectors.stores_with_stock([cable.sku]) == {cable.sku: set()}
    assert selectors.free_in_store(store.pk) == {cable.sku: 2}
    sell(store, cable, 2)
    assert refusal(lambda: sell(store, cable, 1)).code == errors.INSUFFICIENT_STOCK
    assert proof.differences() == []


def test_what_was_promised_before_the_rule_stays_promised(store, cable, clock):
    stock(store, cable, 3)
    held = reserve(store, (cable, 2), key="cart")
    services.set_safety_rule(sku=cable.sku, quantity=3)
    assert reserve(store, (cable, 2), key="cart", minutes=30).pk == held.pk
    assert reserve(store, (cable, 2), key="order", replaces="cart").state == "HELD"
    assert refusal(lambda: reserve(store, (cable, 3), key="order")).code == errors.INSUFFICIENT_STOCK
    clock.advance(minutes=20)
    # What ran out is of no use to its holder.
    assert refusal(lambda: reserve(store, (cable, 1), key="order")).code == errors.INSUFFICIENT_STOCK


def test_a_balance_made_beside_a_new_rule_is_found_by_the_message(store, cable):
    stock(store, cable, 3)
    services.set_safety_rule(sku=cable.sku, quantity=2)
    Balance.objects.update(safety=0)
    assert [found.fact.name for found in proof.differences()] == ["SAFETY"]
    outbox.deliver_due()
    assert safety(store, cable) == 2
    assert proof.differences() == []


def test_the_core_is_told(store, cable):
    stock(store, cable, 3)
    before = CoreStock.objects.get().wanted
    services.set_safety_rule(sku=cable.sku, quantity=2)
    assert CoreStock.objects.get().wanted == before + 1
    services.set_safety_rule(sku=make_item().sku, quantity=2)
    assert CoreStock.objects.get().wanted == before + 1


def test_an_extension_ends_in_the_future(store, cable, clock):
    stock(store, cable, 1)
    held = reserve(store, (cable, 1))
    with pytest.raises(ValueError, match="future"):
        services.extend(reservation_id=held.pk, expires_at=clock.now())


def test_named_pieces_are_kept_or_nothing_is(store, phone, cable):
    first, second = stock(store, phone, 2)
    stock(store, cable, 2)
    reserve(store, (phone, 1), serials={phone.sku: [first]})
    with pytest.raises(ApiError) as refused:
        reserve(store, (cable, 1), (phone, 1), serials={phone.sku: [first]}, key="late")
    assert refused.value.code == errors.SERIAL_NOT_IN_STOCK
    assert selectors.find_unit(second).state == "IN_STOCK"
