"""Orders after the sale, and sales of the register: handing over, returning, cancelling, giving money back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce.core import Core
from commerce.errors import CoreRefused
from commerce.records import CoreOrder, PosOrderDraft, PosOrderLineDraft, PosTenderDraft
from tests.contract.shop import ADDRESS, Shop
from tests.contract.test_core_catalogue import NO_VARIANT, NO_WAREHOUSE
from tests.contract.test_core_checkout import NO_ORDER, draft, for_pickup, line

Name = Callable[[str], str]


def ordered(core: Core, shop: Shop, reference: str, quantity: int = 2) -> CoreOrder:
    """A paid order of phones for pickup in store one, which holds ten."""
    core.push_stock([(shop.variants["phone-128"], shop.warehouses["one"], 10)])
    made = for_pickup(core, shop, draft(shop, line(shop, "phone-128", quantity)))
    core.create_transaction(
        made.id, psp_reference=reference, currency="USD", name="Card", amount_charged=made.total.gross
    )
    return core.complete_checkout(made.id)


def sale(shop: Shop, reference: str, **changes: Any) -> PosOrderDraft:
    """Two cases sold for cash in store one."""
    return replace(
        PosOrderDraft(
            external_reference=reference,
            channel=shop.channel,
            currency="USD",
            created_at=shop.five_minutes_ago,
            email="store@example.com",
            warehouse_id=shop.warehouses["one"],
            billing_address=ADDRESS,
            lines=(
                PosOrderLineDraft(
                    product_id=shop.products["case"],
                    variant_id=shop.variants["case"],
                    sku=shop.skus["case"],
                    product_name="Case",
                    quantity=2,
                    total_net=Decimal("36.00"),
                    total_gross=Decimal("38.97"),
                    undiscounted_net=Decimal("40.00"),
                    undiscounted_gross=Decimal("43.30"),
                    tax_rate=Decimal("0.0825"),
                    metadata={"line": "1"},
                ),
            ),
            tenders=(PosTenderDraft("Cash", f"{reference}:1", Decimal("38.97")),),
            metadata={"number": "S-1"},
        ),
        **changes,
    )


def test_handing_over_takes_stock_and_promise_together(core: Core, shop: Shop, name: Name) -> None:
    one, phone = shop.warehouses["one"], shop.variants["phone-128"]
    order = ordered(core, shop, name("pay"), 3)
    _quantity, promised = core.stock_of(phone)[one]
    (only,) = order.lines
    part = core.fulfil_order(order.id, [(only.id, 1)], one)
    assert (part.status, part.lines[0].quantity_fulfilled) == ("PARTIALLY_FULFILLED", 1)
    for _ in range(2):
        whole = core.fulfil_order(order.id, [(only.id, 3)], one)
        assert (whole.status, whole.lines[0].quantity_fulfilled) == ("FULFILLED", 3)
    assert core.stock_of(phone)[one] == (7, promised - 3)
    assert sum(row.quantity for row in whole.fulfilled if not row.returned) == 3
    with pytest.raises(CoreRefused) as cancel:
        core.cancel_order(order.id)
    assert cancel.value.code == "CANNOT_CANCEL_ORDER"


def test_handing_over_what_cannot_be_handed_over(core: Core, shop: Shop, name: Name) -> None:
    one, two, phone = shop.warehouses["one"], shop.warehouses["two"], shop.variants["phone-128"]
    order = ordered(core, shop, name("pay"))
    core.push_stock([(phone, two, 0)])
    (only,) = order.lines
    with pytest.raises(CoreRefused) as many:
        core.fulfil_order(order.id, [(only.id, 3)], one)
    assert many.value.code == "FULFILL_ORDER_LINE"
    with pytest.raises(CoreRefused) as empty:
        core.fulfil_order(order.id, [(only.id, 1)], two)
    assert empty.value.code == "INSUFFICIENT_STOCK"
    with pytest.raises(CoreRefused) as nowhere:
        core.fulfil_order(order.id, [(only.id, 1)], NO_WAREHOUSE)
    assert nowhere.value.code == "INSUFFICIENT_STOCK"
    same = core.order(order.id)
    assert same is not None
    assert (same.status, same.lines, same.fulfilled) == ("UNFULFILLED", order.lines, ())
    gone = core.fulfil_order(order.id, [(only.id, 1)], two, allow_short=True)
    assert gone.status == "PARTIALLY_FULFILLED"
    assert core.stock_of(phone)[two][0] == -1
    core.push_stock([(phone, two, 0)])


def test_cancelling_frees_what_was_promised(core: Core, shop: Shop, name: Name) -> None:
    one, phone = shop.warehouses["one"], shop.variants["phone-128"]
    order = ordered(core, shop, name("pay"))
    _quantity, promised = core.stock_of(phone)[one]
    for _ in range(2):
        assert core.cancel_order(order.id).status == "CANCELED"
    assert core.stock_of(phone)[one] == (10, promised - 2)
    with pytest.raises(CoreRefused) as late:
        core.fulfil_order(order.id, [(order.lines[0].id, 1)], one)
    assert late.value.code == "INVALID"


def test_a_return_leaves_stock_and_money_to_us(core: Core, shop: Shop, name: Name) -> None:
    one, phone = shop.warehouses["one"], shop.variants["phone-128"]
    order = ordered(core, shop, name("pay"))
    (paid,), (only,) = order.transactions, order.lines
    core.fulfil_order(order.id, [(only.id, 2)], one)
    quantity, promised = core.stock_of(phone)[one]
    for _ in range(2):
        part = core.return_order(order.id, [(only.id, 1)])
        assert part.status == "PARTIALLY_RETURNED"
        assert sum(row.quantity for row in part.fulfilled if row.returned) == 1
    whole = core.return_order(order.id, [(only.id, 2)])
    assert (whole.status, whole.charge_status) == ("RETURNED", "FULL")
    assert core.return_order(order.id, [(only.id, 2)]).fulfilled == whole.fulfilled
    with pytest.raises(CoreRefused) as more:
        core.return_order(order.id, [(only.id, 3)])
    assert more.value.code == "INVALID_QUANTITY"
    assert core.stock_of(phone)[one] == (quantity, promised)
    assert core.push_stock([(phone, one, quantity + 2)]) == []
    for _ in range(2):
        back = core.report_refund(paid.id, amount=order.total.gross, psp_reference=name("refund"))
        assert (back.charged, back.refunded) == (Decimal(0), order.total.gross)
    settled = core.order(order.id)
    assert settled is not None
    assert (settled.status, settled.charge_status) == ("RETURNED", "NONE")


def test_a_sale_is_recorded_once_and_moves_no_stock(core: Core, shop: Shop, name: Name) -> None:
    case, one = shop.variants["case"], shop.warehouses["one"]
    core.push_stock([(case, one, 1)])  # fewer than are sold: the register has sold them all the same
    before = core.stock_of(case)
    order = core.bulk_create_pos_order(sale(shop, name("sale")))
    assert (order.status, order.charge_status, order.external_reference) == ("FULFILLED", "FULL", name("sale"))
    assert (order.total.net, order.total.tax, order.total.gross) == (Decimal(36), Decimal("2.97"), Decimal("38.97"))
    assert (order.metadata, order.lines[0].metadata) == ({"number": "S-1"}, {"line": "1"})
    assert (order.lines[0].quantity_fulfilled, order.warehouse_id) == (2, one)
    assert order.created == shop.five_minutes_ago
    assert core.bulk_create_pos_order(sale(shop, name("sale"))).id == order.id
    found = core.order_by_external_reference(name("sale"))
    assert found is not None
    assert found.id == order.id
    assert core.order_by_external_reference(name("nothing")) is None
    assert core.stock_of(case) == before


def test_a_sale_comes_back(core: Core, shop: Shop, name: Name) -> None:
    case = shop.variants["case"]
    order = core.bulk_create_pos_order(sale(shop, name("sale")))
    before = core.stock_of(case)
    (only,) = order.lines
    returned = core.return_order(order.id, [(only.id, 1)])
    assert returned.status == "PARTIALLY_RETURNED"
    back = core.report_refund(order.transactions[0].id, amount=Decimal("19.49"), psp_reference=name("refund"))
    assert (back.charged, back.refunded) == (Decimal("19.48"), Decimal("19.49"))
    assert core.return_order(order.id, [(only.id, 2)]).status == "RETURNED"
    assert core.stock_of(case) == before


def test_sales_that_are_refused_leave_nothing_behind(core: Core, shop: Shop, name: Name) -> None:
    reference = name("sale")
    whole = sale(shop, reference)
    (only,) = whole.lines
    wrong = {
        "FUTURE_DATE": replace(whole, created_at=shop.now + timedelta(days=1)),
        "INCORRECT_CURRENCY": replace(whole, currency="EUR", tenders=()),
        "INVALID_QUANTITY": replace(whole, lines=(replace(only, quantity=-1),)),
        "NOT_FOUND": replace(whole, lines=(replace(only, variant_id=NO_VARIANT),)),
    }
    codes = {}
    for expected, asked in wrong.items():
        with pytest.raises(CoreRefused) as refused:
            core.bulk_create_pos_order(asked)
        codes[expected] = refused.value.code
    assert codes == {expected: expected for expected in wrong}
    assert core.order_by_external_reference(reference) is None


def test_an_order_that_is_not_there(core: Core, shop: Shop) -> None:
    assert core.order(NO_ORDER) is None
    for act in (
        lambda: core.cancel_order(NO_ORDER),
        lambda: core.fulfil_order(NO_ORDER, [("T3JkZXJMaW5lOjE=", 1)], shop.warehouses["one"]),
        lambda: core.return_order(NO_ORDER, [("T3JkZXJMaW5lOjE=", 1)]),
    ):
        with pytest.raises(CoreRefused) as refused:
            act()
        assert refused.value.code == "NOT_FOUND"
    assert core.order(shop.variants["case"]) is None
    with pytest.raises(CoreRefused) as wrong:
        core.order("no id")
    assert wrong.value.code == "GRAPHQL_ERROR"
