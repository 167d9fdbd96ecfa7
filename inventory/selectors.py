"""Reads of the inventory, each with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from django.db import connection
from django.db.models import Q

from kernel import clock

from . import atp, geo, hours, serials
from .errors import store_not_found
from .geo import Point
from .models import Balance, StockItem, Store, Unit, UnitIdentifier


@dataclass(frozen=True, slots=True)
class NearStore:
    """A store with its distance from the place asked about, None when no place was given."""

    store: Store
    distance_km: float | None = None


def stores(
    near: Point | None = None,
    *,
    ids: Collection[str] | None = None,
    pickup_only: bool = False,
    country: str | None = None,
) -> list[NearStore]:
    """Active stores (not depots), nearest first when `near` is given, else by name. One query.

    `country` (ISO 3166 alpha-2) is that of the sales channel whose stores are wanted.
    """
    found = Store.objects.filter(is_active=True, kind=Store.Kind.STORE).order_by("name", "code")
    if ids is not None:
        found = found.filter(pk__in=ids)
    if pickup_only:
        found = found.filter(pickup_enabled=True)
    if country is not None:
        found = found.filter(country=country)
    return [NearStore(store) for store in found] if near is None else by_distance(found, near)


def places_of_sale() -> list[Store]:
    """The active stores (not depots), with what says whether a channel sells from them and nothing else. One query."""
    found = Store.objects.filter(is_active=True, kind=Store.Kind.STORE)
    return list(found.only("core_warehouse_id", "country").order_by())


def by_distance(stores: Iterable[Store], near: Point) -> list[NearStore]:
    """The stores with their distance from `near`, nearest first."""
    return sorted(
        (NearStore(store, geo.distance_km(near, store.point())) for store in stores),
        key=lambda entry: (entry.distance_km or 0.0, entry.store.code),
    )


def stores_and_depots() -> list[Store]:
    """All active places that hold stock, by name. One query."""
    return list(Store.objects.filter(is_active=True).order_by("name", "code"))


def store_by_id(store_id: str) -> Store:
    """An active store or depot. Raises STORE_NOT_FOUND."""
    found = Store.objects.filter(pk=store_id, is_active=True).first()
    if found is None:
        raise store_not_found(store_id)
    return found


def availability(skus: Collection[str], store_ids: Collection[str]) -> dict[tuple[str, str], int]:
    """Available to promise by (SKU, store id), never negative: 0 where nothing is booked. One query.

    Items that are not stocked (plans, services) are not limited and have no entry, nor has an unknown SKU. A hold that
    ran out counts as reserved until it is swept, within seconds; `reserve` looks through it at once.
    """
    # Rows as the driver gives them: of a page's 800 numbers, Django's query would cost more than the database's work.
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABILITY, {"stores": list(store_ids), "skus": list(skus)})
        rows = cursor.fetchall()
    found = {(sku, store_id): quantity for sku, store_id, quantity in rows if store_id is not None}
    stocked = {row[0] for row in rows}
    if len(found) < len(stocked) * len(set(store_ids)):
        for place in product(stocked, store_ids):
            found.setdefault(place, 0)
    return found


# The SKUs are told twice so that balances are found by SKU and store at once (inventory_balance_item): by the SKU
# alone, what a thousand other stores have of it would be read too.
_AVAILABILITY = f"""
SELECT item.sku, balance.store_id, {atp.AVAILABLE}
  FROM inventory_stockitem item
  LEFT JOIN inventory_balance balance
    ON balance.item_id = item.sku AND balance.item_id = ANY(%(skus)s) AND balance.store_id = ANY(%(stores)s)
 WHERE item.sku = ANY(%(skus)s) AND item.stocked
"""  # noqa: S608 - a constant of ours


def available_in_store(store_id: str) -> dict[str, int]:
    """Available to promise of every stocked SKU that the store has any of, by SKU. One query."""
    return _available(Q(store_id=store_id)).get(store_id, {})


def free_in_store(store_id: str) -> dict[str, int]:
    """What the store's register may sell of every stocked SKU, by SKU: the safety stock too. One query."""
    balances = Balance.objects.filter(atp.ANY_FREE, store_id=store_id, item__stocked=True)
    return {
        sku: atp.free(on_hand=on_hand, unsellable=unsellable, reserved=reserved)
        for sku, on_hand, unsellable, reserved in balances.values_list("item_id", "on_hand", "unsellable", "reserved")
    }


def available_at(skus: Mapping[str, Collection[str]]) -> dict[str, dict[str, int]]:
    """`available_in_store` of several stores, by store id, for the SKUs wanted of each. One query."""
    wanted = Q()
    for store_id, some in skus.items():
        wanted |= Q(store_id=store_id, item_id__in=some)
    return _available(wanted)


def _available(chosen: Q) -> dict[str, dict[str, int]]:
    balances = Balance.objects.filter(chosen, atp.ANY_AVAILABLE, item__stocked=True)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    columns = ("store_id", "item_id", "on_hand", "unsellable", "reserved", "safety")
    for store_id, sku, on_hand, unsellable, reserved, safety in balances.values_list(*columns):
        found[store_id][sku] = atp.available_to_promise(
            on_hand=on_hand, unsellable=unsellable, reserved=reserved, safety=safety
        )
    return found


def stores_with_stock(skus: Collection[str]) -> dict[str, set[str]]:
    """The ids of the active stores in which at least one piece may be promised, by SKU. One query."""
    found: dict[str, set[str]] = {sku: set() for sku in skus}
    balances = Balance.objects.filter(
        atp.ANY_AVAILABLE, item_id__in=skus, store__is_active=True, store__kind=Store.Kind.STORE
    )
    for sku, store_id in balances.values_list("item_id", "store_id"):
        found[sku].add(store_id)
    return found


def items(skus: Collection[str]) -> dict[str, StockItem]:
    """The known items of `skus`, by SKU. One query."""
    return StockItem.objects.in_bulk(list(skus))


def open_now(store: Store, at: datetime | None = None) -> bool:
    """Whether the store is open at the aware moment `at` (now when None)."""
    return hours.is_open(store.schedule(), at or clock.now(), store.zone())


def opening_intervals(store: Store, day: date) -> list[tuple[datetime, datetime]]:
    """The openings that begin on the store's local `day`, as UTC start and end; empty when closed."""
    return hours.intervals(store.schedule(), day, store.zone())


def find_unit(code: str, *, sku: str | None = None) -> Unit | None:
    """The unit that carries the scanned number, with its item and store; None when none or more than one does.

    Any of its numbers does: IMEI, second IMEI, EID, ICCID, the maker's. Separators and filler digits do not matter.
    Makers' serial numbers are unique only within a SKU: `sku` helps.
    """
    found = Unit.objects.filter(pk__in=UnitIdentifier.objects.filter(value__in=serials.readings(code)).values("unit"))
    if sku is not None:
        found = found.filter(item_id=sku)
    units = list(found.select_related("item", "store", "room")[:2])
    return units[0] if len(units) == 1 else None
