"""Made-up premises and the operator's network around real cities, deterministic but for what opens in so many days."""

import csv
import datetime as dt
import io
import json
import math
import random
from collections.abc import Iterable, Iterator
from typing import Any, Final

from demo import chance

A_ZIP: Final = 1500
STREETS_A_ZIP: Final = 60
A_DISTRICT: Final = 900
# A node for so many premises.
A_NODE: Final = 250
FIBRE_READY, LATER, NOTHING = "US-FIBRE-READY", "US-CAPACITY-LATER", "US-NO-NETWORK"
LATER_NODE: Final = "US-OLT-LATER"
DAYS: Final = 12

# City, state, ZIP codes with positions.
CITIES: Final = (
    ("Austin", "TX", (("78701", 30.271, -97.743), ("78702", 30.263, -97.714), ("78704", 30.243, -97.765),
                      ("78745", 30.207, -97.796), ("78751", 30.311, -97.723))),
    ("Houston", "TX", (("77002", 29.756, -95.365), ("77006", 29.741, -95.391))),
    ("Los Angeles", "CA", (("90012", 34.061, -118.239), ("90026", 34.079, -118.264), ("90042", 34.115, -118.192))),
    ("San Francisco", "CA", (("94103", 37.773, -122.411), ("94110", 37.749, -122.416))),
    ("San Diego", "CA", (("92101", 32.719, -117.163),)),
)  # fmt: skip
CHINESE: Final = (
    ("上海市", "上海市", "静安区", 31.229, 121.448), ("上海市", "上海市", "浦东新区", 31.221, 121.544),
    ("北京市", "北京市", "朝阳区", 39.921, 116.443), ("广东省", "深圳市", "南山区", 22.533, 113.930),
)  # fmt: skip
NAMES: Final = """
Oak Maple Cedar Pine Elm Walnut Willow Birch Juniper Magnolia Sycamore Laurel Aspen Washington
Jefferson Madison Monroe Jackson Franklin Adams Harrison Lamar Travis Bowie Crockett Sunset Highland
Riverside Meadow Prairie Canyon Summit Orchard Garden Mill Church School Market Liberty Heritage
Pioneer Falcon Heron Bluebonnet Rosewood Driftwood Brookside Hillcrest Fairview Westlake Windsor
Oxford Lexington Concord Arlington Monterey Mariposa
""".split()  # noqa: SIM905
SECOND: Final = ("", "", " Creek", " Ridge", " Hollow", " Park", " Lake", " Hill", " Springs", " Trail")
KINDS: Final = ("Street", "Street", "Avenue", "Drive", "Lane", "Road", "Court", "Boulevard", "Way", "Place")
ROADS: Final = """
人民路 中山路 解放路 建设路 和平路 新华路 文化路 长江路 黄河路 南京路 北京路 西藏路
延安路 淮海路 复兴路 光明路 朝阳路 东风路 胜利路 青年路 学府路 科技路 创业路 花园路
桃园路 梅园路 松林路 竹园路 海棠路 丁香路
""".split()  # noqa: SIM905
PREMISES_COLUMNS: Final = (
    "code", "country", "street", "unit", "district", "city", "area", "postal_code", "latitude", "longitude", "fibre",
    "coax", "copper", "loop_metres", "fibre_node", "coax_node", "copper_node",
)  # fmt: skip
NODE_COLUMNS: Final = ("code", "technology", "country", "latitude", "longitude", "name", "opens_on", "ports")


def load(today: dt.date) -> None:
    """Bring everything in by the imports that operators use. Doing it again changes nothing but the days."""
    calendars()
    keep_twelve_days(today)
    rows = list(premises())
    _bring_in("nodes", _csv(NODE_COLUMNS, nodes(rows, today)), "nodes.csv")
    _bring_in("footprints", json.dumps(footprints(today)).encode(), "footprints.geojson")
    _bring_in("premises", _csv(PREMISES_COLUMNS, rows), "premises.csv")
    waiting()


def keep_twelve_days(today: dt.date) -> None:
    """The node that is full opens twelve days from today, whenever the demonstration is looked at."""
    from django.db import transaction

    from plugins.serviceability import changes
    from plugins.serviceability.models import CapacityOpening

    wanted = today + dt.timedelta(days=DAYS)
    later = CapacityOpening.objects.filter(node=LATER_NODE, ports__gt=0)
    if not later.filter(opens_on=wanted).exists():
        with transaction.atomic():
            later.update(opens_on=wanted)
            changes.network_changed([LATER_NODE])


def _bring_in(kind: str, data: bytes, name: str) -> None:
    from plugins.serviceability import imports

    outcome = imports.bring_in(kind=kind, file=io.BytesIO(data), name=name, actor="demo")
    if outcome.mistakes:
        first = outcome.mistakes.found[0]
        raise ValueError(f"the demonstration's {kind} have mistakes: row {first.row}, {first.column}: {first.message}")


