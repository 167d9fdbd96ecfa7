"""Signing in at a register."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import identify_hasher

from inventory import services as inventory
from kernel import clock
from kernel.errors import TOO_MANY_ATTEMPTS, ApiError
from kernel.models import AuditEntry
from plugins.staff import errors, pins, services, tokens
from plugins.staff.models import PinAttempts, StaffMember

pytestmark = pytest.mark.django_db

PIN = "246810"


@pytest.fixture
def at():
    with clock.use_clock(clock.FrozenClock(dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC))) as frozen:
        yield frozen


def make_store(code: str = "DTX1"):
    return inventory.upsert_store(
        code=code,
        name=f"Store {code}",
        street_address="1 Main Street",
        city="Dallas",
        postal_code="75201",
        country_area="TX",
        country="US",
        latitude=32.78,
        longitude=-96.8,
        timezone="America/Chicago",
        hours=[],
    )


@pytest.fixture
def register_token(db):
    return services.upsert_register(register_id="register-1", store_id=make_store().pk, code="1")


@pytest.fixture
def clerk(db):
    return services.upsert_staff(code="1001", name="Sam", role="clerk", pin=PIN)


def sign_in(token, code="1001", pin=PIN):
    return services.sign_in(register_token=token, staff_code=code, pin=pin)


def refusal(*args, **kwargs):
    with pytest.raises(ApiError) as caught:
        sign_in(*args, **kwargs)
    return caught.value


def test_right_pin_opens_a_session_of_twelve_hours(at, register_token, clerk):
    session = sign_in(register_token)

    assert (session.expires_at - at.now()).total_seconds() == 12 * 3600
    assert session.caller.scope == f"staff:{clerk.pk}"
    assert session.caller.register_id == "register-1"
    assert "pos.sell" in session.caller.permissions
    assert "pos.override" not in session.caller.permissions
    assert tokens.read(session.token) == session.caller
    at.advance(hours=12)
    assert tokens.read(session.token) is None


def test_a_manager_may_override(register_token):
    services.upsert_staff(code="2001", name="Kim", role="manager", pin="135790")

    session = sign_in(register_token, "2001", "135790")

    assert {"pos.override", "stock.adjust", "audit.view", "pos.sell"} <= session.caller.permissions


def test_unknown_code_and_wrong_pin_answer_alike_and_hash_alike(register_token, clerk, monkeypatch):
    hashed = []
    real = services.check_password
    monkeypatch.setattr(services, "check_password", lambda pin, encoded: hashed.append(encoded) or real(pin, encoded))

    wrong = refusal(register_token, pin="999999")
    unknown = refusal(register_token, code="7777")

    assert (wrong.code, wrong.message) == (unknown.code, unknown.message)
    assert wrong.code == errors.SIGN_IN_REFUSED
    assert [identify_hasher(encoded).algorithm for encoded in hashed] == ["argon2", "argon2"]


@pytest.mark.parametrize("code", ["1001", "7777"])
def test_five_wrong_pins_lock_the_code_for_fifteen_minutes(at, register_token, clerk, code):
    for _attempt in range(5):
        assert refusal(register_token, code, "999999").code == errors.SIGN_IN_REFUSED

    assert refusal(register_token, code).code == TOO_MANY_ATTEMPTS
    at.advance(minutes=14)
    assert refusal(register_token, code).code == TOO_MANY_ATTEMPTS
    at.advance(minutes=1)
    if code == "1001":
        assert sign_in(register_token)


def test_a_right_pin_forgets_the_wrong_ones(register_token, clerk):
    for _round in range(2):
        for _attempt in range(4):
            refusal(register_token, pin="999999")
        sign_in(register_token)

    assert PinAttempts.objects.count() == 0


def test_attempts_are_audited_without_the_pin(register_token, clerk):
    refusal(register_token, pin="987654")
    sign_in(register_token)

    entries = AuditEntry.objects.filter(action__startswith="staff.sign").order_by("pk")
    assert [entry.action for entry in entries] == ["staff.sign_in_refused", "staff.signed_in"]
    assert "987654" not in str([entry.detail for entry in entries])


def test_an_unknown_register_is_refused(register_token, clerk):
    assert refusal("nonsense").code == errors.REGISTER_UNKNOWN


def test_staff_of_another_store_is_refused(register_token):
    other = make_store("HTX1")
    services.upsert_staff(code="3001", name="Lee", role="clerk", pin="112358", store_ids=[other.pk])

    assert refusal(register_token, "3001", "112358").code == errors.NOT_OF_THIS_STORE


def test_a_new_pin_or_leaving_ends_sessions(register_token, clerk):
    before = sign_in(register_token)
    services.set_pin(member=clerk, pin="864209", actor="test")
    after = sign_in(register_token, pin="864209")

    assert tokens.read(before.token) is None
    assert tokens.read(after.token) is not None
    StaffMember.objects.update(is_active=False)
    assert tokens.read(after.token) is None
    assert refusal(register_token, pin="864209").code == errors.SIGN_IN_REFUSED


def test_demonstration_staff_is_refused_when_debug_is_off(settings, register_token):
    settings.DEBUG = True
    services.upsert_staff(code="1002", name="Demo", role="clerk", pin="135791", is_demo=True)
    session = sign_in(register_token, "1002", "135791")

    settings.DEBUG = False

    assert tokens.read(session.token) is None
    assert refusal(register_token, "1002", "135791").code == errors.SIGN_IN_REFUSED


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_not_our_token_is_nobody(token):
    assert tokens.read(token) is None


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "987654", "24681a", "２４６８１０", "1" * 33, ""])
def test_weak_pins_are_refused(pin):
    assert not pins.is_acceptable(pin)
    with pytest.raises(ApiError) as caught:
        services.upsert_staff(code="9", name="Nobody", role="clerk", pin=pin)
    assert caught.value.code == errors.PIN_TOO_WEAK
    assert StaffMember.objects.count() == 0


def test_saving_the_same_staff_again_keeps_the_hash(clerk):
    again = services.upsert_staff(code="1001", name="Samantha", role="manager", pin=PIN)

    assert again.pk == clerk.pk
    assert again.pin_hash == clerk.pin_hash
    assert (again.name, again.role) == ("Samantha", "manager")
