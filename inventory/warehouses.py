"""The core's warehouses: noted as they are read, then made stores, depots or nothing, as a person decided."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commerce.records import CoreWarehouse
from kernel.locks import lock_rows

from . import announcements, ledger, masterdata
from .models import Balance, Store, WarehouseMapping

Role = WarehouseMapping.Role
_ADDRESS = ("street_address_1", "street_address_2", "city", "postal_code", "country_area", "country", "phone", "email")


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Why a warehouse cannot be taken over as it is."""

    warehouse: str
    message: str


@transaction.atomic
def discover(found: Iterable[CoreWarehouse]) -> None:
    """Note what the core has. New ones are prefilled from its metadata and known stores; what is decided stays."""
    rows = {row.pk: row for row in lock_rows(WarehouseMapping.objects.all())}
    stores = {store.core_warehouse_id: store for store in Store.objects.exclude(core_warehouse_id=None)}
    for warehouse in found:
        row = rows.pop(warehouse.id, None) or _new(warehouse, stores.get(warehouse.id))
        row.slug, row.name, row.gone = warehouse.slug, warehouse.name, False
        row.address = {name: getattr(warehouse, name) for name in _ADDRESS}
        row.save()
    for row in rows.values():
        row.gone = True
        row.save(update_fields=["gone"])


def problems() -> list[Problem]:
    """Everything that keeps warehouses from being taken over."""
    rows = WarehouseMapping.objects.filter(gone=False)
    return [Problem(row.name, message) for row in rows for message in _wrong(row)]


@transaction.atomic
def apply(*, not_collecting: Collection[str] = ()) -> int:
    """Make or change the stores of the warehouses that are ours; returns how many.

    A store that exists keeps its address, hours and name: only its link and the owner of its stock are set. The store
    of a warehouse that is not ours any more is closed. A new store at one of the warehouses `not_collecting` begins
    without pickup. Raises ValueError while there are problems.
    """
    if wrong := problems():
        raise ValueError(f"{wrong[0].warehouse}: {wrong[0].message}")
    rows = WarehouseMapping.objects.filter(gone=False)
    ours = [_store(row, pickup=row.pk not in not_collecting) for row in rows if row.role != Role.IGNORED]
    ignored = [row.pk for row in rows if row.role == Role.IGNORED]
    if Store.objects.filter(core_warehouse_id__in=ignored, is_active=True).update(is_active=False):
        announcements.stores_changed()
    return len(ours)


def _new(warehouse: CoreWarehouse, store: Store | None) -> WarehouseMapping:
    row = WarehouseMapping(warehouse_id=warehouse.id)
    if store is not None:
        row.role, row.owner = store.kind, store.stock_owner
        row.latitude, row.longitude, row.timezone = store.latitude, store.longitude, store.timezone
        return row
    told = warehouse.metadata
    row.latitude, row.longitude = _number(told, "latitude", 90), _number(told, "longitude", 180)
    zone = told.get("timezone", "")
    row.timezone = zone if zone in available_timezones() else ""
    return row


def _number(told: Mapping[str, str], name: str, most: float) -> float | None:
    """Metadata is edited by hand: what is no number there counts as not told."""
    try:
        number = float(told.get(name, ""))
    except ValueError:
        return None
    return number if -most <= number <= most else None


def _wrong(row: WarehouseMapping) -> list[str]:
    if not row.role:
        return [_("Say what it is: a store, a depot, or not ours.")]
    if row.role == Role.IGNORED:
        return []
    found = []
    if not (row.address.get("street_address_1") and row.address.get("city") and row.address.get("country")):
        found.append(_("It has no whole address in the core: street, city and country are needed."))
    if row.latitude is None or row.longitude is None:
        found.append(_("Say where it is: latitude and longitude."))
    if row.timezone not in available_timezones():
        found.append(_("Say in which time zone it is, such as America/Chicago."))
    return found


def _store(row: WarehouseMapping, *, pickup: bool) -> Store:
    store = _known(row)
    if store is None:
        address = row.address
        assert row.latitude is not None  # see `_wrong`
        assert row.longitude is not None
        street = " ".join(filter(None, [address["street_address_1"], address["street_address_2"]]))
        try:
            store = masterdata.upsert_store(
                code=row.slug[:64],
                name=row.name[:200],
                kind=row.role,
                street_address=street,
                city=address["city"],
                postal_code=address["postal_code"],
                country_area=address["country_area"],
                country=address["country"],
                phone=address["phone"],
                email=address["email"],
                latitude=row.latitude,
                longitude=row.longitude,
                timezone=row.timezone,
                hours=[],
                core_warehouse_id=row.pk,
                pickup_enabled=pickup,
            )
        except ValidationError as error:
            raise ValueError(f"{row.name}: {'; '.join(error.messages)}") from error
    changed = (store.core_warehouse_id, store.stock_owner, store.kind, store.is_active)
    store.core_warehouse_id, store.stock_owner, store.kind, store.is_active = row.pk, row.owner, row.role, True
    if changed != (row.pk, row.owner, row.role, True):
        store.save()
        announcements.stores_changed()
        ledger.want_push(list(Balance.objects.filter(store=store).values_list("pk", flat=True)))
    return store


def _known(row: WarehouseMapping) -> Store | None:
    return (
        Store.objects.filter(core_warehouse_id=row.pk).first()
        or Store.objects.filter(code=row.slug[:64], core_warehouse_id=None).first()
    )
