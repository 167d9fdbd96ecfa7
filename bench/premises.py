"""Made-up premises like those of American cities, the texts that people type for them, and their mistakes.

Cities, states and ZIP codes are those of the demonstration's shops; streets, numbers and units are drawn. The same at
every call.
"""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from plugins.serviceability.addresses import Address, Street, city_of
from plugins.serviceability.index import Row

STORES = Path(__file__).resolve().parents[1] / "demo" / "data" / "stores.csv"
BATCH = 50_000
A_PLACE = 2500
_FIRST = """
Oak Maple Cedar Pine Elm Walnut Willow Birch Ash Hickory Juniper Magnolia Sycamore Chestnut Poplar Laurel
Hazel Aspen Spruce Cypress Washington Jefferson Lincoln Madison Monroe Jackson Franklin Adams Grant Harrison
Lamar Houston Travis Bowie Crockett Sunset Highland Lakeview Riverside Meadow Prairie Valley Canyon Summit
Orchard Garden Spring Mill Church School College Market Union Liberty Heritage Pioneer Mustang Falcon Eagle
Heron Robin Cardinal Bluebonnet Rosewood Driftwood Brookside Hillcrest Ridgemont Fairview Westlake Northgate
Southport Eastwood Kingsley Dorset Windsor Cambridge Oxford Stratford Bristol Lexington Concord Salem
Arlington Berkeley Stanford Princeton Harvard Yale Cornell Monterey Mariposa Alameda Encinal Camino Rancho
Mesa Verde Sierra Laguna
""".split()  # noqa: SIM905
_SECOND = """
Creek Ridge Hollow Grove Park Bend Lake Hill Point Run Brook Meadow Glen Trace Crossing Springs Forest Rock
Branch View
""".split()  # noqa: SIM905
_SYLLABLES = """
bar ben cal cor dal den el far gal har kel lan mar nor os per quin ros sal ten tor ul ver wil yar zan mon dra
lin bur
""".split()  # noqa: SIM905
_ENDINGS = """
ton field ford wood ley ham bury dale mont ville stone well worth by er an ish o a
""".split()  # noqa: SIM905
_KINDS = {"ST": 30, "AVE": 18, "DR": 16, "LN": 12, "RD": 9, "CT": 7, "BLVD": 4, "WAY": 3, "PL": 2, "CIR": 2}
LONG = {"ST": "Street", "AVE": "Avenue", "DR": "Drive", "LN": "Lane", "RD": "Road", "CT": "Court", "BLVD": "Boulevard",
        "WAY": "Way", "PL": "Place", "CIR": "Circle", "N": "North", "S": "South", "E": "East", "W": "West"}  # fmt: skip


def _names(random_: random.Random) -> list[str]:
    made = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    invented = {
        "".join(random_.choice(_SYLLABLES) for _part in range(random_.choice((1, 2, 2)))) + random_.choice(_ENDINGS)
        for _number in range(6000)
    }
    rest = [*made, *sorted(name.capitalize() for name in invented)]
    random_.shuffle(rest)
    return [*dict.fromkeys(_FIRST), *rest]


def _places() -> Iterator[tuple[str, str, str, float, float]]:
    """City, state, ZIP code and position: the shops' own, then ZIP codes beside them."""
    with STORES.open(encoding="utf-8") as file:
        shops = [row for row in csv.DictReader(file) if len(row["zip"].split("-")[0]) == 5 and row["state"] != "PR"]
    taken = set()
    for beside in range(100):
        for row in shops:
            postal = f"{(int(row['zip'].split('-')[0]) + beside * 7) % 100000:05d}"
            city = row["city"].upper().replace(".", "").replace("'", "")
            if postal not in taken and city.replace(" ", "").isalpha() and len(row["state"]) == 2:
                taken.add(postal)
                yield (
                    city_of(city.split()),
                    row["state"],
                    postal,
                    float(row["latitude"]) + beside * 0.02,
                    float(row["longitude"]),
                )


