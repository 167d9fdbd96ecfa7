"""A few premises with a network around them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from plugins.serviceability import changes, loader
from plugins.serviceability.addresses import Address, Street
from plugins.serviceability.index import Index, Row
from plugins.serviceability.models import CapacityOpening, Footprint, NetworkNode, Premises, WorkCalendar

TODAY = dt.date(2026, 11, 26)  # a Thursday


def row(code: str, address: Address, **more: Any) -> Row:
    values: dict[str, Any] = {
        "latitude": 30.27, "longitude": -97.74, "fibre": 0, "coax": 0, "copper": 0, "loop_metres": 0,
        "fibre_node": None, "coax_node": None, "copper_node": None,
    }  # fmt: skip
    street = address.street
    return Row(
        code=code, country=address.country, number=address.number, suffix=address.suffix, before=street.before,
        street=street.name, kind=street.kind, after=street.after, unit=address.unit, district=address.district,
        city=address.city, area=address.area, postal_code=address.postal_code, **values | more,
    )  # fmt: skip


def us(number: int, name: str, kind: str = "ST", *, before: str = "", after: str = "", unit: str = "",
       city: str = "AUSTIN", area: str = "TX", postal_code: str = "78701", suffix: str = "") -> Address:  # fmt: skip
    return Address("US", number, Street(name, before, kind, after), city, area, postal_code, suffix, unit)


def cn(number: int, road: str, unit: str = "", *, city: str = "上海市", district: str = "静安区") -> Address:
    return Address("CN", number, Street(road), city, city, "", "", unit, district)


def index_of(addresses: Iterable[Address]) -> Index:
    """Premises P0, P1, ... at these addresses."""
    return Index.build([[row(f"P{number}", address) for number, address in enumerate(addresses)]])


def node(code: str, technology: str, *openings: tuple[dt.date, int], country: str = "US") -> NetworkNode:
    made = NetworkNode.objects.create(
        code=code, technology=technology, country=country, latitude=30.27, longitude=-97.74
    )
    for day, ports in openings:
        CapacityOpening.objects.create(node=made, opens_on=day, ports=ports)
    return made


def square(latitude: float, longitude: float, half: float = 0.01) -> dict[str, Any]:
    south, north, west, east = latitude - half, latitude + half, longitude - half, longitude + half
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def footprint(code: str, technology: str, at: tuple[float, float], **more: Any) -> Footprint:
    values = {"country": "US", "download_mbps": 300, "upload_mbps": 50} | more
    return Footprint.objects.create(code=code, technology=technology, geometry=square(*at), **values)


def premises(code: str, address: Address, **more: Any) -> Premises:
    values = row(code, address)._asdict() | more
    for name in ("fibre_node", "coax_node", "copper_node"):
        values[f"{name}_id"] = values.pop(name)
    return Premises.objects.create(key=address.key, **values)


def calendar(country: str = "US", timezone: str = "UTC", **more: Any) -> WorkCalendar:
    return WorkCalendar.objects.create(country=country, timezone=timezone, weekdays=[1, 2, 3, 4, 5], **more)


def loaded() -> None:
    """What was written is seen."""
    with transaction.atomic():
        changes.premises_changed()
        changes.network_changed()
    loader.forget()
