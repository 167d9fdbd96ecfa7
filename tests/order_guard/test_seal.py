"""The seal and the guard's rule, as they are on both sides."""

import base64
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.order_guard import seal, verdict
from plugins.order_guard.seal import SealedCheckout, SealedLine, SealError

SECRET = "a secret of a merchant"
NOW = 1_800_000_000.0
CHECKOUT = SealedCheckout(
    checkout="0c6e7b52-3d0b-4f0e-9a51-5f1f3a1f0001",
    channel="us",
    lines=(SealedLine("7", 1, Decimal("7.00")), SealedLine("7", 2), SealedLine("9", 1, Decimal(0))),
    point="5f1f3a1f-0000-4000-8000-000000000001",
)


def sealed(what: SealedCheckout = CHECKOUT) -> str:
    return seal.make(SECRET, what, now=NOW)


def test_a_seal_holds_for_what_it_was_made_for() -> None:
    seal.verify(SECRET, sealed(), CHECKOUT, now=NOW)
    same = replace(
        CHECKOUT,
        checkout=CHECKOUT.checkout.upper(),
        lines=(SealedLine("9", 1, Decimal("0.000")), SealedLine("7", 1, Decimal("7.000")), SealedLine("7", 2)),
    )
    seal.verify(SECRET, sealed(), same, now=NOW + seal.LIFETIME_SECONDS)


@pytest.mark.parametrize(
    "other",
    [
        replace(CHECKOUT, checkout="0c6e7b52-3d0b-4f0e-9a51-5f1f3a1f0002"),
        replace(CHECKOUT, channel="cn"),
        replace(CHECKOUT, point=""),
        replace(CHECKOUT, lines=CHECKOUT.lines[:2]),
        replace(CHECKOUT, lines=(*CHECKOUT.lines, SealedLine("11", 1))),
        replace(CHECKOUT, lines=(SealedLine("7", 2, Decimal("7.00")), *CHECKOUT.lines[1:])),
        replace(CHECKOUT, lines=(SealedLine("7", 1, Decimal("6.99")), *CHECKOUT.lines[1:])),
        replace(CHECKOUT, lines=(*CHECKOUT.lines[:2], SealedLine("9", 1))),
    ],
    ids=["checkout", "channel", "point", "line gone", "line more", "quantity", "price", "no override"],
)
def test_a_seal_holds_for_nothing_else(other: SealedCheckout) -> None:
    with pytest.raises(SealError, match="something else"):
        seal.verify(SECRET, sealed(), other, now=NOW)


def test_a_seal_of_another_secret_or_time() -> None:
    with pytest.raises(SealError, match="something else"):
        seal.verify("another secret of theirs", sealed(), CHECKOUT, now=NOW)
    with pytest.raises(SealError, match="something else"):
        seal.verify("", sealed(), CHECKOUT, now=NOW)
    with pytest.raises(SealError, match="expired"):
        seal.verify(SECRET, sealed(), CHECKOUT, now=NOW + seal.LIFETIME_SECONDS + 1)
    version, expires, rules, digest = sealed().split(".")
    with pytest.raises(SealError, match="something else"):
        seal.verify(SECRET, f"{version}.{int(expires) + 60}.{rules}.{digest}", CHECKOUT, now=NOW)
    with pytest.raises(SealError, match="something else"):
        seal.verify(SECRET, f"{version}.{expires}.2.{digest}", CHECKOUT, now=NOW)


@given(st.text())
def test_whatever_stands_there_is_no_seal(text: str) -> None:
    with pytest.raises(SealError):
        seal.verify(SECRET, text, CHECKOUT, now=NOW)


def test_a_short_secret_seals_nothing() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        seal.make("short", CHECKOUT, now=NOW)


def test_keys_of_global_ids() -> None:
    assert seal.bare(base64.b64encode(b"ProductVariant:7").decode()) == "7"
    for wrong in ("", "7", "!", base64.b64encode(b"ProductVariant").decode(), base64.b64encode(b"V:").decode()):
        with pytest.raises(ValueError, match="not a global id"):
            seal.bare(wrong)


def asked(settings: verdict.Settings, written: str | None, kinds: set[str]) -> str | None:
    return verdict.objection(settings, CHECKOUT, written, kinds, now=NOW)


def test_what_the_guard_decides() -> None:
    strict = verdict.Settings(SECRET, kinds=verdict.kinds_of("DEVICE, plan"))
    lenient = replace(strict, refuse_unsealed=False)
    assert asked(strict, sealed(), {"DEVICE"}) is None
    assert asked(strict, None, {"DEVICE"}) == verdict.UNSEALED
    assert asked(strict, None, {"", "Plan"}) == verdict.UNSEALED
    assert asked(strict, None, {"ACCESSORY", ""}) is None
    assert asked(replace(strict, kinds=frozenset()), None, {"ACCESSORY"}) == verdict.UNSEALED
    assert asked(lenient, None, {"DEVICE"}) is None
    other = sealed(replace(CHECKOUT, point=""))
    assert asked(lenient, other, {"ACCESSORY"}) == verdict.BROKEN


def test_the_settings_of_kinds() -> None:
    assert verdict.kinds_of(" DEVICE ;plan,, ") == {"DEVICE", "PLAN"}
    assert verdict.kinds_of("  ") == frozenset()