def _csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def calendars() -> None:
    """Work days of both countries with the holidays that the demonstration may meet."""
    from plugins.serviceability.models import WorkCalendar

    american = ["2026-11-26", "2026-12-25", "2027-01-01", "2027-05-31", "2027-07-05", "2027-09-06", "2027-11-25"]
    chinese = [
        "2027-01-01",
        *(f"2027-02-{day:02d}" for day in range(5, 13)),
        *(f"2027-10-0{day}" for day in range(1, 8)),
    ]
    for country, zone, days in (("US", "America/Chicago", american), ("CN", "Asia/Shanghai", chinese)):
        WorkCalendar.objects.get_or_create(
            country=country, defaults={"timezone": zone, "weekdays": [1, 2, 3, 4, 5], "holidays": days}
        )


def premises() -> Iterator[dict[str, Any]]:
    """The three that `make demo-facts` names, then those of each place."""
    austin = {"country": "US", "city": "Austin", "area": "TX", "postal_code": "78701"}
    yield {"code": FIBRE_READY, "street": "1200 Congress Avenue", "latitude": 30.2712, "longitude": -97.7431,
           "fibre": "DROP", "fibre_node": "US-78701-OLT-0", **austin}  # fmt: skip
    yield {"code": LATER, "street": "1210 Congress Avenue", "latitude": 30.2718, "longitude": -97.7430,
           "fibre": "EQUIPMENT", "fibre_node": LATER_NODE, **austin}  # fmt: skip
    yield {"code": NOTHING, "street": "4100 Outpost Trail", "latitude": 30.3905, "longitude": -98.3720,
           **austin, "city": "Johnson City", "postal_code": "78636"}  # fmt: skip
    for city, state, codes in CITIES:
        for postal, latitude, longitude in codes:
            yield from _american(city, state, postal, latitude, longitude)
    for area, city, district, latitude, longitude in CHINESE:
        yield from _chinese(area, city, district, latitude, longitude)


def _american(city: str, state: str, postal: str, latitude: float, longitude: float) -> Iterator[dict[str, Any]]:
    random_ = chance.stream("premises", postal)
    made = 0
    for number, street in enumerate(_streets(random_)):
        at = (latitude + random_.uniform(-0.012, 0.012), longitude + random_.uniform(-0.012, 0.012))
        house = random_.randrange(1, 90) * 100
        for step in range(random_.randrange(14, 30)):
            house += random_.choice((2, 3, 4, 6))
            flats = range(1, random_.randrange(3, 9)) if random_.random() < 0.04 else (0,)
            for flat in flats:
                if made == A_ZIP:
                    return
                yield {
                    "code": f"US-{postal}-{made:05d}", "country": "US", "street": f"{house} {street}",
                    "unit": f"Apt {flat}" if flat else "", "city": city, "area": state, "postal_code": postal,
                    "latitude": round(at[0] + step * 0.00015, 6), "longitude": round(at[1], 6),
                    **_lines(random_, f"US-{postal}", made, number),
                }  # fmt: skip
                made += 1


