"""Real threads on the real database: a sale is recorded once, and a shift is closed over every sale it holds."""

import os
import uuid
from decimal import Decimal

import pytest

from inventory import proof
from kernel.errors import ApiError
from plugins.carts.models import Order
from plugins.payments.models import Payment
from plugins.pos.checks import TenderDraft
from plugins.pos.models import Sale, Shift
from tests.kernel.threads import Running
from tests.pos.sales import line, sale

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 50 if os.environ.get("SOAK") else 2
CLIENTS = 6


def together(calls):
    """Run all calls at once; returns what each returned, or the code of its refusal."""

    def guarded(call):
        try:
            return call()
        except ApiError as refusal:
            return refusal.code

    return [worker.result() for worker in [Running(lambda call=call: guarded(call)) for call in calls]]


def test_the_same_sale_told_by_many_at_once_is_recorded_once(till):
    for _round in range(ROUNDS):
        draft = till.draft(line("CASE"), line("PLAN"))

        outcomes = [result[0] for result in together([lambda draft=draft: till.sync(draft)] * CLIENTS)]

        assert [outcome.errors for outcome in outcomes] == [[]] * CLIENTS
        assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * (CLIENTS - 1)
        assert len({outcome.order.pk for outcome in outcomes}) == 1
    assert Sale.objects.count() == Order.objects.count() == ROUNDS
    assert till.counter.on_hand("CASE") == 10 - ROUNDS
    assert proof.differences() == []


def test_different_sales_of_the_last_pieces_are_all_recorded(till):
    drafts = [till.draft(line("CASE", 3)) for _n in range(CLIENTS)]

    outcomes = [result[0] for result in together([lambda draft=draft: till.sync(draft) for draft in drafts])]

    assert [outcome.errors for outcome in outcomes] == [[]] * CLIENTS
    assert sum(bool(outcome.exceptions) for outcome in outcomes) == 3
    assert till.counter.on_hand("CASE") == 10 - 3 * CLIENTS
    assert proof.differences() == []


def test_a_sale_is_counted_by_the_closing_or_told_as_late(till):
    for _round in range(ROUNDS):
        draft = till.draft(line("CASE", price="10.00"))
        calls = [lambda draft=draft: till.sync(draft), lambda: till.close("0", reason="race")]

        sold, _closed = together(calls)

        shift = Shift.objects.get(pk=till.shift.pk)
        late = bool([error for error in sold[0].exceptions if error.code == "SHIFT_CLOSED"])
        assert shift.expected_cash == (Decimal("100.00") if late else Decimal("110.83"))
        till.shift = till.open().shift


def test_one_of_many_openings_wins(closed_till):
    outcomes = together([closed_till.open] * CLIENTS)

    assert outcomes.count("SHIFT_ALREADY_OPEN") == CLIENTS - 1
    assert Shift.objects.count() == 1


def test_an_order_is_paid_once_by_two_registers(till):
    order = till.counter.order(("CASE", 1))
    second = till.open(register="R2").shift

    def pay(register, shift):
        amount = Decimal("21.64")
        draft = sale(
            shift=shift, order_id=order.pk, total=amount, tax_total=Decimal(0), tenders=(TenderDraft("CASH", amount),),
            client_id=str(uuid.uuid4()),
        )  # fmt: skip
        return till.sync(draft, register=register)[0]

    outcomes = together([lambda: pay("R1", till.shift), lambda: pay("R2", second)])

    assert sorted(len(outcome.errors) for outcome in outcomes) == [0, 1]
    assert [paid.state for paid in Payment.objects.filter(reference=order.pk)] == ["CAPTURED"]
