"""The port to a card provider: what the suite asks of one, whoever it is."""

from dataclasses import dataclass
from typing import Protocol

from kernel.money import Money
from plugins.payments.states import State


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The provider's answer to an authorisation.

    `state` is AUTHORISED, ACTION_REQUIRED (the customer goes to `action_url`) or FAILED (`decline_code` says why).
    """

    state: State
    reference: str
    action_url: str = ""
    decline_code: str = ""


class PortUnavailableError(Exception):
    """The provider did not answer: whether it did what was asked is unknown, so ask again with the same key."""


class PortRefusedError(Exception):
    """The provider will not do it; `code` is the provider's own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CardPort(Protocol):
    """A card provider. Every call may be repeated: the same key or reference gives the same result."""

    name: str

    def authorise(self, *, key: str, token: str, amount: Money, return_url: str) -> Authorisation:
        """Reserve the amount on the card. A repeated key tells how that authorisation stands now."""

    def capture(self, *, reference: str) -> None:
        """Take the authorised amount."""

    def void(self, *, key: str) -> None:
        """Give up what was asked for under this key, also when its answer never came: it stays given up."""

    def refund(self, *, key: str, reference: str, amount: Money) -> None:
        """Give a part of the captured amount back, or all; a repeated key gives nothing more."""
