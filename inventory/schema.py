"""GraphQL of the stores and their stock."""

import datetime as dt
import re
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.api import Connection, connection
from kernel.errors import INVALID, LIMIT_EXCEEDED, ApiError

from . import errors, selectors
from .geo import Point
from .hours import WEEKDAYS
from .models import Store
from .selectors import NearStore

MAX_SKUS = 100
MAX_STORES = 100

Country = Annotated[
    str | None,
    strawberry.argument(description="Only stores of this country (ISO 3166 alpha-2), such as a channel's."),
]


@strawberry.input
class GeoPointInput:
    """A place in degrees."""

    latitude: float
    longitude: float


@strawberry.type(
    description="Local times HH:MM; `weekday` 1 is Monday; `date` set for an exception; closed when `opens` is null."
)
class OpeningHours:
    weekday: int
    date: dt.date | None
    opens: str | None
    closes: str | None


@strawberry.type(name="Store")
class StoreType:
    model: strawberry.Private[Store]
    id: strawberry.ID
    code: str
    name: str
    street_address: str
    city: str
    postal_code: str
    country_area: str = strawberry.field(description="State or province, empty where there is none.")
    country: str = strawberry.field(description="ISO 3166 alpha-2.")
    phone: str | None
    latitude: float
    longitude: float
    timezone: str
    pickup_enabled: bool
    distance_km: float | None

    @classmethod
    def of(cls, store: Store, distance_km: float | None = None) -> "StoreType":
        """The store as clients see it."""
        return cls(
            model=store,
            id=strawberry.ID(store.pk),
            code=store.code,
            name=store.name,
            street_address=store.street_address,
            city=store.city,
            postal_code=store.postal_code,
            country_area=store.country_area,
            country=store.country,
            phone=store.phone or None,
            latitude=store.latitude,
            longitude=store.longitude,
            timezone=store.timezone,
            pickup_enabled=store.pickup_enabled,
            distance_km=None if distance_km is None else round(distance_km, 3),
        )

    @classmethod
    def of_near(cls, entry: NearStore) -> "StoreType":
        """The store with its distance from the place asked about."""
        return cls.of(entry.store, entry.distance_km)

    @strawberry.field(description="The seven days of the week, then the exceptions from today on.")
    def hours(self) -> list[OpeningHours]:
        return opening_hours(self.model)

    @strawberry.field
    def open_now(self) -> bool:
        return selectors.open_now(self.model)


@strawberry.type
class StoreAvailability:
    store: StoreType
    quantity: int = strawberry.field(
        description="Available to promise: sellable on hand less reserved, held and safety stock; never negative."
    )


@strawberry.type
class VariantAvailability:
    sku: str
    stores: list[StoreAvailability] = strawberry.field(
        description="Empty for what is not kept in stock (plans, services): it is not limited."
    )


@strawberry.type
class Query:
    @strawberry.field(description="Stores, nearest first when `near` is given.")
    def stores(
        self,
        near: GeoPointInput | None = None,
        first: int | None = 20,
        after: str | None = None,
        country: Country = None,
    ) -> Connection[StoreType]:
        found = selectors.stores(point(near), country=_checked_country(country))
        return connection(found, first, after, node=StoreType.of_near)

    @strawberry.field(
        description="Sellable quantity of each variant in each store, live. Of the stores in `storeIds`, else of the "
        "`first` ones, nearest first when `near` is given. At most 100 SKUs."
    )
    def availability(
        self,
        skus: list[str],
        store_ids: list[strawberry.ID] | None = None,
        near: GeoPointInput | None = None,
        first: int | None = 5,
        country: Country = None,
    ) -> list[VariantAvailability]:
        asked = _asked_skus(skus)
        chosen = _chosen_stores(store_ids, point(near), first, _checked_country(country))
        quantities = selectors.availability(asked, [entry.store.pk for entry in chosen])
        stores = [(entry.store.pk, StoreType.of_near(entry)) for entry in chosen]
        return [
            VariantAvailability(
                sku=sku,
                stores=[
                    StoreAvailability(store=store, quantity=quantities[sku, pk])
                    for pk, store in stores
                    if (sku, pk) in quantities
                ],
            )
            for sku in asked
        ]


def point(near: GeoPointInput | None, *, field: str = "near") -> Point | None:
    """The place of an input. Raises INVALID off the globe."""
    if near is None:
        return None
    try:
        return Point(near.latitude, near.longitude)
    except ValueError:
        message = _("Latitude must lie between -90 and 90, longitude between -180 and 180.")
        raise ApiError(INVALID, message, field=field) from None


def opening_hours(store: Store) -> list[OpeningHours]:
    """The seven days of the week, then the exceptions from today (at the store) on."""
    schedule = store.schedule()
    today = clock.now().astimezone(store.zone()).date()
    days = [(weekday, None, schedule.weekly.get(weekday, ())) for weekday in WEEKDAYS]
    dated = [(date.isoweekday(), date, spans) for date, spans in sorted(schedule.exceptions.items()) if date >= today]
    return [
        OpeningHours(
            weekday=weekday,
            date=date,
            opens=f"{span.opens:%H:%M}" if span else None,
            closes=f"{span.closes:%H:%M}" if span else None,
        )
        for weekday, date, spans in (*days, *dated)
        for span in (spans or (None,))
    ]


def _asked_skus(skus: list[str]) -> list[str]:
    """The SKUs in order, each once. Raises LIMIT_EXCEEDED, UNKNOWN_SKU with the field `skus.N`."""
    _limit(skus, MAX_SKUS, "skus")
    known = selectors.items(skus)
    for index, sku in enumerate(skus):
        if sku not in known:
            raise errors.unknown_sku(sku, field=f"skus.{index}")
    return list(dict.fromkeys(skus))


def _checked_country(text: str | None) -> str | None:
    if text is not None and not re.fullmatch("[A-Z]{2}", text):
        raise ApiError(INVALID, _("Give the country as two letters, such as US."), field="country")
    return text


def _chosen_stores(
    store_ids: list[strawberry.ID] | None, near: Point | None, first: int | None, country: str | None
) -> list[NearStore]:
    count = MAX_STORES if first is None else first
    if not 0 <= count <= MAX_STORES:
        raise ApiError(INVALID, _("Ask for 0 to %(max)s entries."), field="first", params={"max": MAX_STORES})
    if store_ids is None:
        return selectors.stores(near, country=country)[:count]
    _limit(store_ids, MAX_STORES, "storeIds")
    found = {entry.store.pk: entry for entry in selectors.stores(near, ids=store_ids)}
    for index, store_id in enumerate(store_ids):
        if store_id not in found:
            raise errors.store_not_found(store_id, field=f"storeIds.{index}")
    if near is not None:
        return list(found.values())
    return [found[store_id] for store_id in dict.fromkeys(store_ids)]


def _limit(values: list[str] | list[strawberry.ID], most: int, field: str) -> None:
    if len(values) > most:
        raise ApiError(LIMIT_EXCEEDED, _("At most %(max)s at once."), field=field, params={"max": most})
