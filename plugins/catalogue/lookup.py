"""One code, one answer: what a scanner read, be it printed on the shelf, the box or the device."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from inventory import selectors as inventory
from inventory.models import Unit
from kernel.errors import INVALID, REQUIRED, ApiError
from plugins.catalogue import selectors
from plugins.catalogue.codes import MAX_CODE_LENGTH
from plugins.catalogue.models import Channel
from plugins.catalogue.selectors import SellableVariant

IN_OTHER_STORE: Final = "IN_OTHER_STORE"


@dataclass(frozen=True, slots=True)
class Found:
    """What a code names. `serial_state` is the unit's state in stock when the code is a serial number.

    It is IN_OTHER_STORE for a unit that could be sold, but not where the question was asked.
    """

    kind: str
    variant: SellableVariant
    serial_state: str | None = None


def find(code: str, channel: Channel, *, store_id: str | None = None) -> Found | None:
    """What the code names among the things that the channel sells: SKU, then GTIN, then IMEI, ICCID or other serial.

    None when it names nothing. Raises ApiError REQUIRED for an empty code and INVALID for one that is too long.
    """
    cleaned = code.strip()
    if not cleaned:
        raise ApiError(REQUIRED, _("Scan or type a code."), field="code")
    if len(cleaned) > MAX_CODE_LENGTH or not cleaned.isprintable():
        message = _("This is not a code: give at most %(max)s characters.")
        raise ApiError(INVALID, message, field="code", params={"max": MAX_CODE_LENGTH})
    printed = selectors.variant_by_code(cleaned, channel)
    if printed:
        return Found(*printed)
    unit = inventory.find_unit(cleaned)
    variant = selectors.variant_by_sku(unit.item_id, channel) if unit else None
    return Found(unit.identifier_type, variant, _state(unit, store_id)) if unit and variant else None


def _state(unit: Unit, store_id: str | None) -> str:
    elsewhere = store_id is not None and unit.store_id != store_id
    return IN_OTHER_STORE if elsewhere and unit.state == Unit.State.IN_STOCK else unit.state
