"""The real devices of the shared data set are found as people write them."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plugins.guided_search import ordering
from plugins.guided_search.documents import Category, ProductDocument, VariantDocument
from plugins.guided_search.index import Index
from plugins.guided_search.matching import Match, match
from plugins.guided_search.ordering import Order
from tests.guided_search.catalogues import PHONES, TABLETS

DEVICES = Path(__file__).resolve().parents[3] / "shared" / "data" / "devices.csv"
ACCESSORIES = (Category("accessories", "Accessories"), Category("cases", "Cases"))

pytestmark = pytest.mark.skipif(not DEVICES.exists(), reason=f"{DEVICES.name} of the shared data is not here")


def _documents() -> Iterator[ProductDocument]:
    with DEVICES.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            sizes = [size for size in row["storage"].split(" GB")[0].split("/") if size.isdigit()] or ["32"]
            variants = tuple(
                VariantDocument(f"D{number}-{size}", Decimal(300), {"storage": (f"{size} GB",)}) for size in sizes
            )
            yield ProductDocument(
                id=f"{number:04}",
                name=row["name"],
                kind="DEVICE",
                brand=row["brand"],
                categories=TABLETS if row["kind"] == "tablet" else PHONES,
                attributes={
                    "network": tuple(network.split()[0] for network in row["network"].split("|") if network),
                    "screen_inches": (row["screen_inches"],),
                    "battery_mah": (row["battery_mah"],),
                },
                variants=variants,
                released=date(int(row["release"][:4]), 1, 1) if row["release"][:4].isdigit() else None,
            )
            name = f"{row['brand']} {row['name']}"
            yield ProductDocument(
                id=f"{number:04}-case",
                name=f"Clear case for {name}",
                kind="ACCESSORY",
                brand="Shellback",
                categories=ACCESSORIES,
                fits=(name,),
                variants=(VariantDocument(f"C{number}", Decimal(20)),),
            )


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(_documents())


def _search(index: Index, typed: str) -> tuple[list[str], Match]:
    found = match(index, typed)
    rows = Order(found.rows, ordering.keys(index, found.rows, found.scores, None)).page(0, 100)
    return [f"{index.entry(row).brand} {index.entry(row).name}" for row in rows], found


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pixel 8 pro", "Google Pixel 8 Pro"),
        ("google pixel 3a", "Google Pixel 3a"),
        ("galaxy s10+", "Samsung Galaxy S10+"),
        ("galaxy s23", "Samsung Galaxy S23"),
        ("samsung s6", "Samsung Galaxy S6"),
        ("moto g45", "Motorola moto g45 5G"),
        ("one plus 5t", "OnePlus 5T"),
        ("oneplus 8", "OnePlus 8"),
        ("xperia 1 ii", "Sony Xperia 1 II"),
        ("huawei p20 pro", "Huawei P20 Pro"),
        ("redmi note 10 pro india", "Xiaomi Redmi Note 10 Pro (India)"),
        ("nothing phone 2", "Nothing Phone (2)"),
        ("mi 9 lite", "Xiaomi Mi 9 Lite"),
        ("zenfone 2 laser 720p", "ASUS Zenfone 2 Laser (720p)"),
        ("pixel 8 pro case", "Shellback Clear case for Google Pixel 8 Pro"),
    ],
)
def test_a_model_is_first(index: Index, typed: str, first: str) -> None:
    names, found = _search(index, typed)
    assert names[0] == first, names[:5]
    assert found.correction is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("googel pixel 8 pro", "Google Pixel 8 Pro"),
        ("samsng galxy s23", "Samsung Galaxy S23"),
        ("motorolla moto g45", "Motorola moto g45 5G"),
        ("oneplsu 5t", "OnePlus 5T"),
        ("xperya 1 ii", "Sony Xperia 1 II"),
    ],
)
def test_a_slip_of_the_finger_is_corrected(index: Index, typed: str, first: str) -> None:
    names, found = _search(index, typed)
    assert names[0] == first, names[:5]
    assert found.correction is not None


def test_phones_come_before_their_cases(index: Index) -> None:
    names, _found = _search(index, "galaxy")
    kinds = ["case" in name for name in names]
    assert kinds == sorted(kinds)


def test_tablets_are_tablets(index: Index) -> None:
    names, _found = _search(index, "samsung tablet")
    assert "Tab" in names[0]
