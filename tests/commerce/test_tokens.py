"""Shoppers' tokens: only the core's own, unexpired access tokens are believed."""

import time
from datetime import timedelta

import jwt
import pytest

from commerce import jwks, transport
from commerce.errors import CoreUnavailable
from commerce.tokens import read_shopper
from kernel import clock
from tests.commerce.fake_core import FakeCore


def test_an_access_token_is_read(fake_core: FakeCore) -> None:
    shopper = read_shopper(fake_core.token())
    assert shopper is not None
    assert (shopper.user_id, shopper.email, shopper.is_staff) == ("VXNlcjox", "ada@example.com", False)
    read_shopper(fake_core.token())
    assert fake_core.keys_read == 1


def test_it_ends_by_the_suite_s_clock(fake_core: FakeCore) -> None:
    token = fake_core.token()
    with clock.use_clock(clock.FrozenClock(clock.now() + timedelta(hours=1))):
        assert read_shopper(token) is None


def test_what_is_not_believed(fake_core: FakeCore) -> None:
    good = fake_core.token()
    head, body, signature = good.split(".")
    stranger = FakeCore()  # same key id, another key
    stranger._private = {}
    stranger._server.server_close()
    forged = jwt.encode({"exp": time.time() + 99, "type": "access"}, "s" * 32, algorithm="HS256")
    for token in (
        fake_core.token(exp=int(time.time()) - 1),
        fake_core.token(exp=None),
        fake_core.token(type="refresh"),
        fake_core.token(user_id=None),
        f"{head}.{body}x.{signature}",
        f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        stranger.token(),
        jwt.encode({"type": "access"}, None, algorithm="none"),
        forged,
        "",
        "not a token",
        "a.b.c",
    ):
        assert read_shopper(token) is None, token


def test_other_kinds_of_token_cause_no_call(fake_core: FakeCore) -> None:
    assert read_shopper(jwt.encode({"sub": "staff"}, "s" * 32, algorithm="HS256")) is None
    assert fake_core.keys_read == 0


def test_new_keys_are_read_but_not_at_anybody_s_command(fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_shopper(fake_core.token()) is not None
    fake_core.kid = "2"
    new = fake_core.token()
    for _attempt in range(5):
        assert read_shopper(new) is None  # within ten seconds of the last reading
    assert fake_core.keys_read == 1
    monkeypatch.setattr(jwks, "REFETCH_SECONDS", 0.0)
    assert read_shopper(new) is not None
    assert fake_core.keys_read == 2


def test_without_keys_nobody_is_judged(fake_core: FakeCore) -> None:
    fake_core.keys_status = 500
    with pytest.raises(CoreUnavailable, match="keys"):
        read_shopper(fake_core.token())
    fake_core.keys_status = 200
    assert read_shopper(fake_core.token()) is not None


def test_a_core_that_is_away_is_not_asked_by_everybody(fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwks, "FAILED_SECONDS", 60.0)
    fake_core.keys_status = 500
    for _attempt in range(5):
        with pytest.raises(CoreUnavailable):
            read_shopper(fake_core.token())
    assert fake_core.keys_read == transport.ATTEMPTS


def test_known_keys_outlive_a_core_that_is_away(fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_shopper(fake_core.token()) is not None
    monkeypatch.setattr(jwks, "KEEP_SECONDS", 0.0)
    fake_core.keys_status = 500
    assert read_shopper(fake_core.token()) is not None
    assert fake_core.keys_read > 1
