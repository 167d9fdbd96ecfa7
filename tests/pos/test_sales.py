"""Sales told by a register: recorded once, whatever speaks against them, each on its own."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from inventory.models import Contradiction, Movement
from kernel import audit, outbox
from kernel.errors import (
    IDEMPOTENCY_MISMATCH,
    INVALID,
    LIMIT_EXCEEDED,
    NEEDS_ATTENTION,
    NOT_AVAILABLE,
    PERMISSION_DENIED,
    UNAUTHENTICATED,
)
from plugins.carts.contact import ContactChange
from plugins.carts.models import Order
from plugins.catalogue.models import Variant
from plugins.payments.models import Payment
from plugins.pos import errors, services
from plugins.pos.checks import TenderDraft
from plugins.pos.models import Sale, SaleException
from tests.counter import ADA, GUEST, refused
from tests.inventory.goods import imei
from tests.pos.sales import codes, line, sale

pytestmark = pytest.mark.django_db


def test_a_sale_becomes_a_fulfilled_order_with_its_stock_and_money(till):
    serial = till.counter.serials[0]

    outcome = till.sell(
        line("PHONE", serials=[serial]), line("CASE", 2), line("PLAN"),
        contact=ContactChange(first_name=" Ada ", email="Ada@Example.com", phone="512 555 0100"),
    )  # fmt: skip

    assert (outcome.errors, outcome.exceptions, outcome.replayed) == ([], [], False)
    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.status, order.sales_channel, order.store_id) == ("FULFILLED", "POS", till.counter.store.pk)
    assert (order.subtotal, order.tax, order.total) == (Decimal("573.98"), Decimal("44.47"), Decimal("618.45"))
    assert (order.first_name, order.email, order.phone) == ("Ada", "Ada@example.com", "+15125550100")
    assert [(row.sku, row.quantity, row.tax, row.serials) for row in order.lines.all()] == [
        ("PHONE", 1, Decimal("41.17"), [serial]), ("CASE", 2, Decimal("3.30"), []), ("PLAN", 1, 0, []),
    ]  # fmt: skip
    assert [(event.code, event.params) for event in order.events.all()] == [("SOLD_IN_STORE", {"store": "Store-1"})]
    assert [(paid.method, paid.amount, paid.state) for paid in Payment.objects.filter(reference=order.pk)] == [
        ("CASH", Decimal("618.45"), "CAPTURED")
    ]
    assert (till.counter.on_hand("PHONE"), till.counter.on_hand("CASE")) == (2, 8)


def test_a_sale_told_again_is_answered_with_the_same_order(till):
    draft = till.draft(line("CASE", price="18.00"))
    [first] = till.sync(draft)

    again, third = till.sync(replace(draft, client_id=draft.client_id.upper()), replace(draft, offline=True))

    assert (again.replayed, again.order) == (True, first.order)
    assert (third.replayed, third.order) == (True, first.order)
    told = [(error.code, error.field, error.message) for error in first.exceptions]
    assert told == [(error.code, error.field, error.message) for error in third.exceptions]
    assert Order.objects.count() == Movement.objects.filter(kind="SALE").count() == 1


def test_an_id_told_with_other_contents_is_refused(till):
    draft = till.draft(line("CASE"))
    till.sync(draft)

    [outcome] = till.sync(till.draft(line("CASE", 2), client_id=draft.client_id))

    assert (codes(outcome.errors), outcome.order) == ([IDEMPOTENCY_MISMATCH], None)


def test_one_bad_entry_stops_no_other(till, monkeypatch):
    real, bad = audit.record, till.draft(line("CASE"))

    def failing(**values):
        if values["subject"] == f"sale:{bad.client_id}":
            raise ZeroDivisionError
        real(**values)

    monkeypatch.setattr(audit, "record", failing)
    outcomes = till.sync(
        till.draft(line("CASE")),
        till.draft(line("CASE"), total=Decimal("1.00")),
        till.draft(line("NOTHING")),
        bad,
        till.draft(line("CASE"), shift_id=str(uuid.uuid4())),
        till.draft(line("CASE"), client_id="7"),
        till.draft(line("CASE", -1)),
        till.draft(line("CASE")),
    )

    assert [codes(outcome.errors)[:1] for outcome in outcomes] == [
        [], [errors.TOTAL_MISMATCH], [errors.UNKNOWN_SKU], [NEEDS_ATTENTION], [errors.SHIFT_NOT_FOUND], [INVALID],
        [NOT_AVAILABLE], [],
    ]  # fmt: skip
    assert Order.objects.count() == Sale.objects.count() == 2
    assert till.counter.on_hand("CASE") == 8


def test_another_registers_sale_and_shift_are_refused(till):
    draft = till.draft(line("CASE"))
    [theirs] = till.sync(draft, register="R2")
    till.sync(draft)
    [known] = till.sync(draft, register="R2")

    assert codes(theirs.errors) == [errors.SHIFT_NOT_FOUND]
    assert codes(known.errors) == [errors.WRONG_REGISTER]
    assert known.order is None


def test_what_was_sold_short_is_recorded_for_a_person(till):
    outcome = till.sell(line("CASE", 12), offline=True)

    assert (codes(outcome.exceptions), outcome.exceptions[0].field) == (["INSUFFICIENT_STOCK"], "lines.0.quantity")
    assert outcome.order is not None
    assert till.counter.on_hand("CASE") == -2
    assert SaleException.objects.get().params["available"] == 10
    assert Contradiction.objects.count() == 1


@pytest.mark.parametrize(
    ("serials", "code"),
    [
        ([], "SERIAL_REQUIRED"),
        (["12345"], "SERIAL_INVALID"),
        ([imei()], "SERIAL_UNKNOWN"),
    ],
)
def test_a_doubtful_serial_is_recorded_for_a_person(till, serials, code):
    outcome = till.sell(line("PHONE", serials=serials))

    assert code in codes(outcome.exceptions)
    assert outcome.exceptions[0].field == "lines.0.serials"
    assert outcome.order.lines.get().serials == serials


def test_a_serial_sold_twice_is_noticed(till):
    serial = till.counter.serials[0]
    till.sell(line("PHONE", serials=[serial]))

    outcome = till.sell(line("PHONE", serials=[serial]))

    assert codes(outcome.exceptions) == ["SERIAL_NOT_IN_STOCK"]


def test_a_price_of_yesterday_and_a_wrong_clock_are_noticed(till):
    outcome = till.sell(
        line("CASE", price="17.00"), occurred_at=till.counter.clock.now().replace(year=2027), offline=True
    )

    assert codes(outcome.exceptions) == [errors.CLOCK_SKEW, errors.PRICE_DIFFERS]
    assert outcome.order.created_at == till.counter.clock.now()
    assert Sale.objects.get().occurred_at.year == 2027


def test_an_article_taken_off_the_shelf_is_still_recorded(till):
    Variant.objects.filter(sku="CASE").update(is_active=False)

    outcome = till.sell(line("CASE"), offline=True)

    assert codes(outcome.exceptions) == [errors.NOT_SOLD]
    assert outcome.order.lines.get().name == "Case"


def test_a_contact_mistyped_offline_does_not_lose_the_sale(till):
    outcome = till.sell(line("CASE"), contact=ContactChange(first_name="Ada", email="ada@", phone="1"))

    assert codes(outcome.exceptions) == ["INVALID_EMAIL", "INVALID_PHONE"]
    assert (outcome.order.first_name, outcome.order.email) == ("Ada", "")


def test_a_discount_that_does_not_divide_is_spread_to_the_cent(till):
    outcome = till.sell(line("CASE", 3, discount="1.00"), role="manager")

    rows = list(outcome.order.lines.all())
    assert sorted((row.unit_price, row.quantity) for row in rows) == [(Decimal("19.65"), 1), (Decimal("19.66"), 2)]
    assert sum(row.total for row in rows) == outcome.order.subtotal == Decimal("58.97")
    assert sum(row.tax for row in rows) == outcome.order.tax


def test_several_tenders_are_several_payments(till):
    tenders = (TenderDraft("CASH", Decimal("1.64")), TenderDraft("CARD", Decimal("20.00"), "slip 7"))

    outcome = till.sell(line("CASE"), tenders=tenders)

    paid = Payment.objects.filter(reference=outcome.order.pk).values_list("method", "amount", "provider_reference")
    assert ("CARD", Decimal("20.00"), "slip 7") in paid
    assert len(paid) == 2


def test_a_gift_of_nothing_needs_no_money(till):
    outcome = till.sell(line("CASE", price="0"), role="manager")

    assert outcome.order.total == 0
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("caller", "code"), [(GUEST, UNAUTHENTICATED), (ADA, PERMISSION_DENIED)])
def test_only_staff_at_a_register_syncs(till, caller, code):
    assert refused(services.sync, caller=caller, sales=[till.draft()]).code == code
    nowhere = replace(till.counter.staff(), register_id=None)
    assert refused(services.sync, caller=nowhere, sales=[till.draft()]).code == PERMISSION_DENIED
    powerless = replace(till.counter.staff(), permissions=frozenset({"pos.shift"}))
    assert refused(services.sync, caller=powerless, sales=[till.draft()]).code == PERMISSION_DENIED
    assert not Sale.objects.exists()


def test_at_most_a_hundred_sales_a_call(till):
    drafts = [till.draft()] * 101

    refusal = refused(services.sync, caller=till.counter.staff(), sales=drafts)

    assert (refusal.code, refusal.field) == (LIMIT_EXCEEDED, "sales")
    assert not Sale.objects.exists()
    assert [outcome.errors for outcome in till.sync(*drafts[:100])] == [[]] * 100
    assert Sale.objects.count() == 1


def test_an_exception_is_settled_once_with_a_note(till):
    till.sell(line("CASE", price="18.00"))
    row = SaleException.objects.get()

    refusal = refused(services.settle_exception, exception_id=row.pk, note="  ", actor="admin:1")
    settled = services.settle_exception(exception_id=row.pk, note="agreed by phone", actor="admin:1")
    services.settle_exception(exception_id=row.pk, note="again", actor="admin:2")

    row.refresh_from_db()
    assert refusal.field == "note"
    assert (row.settled_by, row.note, row.settled_at) == ("admin:1", "agreed by phone", settled.settled_at)


def test_the_sale_is_told_to_the_outbox_with_its_record(till):
    outcome = till.sell(line("CASE"))
    till.sell(line("CASE"), total=Decimal(1))

    assert outbox.pending() >= 1
    assert Sale.objects.get().order == outcome.order


def test_sales_of_other_shifts_of_the_register_are_taken_too(till):
    first = till.draft(line("CASE"))
    till.close("100")
    till.shift = till.open().shift

    late, [now] = till.sync(first), till.sync(sale(line("CASE"), shift=till.shift))

    assert codes(late[0].exceptions) == [errors.SHIFT_CLOSED]
    assert now.exceptions == []
