"""Goods that come back at a register: once, for what was paid, into the books in their condition; else nothing."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import Movement, StockRoom, Unit
from kernel import outbox
from plugins.carts import refunds
from plugins.carts.models import Order, OrderReturn, ReturnedLine
from plugins.payments.fake_card import FakeCard
from plugins.payments.models import FakeCardRefund, Payment, Refund
from plugins.payments.port import PortRefusedError, PortUnavailableError
from plugins.pos import selectors
from plugins.pos.checks import LineDraft, TenderDraft
from plugins.pos.models import Sale
from tests.pos.sales import codes, line, sale
from tests.pos.test_bundles import claimed, told  # noqa: F401  (fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


def entry(till, order, *back, method=None, **values):
    """A register's entry for what comes back: (line, units, serials, condition), with the figures of the order."""
    order = Order.objects.get(pk=order.pk)
    found = refunds.refund_of(order, [(str(row.pk), units) for row, units, *_rest in back])
    lines = []
    for number, (row, units, *rest) in enumerate(back):
        # A line may come back in several conditions: each has its share.
        same = [(place, other[1]) for place, other in enumerate(back) if other[0] == row]
        one = next(each for each in found.lines if each.line == row)
        shares = [refunds.spread(order, whole, [count for _place, count in same]) for whole in (one.amount, one.tax)]
        place = [place for place, _count in same].index(number)
        amount, tax = shares[0][place], shares[1][place]
        net = amount - tax
        lines.append(
            LineDraft(
                sku=row.sku, quantity=-units, unit_price=row.unit_price, discount=net - row.unit_price * units,
                tax=-tax, serials=tuple(rest[0]) if rest else (), original_line_id=str(row.pk),
                condition=rest[1] if len(rest) > 1 else "",
            )
        )  # fmt: skip
    ways = [(method or payment.method, amount) for payment, amount in found.payments]
    return sale(
        *lines, shift=till.shift, total=-found.total, tax_total=-found.tax,
        tenders=tuple(TenderDraft(way, -amount) for way, amount in ways), **values,
    )  # fmt: skip


def take(till, *drafts, role="clerk", register="R1"):
    [outcome] = till.sync(*drafts, role=role, register=register)
    return outcome


def refused(till, draft, code, field, *, role="clerk"):
    """It is refused with this code, and nothing has changed."""
    before = state()
    outcome = take(till, draft, role=role)
    assert [(error.code, error.field) for error in outcome.errors] == [(code, field)]
    assert (outcome.order, outcome.exceptions) == (None, [])
    assert state() == before


def state():
    return (
        list(Sale.objects.values_list("client_id", "total")),
        list(OrderReturn.objects.values_list("key")),
        list(Movement.objects.values_list("pk")),
        list(Payment.objects.order_by("pk").values_list("pk", "state", "refunded")),
        list(Order.objects.order_by("pk").values_list("pk", "status")),
        Refund.objects.count(),
    )


@pytest.fixture
def sold(till):
    """Two phones and three cases, paid in cash."""
    first, second = till.counter.serials[:2]
    outcome = till.sell(line("PHONE", 2, serials=[first, second]), line("CASE", 3))
    assert (outcome.errors, outcome.exceptions) == ([], [])
    return outcome.order


def of(order, sku):
    return order.lines.filter(sku=sku).order_by("position").first()


def test_a_phone_comes_back_for_what_it_cost_and_is_sold_again(till, sold):
    first, second = till.counter.serials[:2]
    cash = selectors.cash_taken(till.shift)
    draft = entry(till, sold, (of(sold, "PHONE"), 1, [first]))

    outcome = take(till, draft)

    assert (outcome.errors, outcome.exceptions) == ([], [])
    assert outcome.order.status == "PARTIALLY_RETURNED"
    assert draft.total == Decimal("-540.17")
    assert selectors.cash_taken(till.shift) == cash - Decimal("540.17")
    assert till.counter.on_hand("PHONE") == 2
    states = dict(Unit.objects.filter(identifier__in=[first, second]).values_list("identifier", "state"))
    assert states == {first: "IN_STOCK", second: "SOLD"}
    [made] = OrderReturn.objects.all()
    assert (made.total, made.store_id, made.lines.get().serials) == (Decimal("540.17"), till.counter.store.pk, [first])
    assert Payment.objects.get().refunded == Decimal("540.17")
    assert Refund.objects.get().state == "DONE"
    assert outcome.order.events.get(code="RETURNED").params == {"amount": "540.17 USD"}


