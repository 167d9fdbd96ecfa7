"""Opening and closing a shift: once, by who may, with the cash that should be there."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, NOT_AVAILABLE, PERMISSION_DENIED, REQUIRED, UNAUTHENTICATED
from kernel.models import AuditEntry
from plugins.catalogue.models import Channel
from plugins.pos import errors, selectors
from plugins.pos.checks import TenderDraft
from plugins.pos.models import Shift
from tests.counter import ADA, GUEST, refused
from tests.pos.sales import codes, line

pytestmark = pytest.mark.django_db


def test_a_shift_is_opened_once_however_often_it_is_told(closed_till):
    key = str(uuid.uuid4())

    first = closed_till.open(client_id=key)
    again = closed_till.open(client_id=key.upper())

    assert (first.replayed, again.replayed) == (False, True)
    assert first.shift == again.shift == selectors.open_shift("register-R1")
    assert (first.shift.currency, first.shift.opening_float) == ("USD", Decimal("100.00"))
    assert AuditEntry.objects.filter(action="pos.shift_opened").count() == 1


def test_an_id_told_with_another_float_is_refused(closed_till):
    key = str(uuid.uuid4())
    closed_till.open(client_id=key)

    refusal = refused(closed_till.open, client_id=key, opening_float=Decimal("90.00"))

    assert (refusal.code, refusal.field) == (IDEMPOTENCY_MISMATCH, "clientId")


def test_a_register_has_one_open_shift(till):
    assert refused(till.open).code == errors.SHIFT_ALREADY_OPEN
    assert till.open(register="R2").shift.register_id == "register-R2"
    shift = till.shift
    shift.pk, shift.client_id = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        shift.save(force_insert=True)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"client_id": "7"}, INVALID, "clientId"),
        ({"opening_float": Decimal("-0.01")}, errors.INVALID_AMOUNT, "openingFloat"),
        ({"opening_float": Decimal("0.001")}, errors.INVALID_AMOUNT, "openingFloat"),
        ({"opening_float": Decimal("1e9")}, errors.INVALID_AMOUNT, "openingFloat"),
        ({"register_id": "register-R2"}, PERMISSION_DENIED, "registerId"),
        ({"store_id": "elsewhere"}, PERMISSION_DENIED, "registerId"),
        ({"occurred_at": clock.SystemClock().now().replace(tzinfo=None)}, INVALID, "occurredAt"),
    ],
)
def test_a_malformed_opening_changes_nothing(closed_till, values, code, field):
    refusal = refused(closed_till.open, **values)

    assert (refusal.code, refusal.field) == (code, field)
    assert not Shift.objects.exists()


@pytest.mark.parametrize(("caller", "code"), [(GUEST, UNAUTHENTICATED), (ADA, PERMISSION_DENIED)])
def test_only_staff_opens_and_closes(till, caller, code):
    assert refused(till.open, caller=caller, store_id="x", register_id="y").code == code
    assert refused(till.close, "100", caller=caller).code == code
    assert Shift.objects.get().closed_at is None


def test_a_store_without_a_channel_cannot_sell(closed_till):
    closed_till.counter.channel.country, closed_till.counter.channel.warehouse_ids = "CN", []
    closed_till.counter.channel.save()

    assert refused(closed_till.open).code == NOT_AVAILABLE


def test_a_register_sells_in_the_channel_of_its_warehouse(closed_till):
    own, store = closed_till.counter.channel, closed_till.counter.store
    Channel.objects.create(slug="aaa", name="AAA", currency="CAD", country=store.country, warehouse_ids=["elsewhere"])
    Channel.objects.filter(pk=own.pk).update(warehouse_ids=[store.core_warehouse_id])

    assert closed_till.open().shift.currency == own.currency
    assert selectors.channel_of(store) == own


def test_closing_expects_the_float_and_the_cash_but_not_the_cards(till):
    till.sell(line("CASE"))
    till.sell(line("PLAN"), tenders=(TenderDraft("CARD", Decimal("35.00"), "slip 7"),))

    outcome = till.close("121.64")

    assert (outcome.shift.expected_cash, outcome.shift.difference) == (Decimal("121.64"), 0)
    assert selectors.open_shift("register-R1") is None


def test_a_difference_needs_a_reason(till):
    refusal = refused(till.close, "99.99")
    assert (refusal.code, refusal.field) == (REQUIRED, "reason")
    assert "100.00" in refusal.message
    assert Shift.objects.get().closed_at is None

    outcome = till.close("99.99", reason=" a cent on the floor ")

    assert (outcome.shift.difference, outcome.shift.reason) == (Decimal("-0.01"), "a cent on the floor")


def test_closing_told_again_is_the_same_and_otherwise_refused(till):
    key, at = str(uuid.uuid4()), clock.now()
    first = till.close("100", client_id=key, occurred_at=at)

    again = till.close("100.00", client_id=key, occurred_at=at)

    assert (first.replayed, again.replayed) == (False, True)
    assert again.shift.closed_at == first.shift.closed_at
    assert refused(till.close, "101", client_id=key, occurred_at=at, reason="x").code == IDEMPOTENCY_MISMATCH
    assert refused(till.close, "100").code == errors.SHIFT_CLOSED


def test_another_registers_shift_is_not_found(till):
    other = till.counter.staff("clerk", "R2")

    assert refused(till.close, "100", caller=other).code == errors.SHIFT_NOT_FOUND
    assert refused(till.close, "100", shift_id=str(uuid.uuid4())).code == errors.SHIFT_NOT_FOUND
    assert refused(till.close, "100", shift_id="nonsense").code == INVALID


def test_a_closing_id_names_one_closing(till):
    key = str(uuid.uuid4())
    till.close("100", client_id=key)
    till.shift = till.open().shift

    assert refused(till.close, "100", client_id=key).code == IDEMPOTENCY_MISMATCH


def test_a_sale_after_the_closing_is_recorded_and_not_expected(till):
    till.close("100")

    outcome = till.sell(line("CASE"), offline=True)

    assert outcome.order is not None
    assert codes(outcome.exceptions) == [errors.SHIFT_CLOSED]
    assert "21.64" in outcome.exceptions[0].message
    assert Shift.objects.get().expected_cash == 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paid=st.lists(
        st.tuples(st.sampled_from(["CASH", "CARD"]), st.decimals("0.01", "500", places=2)), min_size=1, max_size=6
    ),
    counted=st.decimals("0", "5000", places=2),
)
def test_expected_cash_is_the_float_and_every_cash_tender(till, paid, counted):
    with transaction.atomic():
        for method, amount in paid:
            tender = TenderDraft(method, amount, "slip" if method == "CARD" else "")
            sold = line("PLAN", price=str(amount))
            [outcome] = till.sync(till.draft(sold, tenders=(tender,)))
            assert outcome.errors == []
        shift = till.close(counted, reason="counted").shift
        transaction.set_rollback(True)

    assert shift.expected_cash == 100 + sum(amount for method, amount in paid if method == "CASH")
    assert shift.difference == counted - shift.expected_cash
