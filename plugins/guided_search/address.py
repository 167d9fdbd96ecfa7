"""The live dimension `at_address`: what can be delivered to the context's premises, as serviceability tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.errors import ApiError
from plugins.catalogue.providers import providers
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Masks

AT_ADDRESS = "at_address"


@dataclass(frozen=True, slots=True)
class AtAddress:
    """By SKU that depends on an address, whether it can be had at this one."""

    deliverable: Mapping[str, bool]
    name: str = AT_ADDRESS

    def masks(self, index: Index) -> Masks:
        """By row, the variants that can be delivered."""
        return index.store_masks(sku for sku, can in self.deliverable.items() if can)

    def impossible(self, index: Index) -> frozenset[str]:
        """The products of which no variant can be had here."""
        refused = {sku for sku, can in self.deliverable.items() if not can}
        rows = {row for sku in refused if (row := index.row_of_sku(sku)) is not None}
        return frozenset(entry.id for row in rows if refused.issuperset((entry := index.entry(row)).skus))


def at(premises_id: str | None, channel: str) -> AtAddress | None:
    """What can be had at these premises; None without premises. Errors: NOT_FOUND.

    The channel's context was refused before where nobody provides it.
    """
    if premises_id is None or providers.at_address is None:
        return None
    try:
        return AtAddress(providers.at_address.deliverable(premises_id, channel))
    except ApiError as error:
        error.field = "context.premisesId"
        raise


def find(text: str, limit: int) -> Sequence[tuple[str, str]]:
    """Ids and addresses of the premises that a text may mean, the likeliest first. Errors: INVALID."""
    return providers.at_address.find(text, limit) if providers.at_address is not None else ()