def test_told_again_it_has_happened_once(till, sold):
    draft = entry(till, sold, (of(sold, "CASE"), 2))
    take(till, draft)
    before = state()

    again = take(till, draft)

    assert (again.replayed, again.errors, again.order.pk) == (True, [], sold.pk)
    other = take(till, replace(draft, lines=(replace(draft.lines[0], condition="OPENED"),)))
    assert codes(other.errors) == ["IDEMPOTENCY_MISMATCH"]
    assert state() == before


def test_what_is_not_as_new_waits_in_quarantine(till, sold):
    first, second = till.counter.serials[:2]
    phone, case = of(sold, "PHONE"), of(sold, "CASE")
    draft = entry(till, sold, (phone, 2, [first, second], "DEFECTIVE"), (case, 1, (), "OPENED"), (case, 2))

    outcome = take(till, draft)

    assert (outcome.errors, outcome.order.status) == ([], "RETURNED")
    quarantine = StockRoom.objects.get(store=till.counter.store, kind="QUARANTINE")
    assert set(Unit.objects.filter(identifier__in=[first, second]).values_list("state", "room")) == {
        ("UNAVAILABLE", quarantine.pk)
    }
    assert (till.counter.on_hand("PHONE"), till.counter.available("PHONE")) == (3, 1)
    assert (till.counter.on_hand("CASE"), till.counter.available("CASE")) == (10, 9)
    assert [(row.quantity, row.condition) for row in ReturnedLine.objects.filter(line=case)] == [
        (1, "OPENED"), (2, "AS_NEW"),
    ]  # fmt: skip
    assert draft.total == -sold.total
    assert Payment.objects.get().state == "REFUNDED"


def test_in_another_store_of_the_country_it_comes_into_that_stores_books(till, sold):
    first = till.counter.serials[0]
    there = type(till)(till.counter)
    there.shift = there.open(register="R9").shift

    outcome = take(there, entry(there, sold, (of(sold, "PHONE"), 1, [first])), register="R9")

    assert outcome.errors == []
    assert till.counter.on_hand("PHONE", till.counter.other) == 1
    assert Unit.objects.get(identifier=first).store_id == till.counter.other.pk


def test_what_cannot_come_back_changes_nothing(till, sold):
    first, _second, third = till.counter.serials
    phone, case = of(sold, "PHONE"), of(sold, "CASE")
    good = entry(till, sold, (phone, 1, [first]))

    def with_line(**values):
        return replace(good, client_id=str(uuid.uuid4()), lines=(replace(good.lines[0], **values),))

    refused(till, with_line(serials=(third,)), "SERIAL_NOT_SOLD", "lines.0.serials")
    refused(till, with_line(serials=("490154203237518",)), "SERIAL_NOT_SOLD", "lines.0.serials")
    refused(till, with_line(serials=("x",)), "SERIAL_NOT_SOLD", "lines.0.serials")
    refused(till, with_line(serials=()), "SERIAL_REQUIRED", "lines.0.serials")
    refused(till, with_line(condition="SHINY"), "INVALID", "lines.0.condition")
    refused(till, with_line(original_line_id=str(uuid.uuid4())), "UNKNOWN_LINE", "lines.0.originalLineId")
    refused(till, with_line(original_line_id="x\0"), "INVALID", "lines.0.originalLineId")
    refused(till, with_line(original_line_id=""), "NOT_AVAILABLE", "lines.0.originalLineId")
    refused(till, with_line(sku="CASE", serials=()), "UNKNOWN_LINE", "lines.0.originalLineId")
    refused(till, replace(good, offline=True), "NOT_AVAILABLE", "offline")
    cents = entry(till, sold, (case, 1))
    more = replace(
        cents,
        total=cents.total - 1,
        lines=(replace(cents.lines[0], discount=cents.lines[0].discount + 1),),
        tenders=(TenderDraft("CASH", cents.total - 1),),
    )
    refused(till, more, "REFUND_DIFFERS", "total")
    refused(till, replace(cents, tenders=(TenderDraft("CARD", cents.total),)), "TENDER_MISMATCH", "tenders")
    refused(till, replace(cents, tenders=()), "TENDER_MISMATCH", "tenders")


def test_a_piece_and_a_quantity_come_back_once(till, sold):
    first, second = till.counter.serials[:2]
    phone, case = of(sold, "PHONE"), of(sold, "CASE")
    again, rest = entry(till, sold, (phone, 1, [first])), entry(till, sold, (case, 3))
    assert take(till, entry(till, sold, (phone, 1, [first]), (case, 1))).errors == []

    refused(till, again, "ALREADY_RETURNED", "lines.0.serials")
    refused(till, rest, "ALREADY_RETURNED", "lines.0.quantity")
    assert take(till, entry(till, sold, (phone, 1, [second]), (case, 2))).order.status == "RETURNED"
    refused(till, replace(rest, client_id=str(uuid.uuid4())), "ALREADY_RETURNED", "lines")


