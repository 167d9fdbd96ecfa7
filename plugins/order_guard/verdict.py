"""Whether a checkout may become an order: the rule of the guard, without Saleor."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from plugins.order_guard import seal

UNSEALED: Final = "This order has to be placed in our shop: the items are sold under rules that are checked there."
BROKEN: Final = "This order was changed after it was checked. Please go back to the cart and place it again."


@dataclass(frozen=True, slots=True)
class Settings:
    """As configured for a channel. `kinds` are the kinds of goods that are guarded; none means every kind."""

    secret: str
    refuse_unsealed: bool = True
    kinds: frozenset[str] = frozenset()


def kinds_of(text: str) -> frozenset[str]:
    """The kinds named in a setting: `DEVICE, plan`."""
    return frozenset(part.strip().upper() for part in text.replace(";", ",").split(",") if part.strip())


def objection(
    settings: Settings, what: seal.SealedCheckout, written: str | None, kinds: Collection[str], *, now: float
) -> str | None:
    """What is to be told to whoever completes the checkout, or None when it may pass.

    `written` is the seal found on the checkout, `kinds` are those of its goods. A seal that is there must be good,
    whatever the goods; without one it depends on the goods and on the setting.
    """
    if written:
        try:
            seal.verify(settings.secret, written, what, now=now)
        except seal.SealError:
            return BROKEN
        return None
    guarded = not settings.kinds or any(kind.upper() in settings.kinds for kind in kinds)
    return UNSEALED if guarded and settings.refuse_unsealed else None
