"""What store staff do with stock is done once, by who may, where they are signed in."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from inventory import services as inventory
from kernel import clock
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, PERMISSION_DENIED, UNAUTHENTICATED, ApiError
from kernel.models import AuditEntry
from plugins.staff import permissions
from plugins.staff.permissions import CLERK, MANAGER, STOCK_AUTHORISE, STOCK_RECEIVE, permissions_of
from plugins.store_operations.acts import perform
from plugins.store_operations.errors import CLOCK_SKEW
from plugins.store_operations.models import StoreAct
from tests.counter import ADA, GUEST, MONDAY, refused

pytestmark = pytest.mark.django_db
ALL = {value for name, value in vars(permissions).items() if name.startswith("STOCK_")}


def receive(counter, *, caller=None, quantity=5, **values):
    """Receive cases, as a topic's service would; `values` take the place of what the device tells."""

    def act(told):
        movement = inventory.receive(
            store_id=told.store_id, sku="CASE", quantity=quantity, source_key=f"act:{told.key}", actor=told.actor
        )
        return {"movement": movement.pk}

    told = {
        "permission": STOCK_RECEIVE,
        "kind": "receive",
        "client_id": str(uuid.uuid4()),
        "occurred_at": MONDAY,
        "store_id": counter.store.pk,
        "facts": {"sku": "CASE", "quantity": quantity},
        "act": act,
    }
    return perform(caller=caller or counter.staff(), **(told | values))


def nothing_happened(counter):
    return (
        counter.on_hand("CASE") == 10
        and not StoreAct.objects.exists()
        and not AuditEntry.objects.filter(action="stock.receive").exists()
    )


def test_an_act_told_again_answers_the_same_and_is_done_once(counter):
    key = str(uuid.uuid4())

    first = receive(counter, client_id=key)
    again = receive(counter, client_id=key.upper(), caller=counter.staff("manager"))

    assert (first.replayed, again.replayed) == (False, True)
    assert first.outcome == again.outcome
    assert counter.on_hand("CASE") == 15
    act = StoreAct.objects.get()
    assert (act.kind, act.store, act.actor, act.occurred_at) == (
        "receive",
        counter.store,
        counter.staff().scope,
        MONDAY,
    )
    assert AuditEntry.objects.get(action="stock.receive").subject == f"act:{key}"


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": 6},
        {"kind": "adjust"},
        {"facts": {"sku": "CASE"}},
        {"occurred_at": MONDAY - dt.timedelta(seconds=1)},
    ],
)
def test_an_id_told_with_other_contents_is_refused(counter, other):
    key = str(uuid.uuid4())
    receive(counter, client_id=key)

    refusal = refused(receive, counter, client_id=key, **other)

    assert (refusal.code, refusal.field) == (IDEMPOTENCY_MISMATCH, "clientId")
    assert (counter.on_hand("CASE"), StoreAct.objects.count()) == (15, 1)


def test_an_id_of_another_store_is_refused(counter):
    key = str(uuid.uuid4())
    receive(counter, client_id=key)

    elsewhere = counter.staff(register="R9")
    refusal = refused(receive, counter, client_id=key, caller=elsewhere, store_id=counter.other.pk)

    assert refusal.code == IDEMPOTENCY_MISMATCH
    assert StoreAct.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"client_id": "7"}, INVALID, "clientId"),
        ({"occurred_at": MONDAY.replace(tzinfo=None)}, INVALID, "occurredAt"),
        ({"occurred_at": MONDAY + dt.timedelta(minutes=5, seconds=1)}, CLOCK_SKEW, "occurredAt"),
        ({"store_id": "elsewhere"}, PERMISSION_DENIED, "storeId"),
        ({"quantity": 0}, "INVALID_QUANTITY", None),
    ],
)
def test_a_refused_act_changes_nothing_and_can_be_told_anew(counter, values, code, field):
    key = str(uuid.uuid4())

    refusal = refused(receive, counter, **({"client_id": key} | values))

    assert (refusal.code, refusal.field) == (code, field)
    assert nothing_happened(counter)
    assert not receive(counter, client_id=key).replayed


@pytest.mark.parametrize("late", [dt.timedelta(0), dt.timedelta(hours=1), dt.timedelta(days=400)])
def test_a_clock_that_is_behind_or_went_back_is_accepted(counter, late):
    receive(counter, occurred_at=MONDAY + dt.timedelta(minutes=5))

    receive(counter, occurred_at=MONDAY - late)

    assert counter.on_hand("CASE") == 20


def test_an_act_told_again_is_known_though_our_own_clock_went_back(counter):
    key = str(uuid.uuid4())
    first = receive(counter, client_id=key)

    with clock.use_clock(clock.FrozenClock(MONDAY - dt.timedelta(hours=2))):
        again = receive(counter, client_id=key)
        new = refused(receive, counter, client_id=str(uuid.uuid4()))

    assert (again.replayed, again.outcome) == (True, first.outcome)
    assert (new.code, counter.on_hand("CASE")) == (CLOCK_SKEW, 15)


def test_a_clock_ahead_is_accepted_once_the_time_has_come(counter):
    key, ahead = str(uuid.uuid4()), MONDAY + dt.timedelta(hours=1)
    assert refused(receive, counter, client_id=key, occurred_at=ahead).code == CLOCK_SKEW

    with clock.use_clock(clock.FrozenClock(ahead)):
        receive(counter, client_id=key, occurred_at=ahead)

    assert counter.on_hand("CASE") == 15


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (lambda counter: GUEST, UNAUTHENTICATED),
        (lambda counter: ADA, PERMISSION_DENIED),
        (lambda counter: replace(counter.staff(), permissions=frozenset({"pos.sell"})), PERMISSION_DENIED),
        (lambda counter: replace(counter.staff(), register_id=None), PERMISSION_DENIED),
        (lambda counter: counter.staff(register="R9"), PERMISSION_DENIED),
    ],
)
def test_who_may_not_changes_nothing(counter, caller, code):
    assert refused(receive, counter, caller=caller(counter)).code == code

    assert nothing_happened(counter)


def test_a_repeat_takes_the_permission_too(counter):
    key = str(uuid.uuid4())
    receive(counter, client_id=key)

    assert refused(receive, counter, client_id=key, caller=ADA).code == PERMISSION_DENIED


def test_what_the_act_refuses_takes_its_record_along(counter):
    def act(told):
        inventory.receive(store_id=told.store_id, sku="CASE", quantity=1, source_key=f"act:{told.key}", actor="x")
        raise ApiError("INVALID", "No.")

    assert refused(receive, counter, act=act).message == "No."

    assert nothing_happened(counter)


def test_an_act_is_never_changed(counter):
    receive(counter)

    for change in (lambda: StoreAct.objects.update(kind="x"), lambda: StoreAct.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_clerks_do_and_managers_decide():
    decisions = {STOCK_AUTHORISE, "stock.return_vendor", "stock.resolve"}

    assert permissions_of(CLERK) & ALL == ALL - decisions
    assert permissions_of(MANAGER) >= ALL