def test_nobody_without_the_permission_takes_anything_back(till, sold, monkeypatch):
    draft = entry(till, sold, (of(sold, "CASE"), 1))
    clerk = till.counter.staff()
    without = replace(clerk, permissions=clerk.permissions - {"pos.return"})
    monkeypatch.setattr(till.counter, "staff", lambda *_role: without)
    refused(till, draft, "PERMISSION_DENIED", None)


def test_after_the_time_for_returns_a_manager_decides(till, sold, settings):
    till.counter.clock.advance(days=settings.RETURN_DAYS, seconds=1)
    draft = entry(till, sold, (of(sold, "CASE"), 1))

    refused(till, draft, "RETURN_TOO_LATE", "lines")
    assert take(till, draft, role="manager").errors == []


def test_what_was_not_handed_over_is_cancelled_instead(till):
    order = till.counter.order(("CASE", 1), method="CARD")
    row = of(order, "CASE")
    draft = sale(
        LineDraft("CASE", -1, row.unit_price, -row.tax, original_line_id=str(row.pk)),
        shift=till.shift, total=-order.total, tax_total=-row.tax, tenders=(TenderDraft("CARD", -order.total),),
    )  # fmt: skip
    refused(till, draft, "NOT_RETURNABLE", "lines")


def test_a_card_gets_its_money_back_by_its_provider_once(till, monkeypatch):
    order = till.counter.order(("CASE", 2), method="CARD")
    Order.objects.filter(pk=order.pk).update(status="FULFILLED", core_id="")
    draft = entry(till, order, (of(order, "CASE"), 1))
    take(till, draft)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount, -draft.total) == ("DUE", Decimal("21.64"), Decimal("21.64"))
    assert selectors.cash_taken(till.shift) == 0

    # The provider does not answer, then does but the answer is lost, then all is told again.
    give_back, answers = FakeCard.refund, iter([False, True])

    def falls_silent(self, **asked):
        answered = next(answers, None)
        if answered is not False:
            give_back(self, **asked)
        if answered is not None:
            raise PortUnavailableError("no answer")

    monkeypatch.setattr(FakeCard, "refund", falls_silent)
    for _again in range(4):
        outbox.deliver_due()
        till.counter.clock.advance(hours=1)

    refund.refresh_from_db()
    assert (refund.state, FakeCardRefund.objects.get().amount) == ("DONE", Decimal("21.64"))
    assert (Payment.objects.get().state, Payment.objects.get().refunded) == ("CAPTURED", Decimal("21.64"))
    assert order.events.filter(code="PAYMENT_REFUNDED").count() == 1
    take(till, entry(till, order, (of(order, "CASE"), 1)))
    outbox.deliver_due()
    assert (Payment.objects.get().state, FakeCardRefund.objects.count()) == ("REFUNDED", 2)
    assert Order.objects.get(pk=order.pk).status == "RETURNED"


def test_a_refund_that_the_provider_refuses_is_kept_for_a_person(till, monkeypatch):
    order = till.counter.order(("CASE", 1), method="CARD")
    Order.objects.filter(pk=order.pk).update(status="FULFILLED", core_id="")
    take(till, entry(till, order, (of(order, "CASE"), 1)))

    def refuses(self, **_asked):
        raise PortRefusedError("card_closed")

    monkeypatch.setattr(FakeCard, "refund", refuses)
    outbox.deliver_due()

    assert (Refund.objects.get().state, Refund.objects.get().failure_code) == ("REFUSED", "card_closed")
    assert (Payment.objects.get().state, Payment.objects.get().refunded) == ("CAPTURED", 0)
    assert not order.events.filter(code="PAYMENT_REFUNDED").exists()


def test_part_of_a_bundle_brings_back_what_its_offer_says(till, claimed):  # noqa: F811
    order = till.sell(*told(till, claimed), cart_id=claimed.pk).order
    second = till.counter.serials[1]
    phone = order.lines.exclude(bundle_id="").get(sku="PHONE")
    plan = order.lines.exclude(bundle_id="").get(sku="PLAN")

    outcome = take(till, entry(till, order, (plan, 1), (phone, 1, [second])))

    assert outcome.errors == []
    assert outcome.order.status == "PARTIALLY_RETURNED"
    assert OrderReturn.objects.get().total == claimed.bundles.get().due_today == Decimal("20.57")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(units=st.integers(1, 7), discount=st.integers(0, 1999), picks=st.lists(st.integers(1, 7), max_size=7))
