"""Errors, clock, identifiers, identity."""

import datetime as dt
import re

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kernel import clock, ids
from kernel.errors import INVALID, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED, ApiError, Errors, raise_all
from kernel.identity import GUEST, Caller


def test_an_error_tells_code_message_field_and_params() -> None:
    error = ApiError("X_Y", "Only %(available)s left", field="lines.0.quantity", params={"available": 3})

    assert (error.code, error.message, error.field) == ("X_Y", "Only 3 left", "lines.0.quantity")
    assert error.extensions == {"code": "X_Y", "field": "lines.0.quantity"}


def test_a_percent_sign_in_a_message_is_left_alone() -> None:
    assert ApiError(INVALID, "8.25 % tax", params={"a": 1}).message == "8.25 % tax"


def test_a_message_is_rendered_in_the_language_that_reads_it() -> None:
    error = ApiError(INVALID, _("Yes"))

    with override("zh-hans"):
        assert error.message == "是"
    with override("en"):
        assert error.message == "Yes"


def test_a_subclass_sets_its_code() -> None:
    class NoSuchStore(ApiError):
        default_code = NOT_FOUND

    assert NoSuchStore(message="gone").code == NOT_FOUND


def test_collected_errors_are_raised_alone_or_together() -> None:
    one, two = ApiError("A", "a"), ApiError("B", "b")

    raise_all([])
    with pytest.raises(ApiError) as alone:
        raise_all([one])
    with pytest.raises(Errors) as together:
        raise_all([one, two])
    assert alone.value is one
    assert together.value.errors == [one, two]


def test_a_frozen_clock_moves_only_when_told() -> None:
    frozen = clock.FrozenClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    with clock.use_clock(frozen):
        before = clock.now()
        frozen.advance(seconds=90)
        assert clock.now() - before == dt.timedelta(seconds=90)
    assert clock.now().tzinfo is dt.UTC
    assert clock.now() > frozen.now()


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.FrozenClock(dt.datetime(2026, 1, 1))


def test_a_capability_has_at_least_128_bits_and_is_safe_in_a_url() -> None:
    made = {ids.capability() for _ in range(100)}

    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", each) for each in made)


def test_an_order_number_is_a_day_and_random_characters(frozen: clock.FrozenClock) -> None:
    assert re.fullmatch(r"O260331-[0-9A-HJKMNP-TV-Z]{8}", ids.order_number())


def test_permissions() -> None:
    clerk = Caller(kind="staff", id="17", permissions=frozenset({"pos.sell"}))

    clerk.require("pos.sell")
    assert clerk.scope == "staff:17"
    with pytest.raises(ApiError) as denied:
        clerk.require("pos.override")
    with pytest.raises(ApiError) as unknown:
        GUEST.require("pos.sell")
    assert denied.value.code == PERMISSION_DENIED
    assert unknown.value.code == UNAUTHENTICATED
