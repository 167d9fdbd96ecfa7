"""Stores and items as other parts of the suite, or an import, tell them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from . import announcements, ledger, rooms, safety
from .models import CATEGORY_LENGTH, Balance, SafetyStock, StockItem, Store


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """What the catalogue says of a SKU. `category` are the slugs from the root down, `devices/phones`."""

    sku: str
    tracking: str
    stocked: bool
    core_variant_id: str
    category: str = ""


def upsert_item(*, sku: str, tracking: str, stocked: bool, core_variant_id: str, category: str = "") -> StockItem:
    """Make or change the item of a SKU. Raises ValueError for an unknown tracking."""
    upsert_items([ItemSpec(sku, tracking, stocked, core_variant_id, category)])
    return StockItem.objects.get(pk=sku)


@transaction.atomic
def upsert_items(specs: Iterable[ItemSpec]) -> None:
    """Make or change many items at once; the last of equal SKUs counts. Raises ValueError for an unknown tracking."""
    wanted = {spec.sku: spec for spec in specs}
    for spec in wanted.values():
        if spec.tracking not in StockItem.Tracking.values:
            raise ValueError(f"{spec.sku}: tracking must be one of {StockItem.Tracking.values}, not {spec.tracking!r}.")
    before = StockItem.objects.in_bulk(list(wanted))
    StockItem.objects.bulk_create(
        [
            StockItem(
                sku=spec.sku,
                tracking=spec.tracking,
                stocked=spec.stocked,
                core_variant_id=spec.core_variant_id,
                category=spec.category[:CATEGORY_LENGTH],
            )
            # In order, so that two imports never wait for each other.
            for spec in sorted(wanted.values(), key=lambda spec: spec.sku)
        ],
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=["tracking", "stocked", "core_variant_id", "category"],
        batch_size=2000,
    )
    announcements.items_changed([sku for sku, item in before.items() if wanted[sku].stocked != item.stocked])
    regrouped = [sku for sku, item in before.items() if wanted[sku].category != item.category]
    if regrouped and SafetyStock.objects.exists():
        safety.rules_changed(regrouped)
    moved = [sku for sku, item in before.items() if wanted[sku].core_variant_id != item.core_variant_id]
    if moved:
        ledger.want_push(list(Balance.objects.filter(item_id__in=moved).values_list("pk", flat=True)))


@transaction.atomic
def upsert_store(
    *,
    code: str,
    name: str,
    street_address: str,
    city: str,
    postal_code: str,
    country: str,
    latitude: float,
    longitude: float,
    timezone: str,
    hours: Sequence[Mapping[str, Any]],
    exceptions: Sequence[Mapping[str, Any]] = (),
    country_area: str = "",
    phone: str = "",
    email: str = "",
    kind: str = Store.Kind.STORE,
    pickup_enabled: bool = True,
    pickup_lead_minutes: int = 60,
    slot_minutes: int = 60,
    slot_capacity: int = 6,
    core_warehouse_id: str | None = None,
    is_active: bool = True,
    store_id: str | None = None,
) -> Store:
    """Make or change the store of this code.

    `hours` are [{weekday 1-7, opens "HH:MM" or null, closes}], `exceptions` [{date, opens, closes}]; several rows of a
    day are several spans. `store_id` is used when the store is new; `core_warehouse_id` None leaves a link as it is.
    Raises django ValidationError for values that no store can have.
    """
    store = Store.objects.filter(code=code).select_for_update().first() or Store(code=code)
    if store_id is not None and store._state.adding:
        store.pk = store_id
    warehouse_before = store.core_warehouse_id
    store.name, store.kind = name, kind
    store.street_address, store.city, store.postal_code = street_address, city, postal_code
    store.country_area, store.country = country_area, country
    store.phone, store.email = phone, email
    store.latitude, store.longitude, store.timezone = latitude, longitude, timezone
    store.hours, store.exceptions = [dict(row) for row in hours], [dict(row) for row in exceptions]
    store.pickup_enabled, store.pickup_lead_minutes = pickup_enabled, pickup_lead_minutes
    store.slot_minutes, store.slot_capacity = slot_minutes, slot_capacity
    store.core_warehouse_id, store.is_active = core_warehouse_id or warehouse_before, is_active
    store.full_clean()
    store.save()
    rooms.ensure_floor(store)
    announcements.stores_changed()
    if store.core_warehouse_id != warehouse_before:
        ledger.want_push(list(Balance.objects.filter(store=store).values_list("pk", flat=True)))
    return store