def test_by_and_by_all_of_what_was_paid_comes_back(till, units, discount, picks):
    order = till.sell(line("CASE", units, discount=f"{discount / 100:.2f}", price_reason="x"), role="manager").order
    back = Decimal(0)
    while any(counts := left(order)):
        rows = [(row, 1 + pick % count) for (row, count), pick in zip(counts, [*picks, *[1] * 9], strict=False)]
        draft = entry(till, order, *rows)
        assert take(till, draft).errors == []
        back -= draft.total
    assert back == order.total
    assert Order.objects.get(pk=order.pk).status == "RETURNED"


def left(order):
    gone = {
        row.pk: sum(row.returned.values_list("quantity", flat=True)) for row in order.lines.prefetch_related("returned")
    }
    return [(row, row.quantity - gone[row.pk]) for row in order.lines.all() if row.quantity > gone[row.pk]]


REFUND = """query($id: ID!, $lines: [OrderReturnInput!]!) { order(id: $id) { status
    refund(lines: $lines) { total { amount } tax { amount } withheld { amount }
        lines { lineId sku quantity unitPrice discount tax amount { amount } }
        payments { method byProvider amount { amount } } }
    returns { id total { amount } lines { lineId quantity serials condition amount { amount } } } } }"""
SYNC = """mutation($sale: PosSaleInput!) { posSync(input: {sales: [$sale]}) {
    sales { replayed errors { code field } order { status returns { id lines { quantity condition } } } } } }"""


@pytest.mark.urls("storefront_api.urls")
def test_over_the_api_a_register_asks_tells_and_shows_what_came_back(till, sold):
    first = till.counter.serials[0]
    phone, token = of(sold, "PHONE"), till.counter.token()
    wanted = {"id": sold.pk, "lines": [{"lineId": str(phone.pk), "quantity": 1}]}
    asked = till.counter.ask(REFUND, token=token, **wanted)["data"]["order"]
    found = asked["refund"]
    [told] = found["lines"]
    assert (asked["status"], asked["returns"]) == ("FULFILLED", [])
    assert (found["total"]["amount"], found["tax"]["amount"]) == ("540.17", "41.17")
    assert found["payments"] == [{"method": "CASH", "byProvider": False, "amount": {"amount": "540.17"}}]

    entry = {
        "clientId": str(uuid.uuid4()), "shiftId": str(till.shift.client_id), "currency": "USD",
        "occurredAt": till.counter.clock.now().isoformat(), "total": "-540.17", "taxTotal": "-41.17",
        "lines": [{
            "sku": told["sku"], "quantity": -told["quantity"], "unitPrice": told["unitPrice"], "tax": told["tax"],
            "discount": told["discount"], "originalLineId": told["lineId"], "serials": [first], "condition": "DAMAGED",
        }],
        "tenders": [{"method": "CASH", "amount": "-540.17"}],
    }  # fmt: skip
    guest = till.counter.ask(SYNC, sale=entry)
    assert guest["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    answers = [till.counter.ask(SYNC, token=token, sale=entry)["data"]["posSync"]["sales"][0] for _again in range(2)]

    assert [answer["errors"] for answer in answers] == [[], []]
    assert [answer["replayed"] for answer in answers] == [False, True]
    back = {"id": entry["clientId"], "lines": [{"quantity": 1, "condition": "DAMAGED"}]}
    assert [answer["order"] for answer in answers] == [{"status": "PARTIALLY_RETURNED", "returns": [back]}] * 2
    again = till.counter.ask(REFUND, token=token, **wanted | {"lines": [{"lineId": str(phone.pk), "quantity": 2}]})
    assert again["errors"][0]["extensions"] == {"code": "ALREADY_RETURNED", "field": "lines.0.quantity"}


def test_two_registers_take_a_piece_back_once(till, sold):
    first = till.counter.serials[0]
    draft = entry(till, sold, (of(sold, "PHONE"), 1, [first]))
    other = type(till)(till.counter)
    other.shift = other.open(register="R2").shift
    same = replace(draft, client_id=str(uuid.uuid4()), shift_id=str(other.shift.client_id))

    assert take(till, draft).errors == []
    outcome = take(other, same, register="R2")

    assert codes(outcome.errors) == ["ALREADY_RETURNED"]
    assert OrderReturn.objects.count() == 1