def rows(count: int) -> Iterator[list[Row]]:
    """So many premises, in batches: of each place about 2,500, on streets of some twenty houses, some with flats."""
    random_ = random.Random("premises")
    names = _names(random_)
    weights = [1 / (rank + 12) for rank in range(len(names))]
    kinds, shares = list(_KINDS), list(_KINDS.values())
    batch: list[Row] = []
    made = 0
    for city, state, postal, latitude, longitude in _places():
        here = 0
        streets = set()
        while here < A_PLACE and made < count:
            name = random_.choices(names, weights)[0].upper()
            before = random_.choice("NSEW") if random_.random() < 0.25 else ""
            street = (before, name, random_.choices(kinds, shares)[0], "")
            if street in streets:
                continue
            streets.add(street)
            number = random_.randrange(1, 60) * 100 + random_.randrange(1, 20)
            at = (latitude + random_.uniform(-0.03, 0.03), longitude + random_.uniform(-0.03, 0.03))
            for house in range(random_.randrange(8, 34)):
                number += random_.choice((2, 2, 4, 4, 6, 3))
                flats = range(1, random_.randrange(4, 25)) if random_.random() < 0.06 else (0,)
                for flat in flats:
                    unit = f"APT {flat // 4 + 1}{'ABCD'[flat % 4]}" if flat else ""
                    batch.append(_row(made, number, street, unit, (city, state, postal), at, house, random_))
                    made += 1
                    here += 1
                    if len(batch) == BATCH:
                        yield batch
                        batch = []
                    if made == count:
                        break
                if made == count:
                    break
        if made == count:
            break
    if batch:
        yield batch


def _row(
    made: int,
    number: int,
    street: tuple[str, str, str, str],
    unit: str,
    place: tuple[str, str, str],
    at: tuple[float, float],
    house: int,
    random_: random.Random,
) -> Row:
    city, state, postal = place
    fibre = random_.choice((0, 0, 2, 3, 3, 4, 5))
    return Row(
        f"P{made:09d}", "US", number, "", *street, unit, "", city, state, postal, at[0] + house * 0.0002, at[1],
        fibre, random_.choice((0, 2, 3)), random_.choice((0, 3, 5)), random_.randrange(100, 3000),
        f"OLT{made // 4000}" if fibre else None, f"HFC{made // 4000}", f"DSLAM{made // 4000}",
    )  # fmt: skip


def address(row: Row) -> Address:
    """The address of premises in parts."""
    street = Street(row.street, row.before, row.kind, row.after)
    return Address(row.country, row.number, street, row.city, row.area, row.postal_code, row.suffix, row.unit,
                   row.district)  # fmt: skip


def nodes(row: Row) -> dict[str, str]:
    """The nodes that premises name, with their technology."""
    named = ((row.fibre_node, "FTTH"), (row.coax_node, "HFC"), (row.copper_node, "VDSL"))
    return {code: technology for code, technology in named if code}


def typed(row: Row, random_: random.Random) -> str:
    """As a person types it: words long or short, with and without commas and capitals."""
    words = [str(row.number)]
    if row.before:
        words.append(LONG[row.before] if random_.random() < 0.3 else row.before)
    words.append(row.street)
    words.append(LONG[row.kind] if random_.random() < 0.4 else row.kind)
    line = " ".join(words)
    if row.unit:
        value = row.unit.removeprefix("APT ")
        line += random_.choice(
            (f" Apt {value}", f", Apartment {value}", f" #{value}", f" Unit {value}", f" apt. {value}")
        )
    comma = "," if random_.random() < 0.7 else ""
    text = f"{line}{comma} {row.city}, {row.area} {row.postal_code}"
    return random_.choice((text, text.title(), text.lower()))


def with_typo(text: str, random_: random.Random, *, digits: bool = False) -> str:
    """One letter of a word left out, put in, changed, or swapped with the next; or so one digit of a number.

    Words are street, city, state and APT; numbers and the letters of a flat's number are not.
    """
    at = random_.choice([place for place in range(len(text)) if _is_digit(text, place) is digits])
    letter = str(random_.randrange(10)) if digits else random_.choice("abcdefghijklmnopqrstuvwxyz")
    kind = random_.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 3 and at + 1 < len(text) and _is_digit(text, at + 1) is digits:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]


def _is_digit(text: str, at: int) -> bool | None:
    """Whether a place is in a number, or in a word; None for what stands between."""
    if text[at].isdigit() or (at and text[at].isalpha() and text[at - 1].isdigit()):
        return True
    return False if text[at].isalpha() else None
