"""Returns to vendors as managers of a store prepare and ship them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from inventory import errors, rooms
from inventory import vendor_returns as inventory
from inventory.models import VendorReturn
from inventory.services import Returned
from kernel.devices import register_of
from kernel.identity import Caller
from kernel.pages import Page, page
from plugins.staff.permissions import STOCK_RETURN_VENDOR
from plugins.store_operations.acts import Device, Performed, Told
from plugins.store_operations.pieces import RETURN_MISSING, bounded, number_of

LARGEST_PAGE = 50


def of_store(*, caller: Caller, first: int | None, after: str | None) -> Page[VendorReturn]:
    """The returns of the caller's store with their lines and units, the latest first.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID.
    """
    _register, store_id = register_of(caller, STOCK_RETURN_VENDOR)
    rows = VendorReturn.objects.filter(store_id=store_id).prefetch_related("lines__units")
    return page(rows, first, after, LARGEST_PAGE, keyset=("-pk",))


@dataclass(frozen=True, slots=True)
class ReturnedFrom:
    """Pieces of a SKU that go back, from quarantine or from the sales floor."""

    sku: str
    quantity: int
    serials: tuple[str, ...]
    from_quarantine: bool


def prepare(device: Device, *, vendor: str, authorisation: str, note: str, lines: Sequence[ReturnedFrom]) -> Performed:
    """Set goods aside. Errors: those of `inventory.vendor_returns.prepare`, LIMIT_EXCEEDED."""
    bounded(lines, sum(len(line.serials) for line in lines))

    def act(told: Told) -> int:
        quarantine = rooms.quarantine(told.store_id).pk
        made = inventory.prepare(
            store_id=told.store_id,
            vendor=vendor,
            lines=[
                Returned(line.sku, line.quantity, line.serials, quarantine if line.from_quarantine else None)
                for line in lines
            ],
            source_key=f"act:{told.key}",
            actor=told.actor,
            authorisation=authorisation,
            note=note,
            occurred_at=told.occurred_at,
        )
        return made.pk

    facts = {"vendor": vendor, "rma": authorisation, "note": note, "lines": [asdict(line) for line in lines]}
    return _perform(device, "vendor_return.prepare", facts, act)


def ship(device: Device, *, return_id: str) -> Performed:
    """The goods have gone."""

    def act(told: Told) -> int:
        found = _own(return_id, told.store_id)
        inventory.ship(return_id=found.pk, actor=told.actor, occurred_at=told.occurred_at)
        return found.pk

    return _perform(device, "vendor_return.ship", {"return": return_id}, act)


def cancel(device: Device, *, return_id: str) -> Performed:
    """The goods stay."""

    def act(told: Told) -> int:
        return inventory.cancel(return_id=_own(return_id, told.store_id).pk, actor=told.actor).pk

    return _perform(device, "vendor_return.cancel", {"return": return_id}, act)


def _perform(device: Device, kind: str, facts: Mapping[str, Any], act: Callable[[Told], int]) -> Performed:
    """An act that answers the return's id."""
    return device.perform(STOCK_RETURN_VENDOR, kind, facts, lambda told: {"return": act(told)})


def recorded(performed: Performed) -> VendorReturn:
    """The return that an act was about, as it is now, with its lines."""
    return VendorReturn.objects.prefetch_related("lines__units").get(pk=performed.outcome["return"])


def _own(return_id: str, store_id: str) -> VendorReturn:
    found = VendorReturn.objects.filter(pk=number_of(return_id, RETURN_MISSING), store_id=store_id).first()
    if found is None:
        raise errors.document_not_found(RETURN_MISSING)
    return found