def _streets(random_: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < STREETS_A_ZIP * 2:
        before = random_.choice(("", "", "", "North ", "South ", "East ", "West "))
        found[f"{before}{random_.choice(NAMES)}{random_.choice(SECOND)} {random_.choice(KINDS)}"] = None
    return list(found)


def _chinese(area: str, city: str, district: str, latitude: float, longitude: float) -> Iterator[dict[str, Any]]:
    random_ = chance.stream("premises", district)
    code = f"CN-{abs(hash_of(district)) % 10000:04d}"
    made = 0
    for number, road in enumerate(ROADS):
        at = (latitude + random_.uniform(-0.012, 0.012), longitude + random_.uniform(-0.012, 0.012))
        for house in range(random_.randrange(1, 9), 400, random_.randrange(6, 19)):
            for room in (
                "",
                *(f"{unit}单元{floor}0{door}室" for unit in (1, 2) for floor in (2, 5) for door in (1, 2)),
            ):
                if made == A_DISTRICT:
                    return
                yield {
                    "code": f"{code}-{made:05d}", "country": "CN", "street": f"{road}{house}号", "unit": room,
                    "district": district, "city": city, "area": area,
                    "latitude": round(at[0] + house * 0.00002, 6), "longitude": round(at[1], 6),
                    **_lines(random_, code, made, number),
                }  # fmt: skip
                made += 1


def hash_of(text: str) -> int:
    """The same number for a text at every run."""
    return int(chance.number(8, "place", text))


def _lines(random_: random.Random, place: str, made: int, street: int) -> dict[str, Any]:
    """Two streets in three have fibre; a node has free ports, opens later, or is full."""
    node = made // A_NODE
    fibre = random_.choice(("FOOTPRINT", "DROP", "DROP", "EQUIPMENT", "ACTIVE")) if street % 3 else ""
    return {
        "fibre": fibre, "fibre_node": f"{place}-OLT-{node}" if fibre else "",
        "coax": random_.choice(("", "DROP", "EQUIPMENT")), "coax_node": f"{place}-HFC-0",
        "copper": random_.choice(("", "DROP", "ACTIVE")), "copper_node": f"{place}-DSL-0",
        "loop_metres": random_.randrange(100, 3200),
    }  # fmt: skip


def nodes(rows: list[dict[str, Any]], today: dt.date) -> Iterator[dict[str, Any]]:
    """Nodes that the premises name, with ports, then those of the radio cells."""
    seen = {LATER_NODE}
    base = {"technology": "FTTH", "country": "US", "latitude": 30.2715, "longitude": -97.7432, "name": "Congress"}
    yield {"code": LATER_NODE, "opens_on": (today + dt.timedelta(days=DAYS)).isoformat(), "ports": 64, **base}
    # The footprints use the first node of each place, whether premises do or not.
    first = [
        {"fibre_node": f"{code}-OLT-0", "country": country, "latitude": latitude, "longitude": longitude}
        for code, country, latitude, longitude in _places()
    ]
    for row in [*first, *rows]:
        for column, technology in (("fibre_node", "FTTH"), ("coax_node", "HFC"), ("copper_node", "VDSL")):
            code = row.get(column)
            if not code or code in seen:
                continue
            seen.add(code)
            place = {key: row[key] for key in ("country", "latitude", "longitude")}
            full = code.endswith("OLT-4")
            opens = today + dt.timedelta(days=30) if full else today.replace(day=1)
            ports = 96 if technology == "FTTH" else 400
            yield {"code": code, "technology": technology, "opens_on": opens.isoformat(), "ports": ports, **place}
    for code, country, latitude, longitude in _places():
        yield {"code": f"{code}-CELL", "technology": "FIXED_WIRELESS", "country": country, "latitude": latitude,
               "longitude": longitude, "opens_on": today.replace(day=1).isoformat(), "ports": 40}  # fmt: skip


def _places() -> Iterator[tuple[str, str, float, float]]:
    for _city, _state, codes in CITIES:
        yield from ((f"US-{postal}", "US", latitude, longitude) for postal, latitude, longitude in codes)
    for _area, _city, district, latitude, longitude in CHINESE:
        yield f"CN-{abs(hash_of(district)) % 10000:04d}", "CN", latitude, longitude


def footprints(today: dt.date) -> dict[str, Any]:
    """Around each place: fibre, fibre that is being built beside it, a radio cell, 5G and 4G."""
    found = []
    for code, country, latitude, longitude in _places():
        built = (today + dt.timedelta(days=90)).isoformat()
        shapes: tuple[tuple[str, float, float, str, int, dict[str, Any]], ...] = (
            ("FTTH", 0.009, 0.0, f"{code}-OLT-0", 5000, {}),
            ("FTTH", 0.006, 0.016, f"{code}-OLT-0", 5000, {"state": "PLANNED", "opens_on": built}),
            ("FIXED_WIRELESS", 0.018, 0.004, f"{code}-CELL", 300, {}),
            ("NR", 0.03, 0.0, "", 500, {}),
            ("LTE", 0.05, 0.0, "", 80, {}),
        )
        for number, (technology, radius, beside, node, down, more) in enumerate(shapes):
            values = {"code": f"{code}-{technology}-{number}", "technology": technology, "country": country,
                      "download_mbps": down, "upload_mbps": down // (1 if technology == "FTTH" else 6), "node": node,
                      "name": f"{code} {technology}"}  # fmt: skip
            shape = _blob(latitude, longitude + beside, radius, f"{code}{number}")
            found.append({"type": "Feature", "geometry": shape, "properties": values | more})
    return {"type": "FeatureCollection", "features": found}


def _blob(latitude: float, longitude: float, radius: float, name: str) -> dict[str, Any]:
    random_ = chance.stream("footprint", name)
    ring = []
    for corner in range(24):
        at, far = corner / 24 * 2 * math.pi, radius * random_.uniform(0.85, 1.15)
        across = far * math.cos(at) / math.cos(math.radians(latitude))
        ring.append([round(longitude + across, 6), round(latitude + far * math.sin(at), 6)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def waiting() -> None:
    """Some wait for a network where there is none."""
    from plugins.serviceability.models import DemandEntry, Premises

    places = Premises.objects.filter(fibre=0, country="US").order_by("pk")[:400]
    for number, place in enumerate(places):
        if chance.stream("waiting", place.pk).random() < 0.3:
            DemandEntry.objects.get_or_create(
                email=f"waiting{number}@example.com", category="BROADBAND", address=place.key[:300],
                defaults={"premises": place, "country": "US", "area": place.area, "city": place.city,
                          "postal_code": place.postal_code, "latitude": place.latitude, "longitude": place.longitude},
            )  # fmt: skip
