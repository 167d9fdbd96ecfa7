"""Real shops of the fact file near a dozen cities, with opening hours out of their free text and time zones."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from demo import chance, shop_hours
from demo.facts_csv import Imported, RowError, read

COLUMNS = {
    "id",
    "type",
    "name",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "latitude",
    "longitude",
    "hours",
}

# city: position, how many of its nearest shops take part, telephone area code
CITIES = {
    "New York": (40.7580, -73.9855, 7, "212"), "Los Angeles": (34.0522, -118.2437, 6, "213"),
    "Chicago": (41.8781, -87.6298, 5, "312"), "San Francisco": (37.7749, -122.4194, 5, "415"),
    "Houston": (29.7604, -95.3698, 4, "713"), "Miami": (25.7617, -80.1918, 3, "305"),
    "Seattle": (47.6062, -122.3321, 3, "206"), "Boston": (42.3601, -71.0589, 3, "617"),
    "Denver": (39.7392, -104.9903, 3, "303"), "Atlanta": (33.7490, -84.3880, 3, "404"),
    "Minneapolis": (44.8547, -93.2427, 3, "612"), "Phoenix": (33.4484, -112.0740, 3, "602"),
}  # fmt: skip

_ZONES = {
    "America/New_York": "CT DC DE FL GA MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV IN KY",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
}
ZONE_OF_STATE = {state: zone for zone, states in _ZONES.items() for state in states.split()}
# States that lie in two zones: west of this longitude the second one holds.
SPLIT_STATES = {
    "FL": (-85.0, "America/Chicago"), "IN": (-87.0, "America/Chicago"), "KY": (-86.0, "America/Chicago"),
    "TN": (-85.4, "America/New_York"), "TX": (-105.0, "America/Denver"), "ND": (-101.0, "America/Denver"),
    "SD": (-100.5, "America/Denver"), "NE": (-101.0, "America/Denver"), "KS": (-101.5, "America/Denver"),
}  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """One shop, ready to be a store of the operator."""

    code: str
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    latitude: float
    longitude: float
    timezone: str
    hours: list[dict[str, object]]
    country: str
    phone: str

    @property
    def slug(self) -> str:
        return f"store-{self.code.lower()}"


def read_shops(path: Path) -> Imported[Shop]:
    """All usable shops of the file; raises ImportFileError."""
    seen: set[str] = set()

    def parse(row: dict[str, str]) -> Shop:
        shop = _shop(row)
        if shop.code in seen:
            raise RowError(f"store number {row['id']} is in the file twice")
        seen.add(shop.code)
        return shop

    return read(path, COLUMNS, parse)


def _shop(row: dict[str, str]) -> Shop:
    if not row["id"].isdigit():
        raise RowError(f"store number {row['id']!r} is not a number")
    if row["type"] == "Express":
        raise RowError("a vending kiosk, not a shop")
    postal_code = row["zip"].split("-")[0].zfill(5)
    if not re.fullmatch(r"\d{5}", postal_code):
        raise RowError(f"postal code {row['zip']!r} has not five digits")
    if row["state"] not in ZONE_OF_STATE:
        raise RowError(f"state {row['state']!r} is unknown")
    latitude, longitude = _position(row)
    try:
        hours = shop_hours.parse(row["hours"])
    except ValueError as error:
        raise RowError(str(error)) from None
    code = f"S{int(row['id']):04d}"
    return Shop(
        code=code,
        name=re.sub(r"\s+", " ", row["name"]),
        street=", ".join(filter(None, [row["address"].rstrip(".,"), row["address2"]])),
        city=row["city"],
        state=row["state"],
        postal_code=postal_code,
        latitude=latitude,
        longitude=longitude,
        timezone=time_zone(row["state"], longitude),
        hours=hours,
        country="US",
        phone=_phone(code, latitude, longitude),
    )


def _position(row: dict[str, str]) -> tuple[float, float]:
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        raise RowError("the position is not two numbers") from None
    if not (15 <= latitude <= 72 and -180 <= longitude <= -60):
        raise RowError(f"the position {latitude}, {longitude} is not in the country")
    return latitude, longitude


def time_zone(state: str, longitude: float) -> str:
    """The IANA zone of a place; right for all but a few counties along a zone's border."""
    if state in SPLIT_STATES:
        border, other = SPLIT_STATES[state]
        # Tennessee's first zone is the western one, so its border reads the other way round.
        if (longitude < border) == (state != "TN"):
            return other
    return ZONE_OF_STATE[state]


def chosen(shops: list[Shop]) -> list[Shop]:
    """The operator's shops: the nearest of each city, no shop twice."""
    taken: dict[str, Shop] = {}
    for latitude, longitude, count, _area in CITIES.values():
        near = sorted(
            shops, key=lambda shop: (_distance(shop.latitude, shop.longitude, latitude, longitude), shop.code)
        )
        for shop in [shop for shop in near if shop.code not in taken][:count]:
            taken[shop.code] = shop
    return list(taken.values())


def _distance(latitude: float, longitude: float, city_latitude: float, city_longitude: float) -> float:
    across = (longitude - city_longitude) * math.cos(math.radians(city_latitude))
    return math.hypot(latitude - city_latitude, across)


def _phone(code: str, latitude: float, longitude: float) -> str:
    """A number of the range that is kept for fiction (555-0100 to 555-0199)."""
    area = min(CITIES.values(), key=lambda city: _distance(latitude, longitude, city[0], city[1]))[3]
    return f"+1 {area} 555 01{chance.number(2, 'phone', code)}"


def warehouse(shop: Shop) -> dict[str, object]:
    """The shop as a warehouse of the core, where it is a collection point for its own stock."""
    return {
        "slug": shop.slug,
        "name": shop.name,
        "email": f"{shop.slug}@example.com",
        "phone": shop.phone.replace(" ", ""),
        "address": {
            "street_address_1": shop.street,
            "street_address_2": "",
            "city": shop.city,
            "postal_code": shop.postal_code,
            "country_area": shop.state,
            "country": shop.country,
        },
        "click_and_collect": "LOCAL",
        "metadata": {"store_code": shop.code},
    }
