"""The seal on a checkout: who holds the secret has checked exactly these lines, prices and this store.

    omnichannel.seal = v1.<expires>.<rules>.<HMAC-SHA256 in hex>

It is written by the suite and verified within Saleor, without a call. Standard library alone: this module runs in
both processes. Ids are the bare keys, as Saleor's database has them; `bare` takes a key out of a global id.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

KEY: Final = "omnichannel.seal"
VERSION: Final = "v1"
RULES: Final = "1"  # raised when the rules change, so that what older rules allowed is known as such
LIFETIME_SECONDS: Final = 15 * 60
LEAST_SECRET: Final = 16  # characters


class SealError(Exception):
    """A seal that proves nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A line of the checkout; `price` is the override of the unit price, None where the core's price stands."""

    variant: str
    quantity: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SealedCheckout:
    """What a seal covers. `point` is the collection point, empty without one."""

    checkout: str
    channel: str
    lines: Sequence[SealedLine]
    point: str = ""


def bare(global_id: str) -> str:
    """The key in a global id (`Checkout:0c6e...` in base64); raises ValueError for anything else."""
    try:
        _kind, colon, key = base64.b64decode(global_id, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{global_id!r} is not a global id.") from error
    if not colon or not key:
        raise ValueError(f"{global_id!r} is not a global id.")
    return key


def make(secret: str, what: SealedCheckout, *, now: float, lifetime: int = LIFETIME_SECONDS) -> str:
    """A seal that is good until `now` (seconds since 1970) and `lifetime`; ValueError for a short secret."""
    if len(secret) < LEAST_SECRET:
        raise ValueError(f"The secret must have at least {LEAST_SECRET} characters.")
    expires = str(int(now) + lifetime)
    return f"{VERSION}.{expires}.{RULES}.{_digest(secret, what, expires, RULES)}"


def verify(secret: str, seal: str, what: SealedCheckout, *, now: float) -> None:
    """Nothing for a good seal; SealError for any other."""
    parts = seal.split(".")
    if len(parts) != 4 or parts[0] != VERSION or not (parts[1].isascii() and parts[1].isdigit()):
        raise SealError("it is of an unknown form")
    _version, expires, rules, digest = parts
    if not secret or not hmac.compare_digest(_digest(secret, what, expires, rules).encode(), digest.encode()):
        raise SealError("it is for something else")
    # After the digest: only a true seal can be called expired. The length keeps int() from giant numbers.
    if len(expires) > 12 or int(expires) < now:
        raise SealError("it has expired")


def _digest(secret: str, what: SealedCheckout, expires: str, rules: str) -> str:
    lines = sorted([line.variant, line.quantity, _amount(line.price)] for line in what.lines)
    facts = [VERSION, expires, rules, what.checkout.lower(), what.channel, what.point.lower(), lines]
    message = json.dumps(facts, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def _amount(price: Decimal | None) -> str:
    """`7`, `7.00` and `7.000` alike; the empty text is no override, which is not a price of zero."""
    if price is None:
        return ""
    return format(price.normalize(), "f") if price else "0"
