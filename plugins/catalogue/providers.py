"""What rule packages above the catalogue tell about its products: monthly prices, and what an address can have.

Bundles and serviceability each put their provider here when they start (`AppConfig.ready`); searches read it. What
nobody provides is answered NOT_AVAILABLE. A provider is called from many threads at once, in and out of transactions.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kernel.money import Money


@dataclass(frozen=True, slots=True)
class Monthly:
    """What a SKU costs with an offer: each month, today and over the `term` (months of commitment, 0 for none)."""

    monthly: Money
    due_today: Money
    term: int
    total_over_term: Money
    offer_code: str


class MonthlyPrices(Protocol):
    """The least that one pays a month for a SKU with a plan, in the channel's currency."""

    def version(self, channel: str, sales_channel: str) -> Hashable | None:
        """A value that differs after each change of these prices and never comes back; answers from memory, for it is
        asked in the event loop. None when that is not known: nothing is kept then."""
        ...

    def by_sku(self, channel: str, sales_channel: str) -> Mapping[str, Monthly]:
        """The prices as they are now; a SKU that is in no offer is left out."""
        ...


class AtAddress(Protocol):
    """What can be delivered to premises."""

    def deliverable(self, premises_id: str, channel: str) -> Mapping[str, bool]:
        """For each SKU that depends on the address whether it can be had there now; others are left out.

        Errors: NOT_FOUND for unknown premises.
        """
        ...

    def find(self, text: str, limit: int) -> Sequence[tuple[str, str]]:
        """Ids and addresses of the premises that a text may mean, the likeliest first. Errors: INVALID."""
        ...


@dataclass(slots=True)
class Providers:
    """Who answers in this process; None where nobody does."""

    monthly_prices: MonthlyPrices | None = None
    at_address: AtAddress | None = None


providers = Providers()
