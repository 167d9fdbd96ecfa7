"""Random catalogues and searches, small enough that words, values and prices meet often."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from plugins.guided_search.documents import Category, ProductDocument, VariantDocument
from plugins.guided_search.facets import Refinement
from tests.guided_search.catalogues import CASES, CHARGERS, PHONES, TABLETS, price_groups

_WORDS = ("Galaxy", "Pixel", "Nord", "Pro", "Ultra", "S21", "S2", "8", "clear", "45W")
_PLACES = {"DEVICE": (PHONES, TABLETS), "ACCESSORY": (CASES, CHARGERS), "PLAN": ((Category("plans", "Plans"),),)}
_VALUES = {"storage": ("64 GB", "128 GB", "1 TB"), "colour": ("Black", "Red"), "network": ("4G", "5G")}
_PRICES = st.none() | st.sampled_from([Decimal("9.99"), Decimal(50), Decimal("199.50"), Decimal(1500)])
_TYPED = (
    *("galaxy", "GALAXY", "galxy", "gala", "pixel 8", "pixel8", "s21 ultra", "ultra 128gb", "samsung", "red", "zzzzzz"),
    *("phone", "phone case", "galaxy case", "tablet", "plan", "charger 45 w", "cheap phone", "phone under 200", "nord"),
    *('"galaxy s21"', '"s21 galaxy"', "clear 1tb red", "pixel galaxy nord", "over 100", "5g", "big battery", "pro", ""),
)
ids = [f"p{number}" for number in range(8)]


def _some(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(_VALUES[name]), max_size=2, unique=True).map(tuple)


@st.composite
def products(draw: st.DrawFn, key: str) -> ProductDocument:
    """A product of this id."""
    kind = draw(st.sampled_from(sorted(_PLACES)))
    name = " ".join(draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3, unique=True)))
    variants = tuple(
        VariantDocument(
            f"{key}-{at}", draw(_PRICES), {"storage": draw(_some("storage")), "colour": draw(_some("colour"))}
        )
        for at in range(draw(st.integers(0, 3)))
    )
    numbers = draw(st.lists(st.sampled_from(["3000", "5000"]), max_size=1)) if kind == "DEVICE" else []
    return ProductDocument(
        id=key,
        name=name,
        kind=kind,
        brand=draw(st.sampled_from(["", "Samsung", "Google"])),
        categories=draw(st.sampled_from(_PLACES[kind])),
        attributes={"network": draw(_some("network")), "battery_mah": tuple(numbers)},
        variants=variants,
        released=draw(st.sampled_from([None, date(2024, 1, 1), date(2025, 1, 1)])),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> list[ProductDocument]:
    """Up to eight products."""
    return [draw(products(key)) for key in ids[: draw(st.integers(0, len(ids)))]]


texts = st.sampled_from(_TYPED)


MONTHLY_BOUNDS = (Decimal(0), Decimal(20), Decimal(40))
_MONTHLY_VALUES = ("0..20", "20..40", "40..", "25.00", "9.99", "7..8", "nothing")


def monthly(skus: Sequence[str]) -> st.SearchStrategy[dict[str, Decimal]]:
    """What some of the SKUs cost a month."""
    prices = st.sampled_from([Decimal("9.99"), Decimal(20), Decimal("25.00"), Decimal(90)])
    return st.dictionaries(st.sampled_from(skus), prices) if skus else st.just({})


@st.composite
def refinements(draw: st.DrawFn, *, in_store: bool = False, live: bool = False) -> tuple[Refinement, ...]:
    """Choices in up to three dimensions, and perhaps bounds of the price."""
    options = {
        "category": ("devices", "phones", "cases", "plans"),
        "brand": ("Samsung", "Google"),
        "kind": ("DEVICE", "PLAN"),
        **_VALUES,
    }
    found = []
    for dimension in draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True)):
        values = draw(st.lists(st.sampled_from(options[dimension]), min_size=1, max_size=2, unique=True))
        found.append(Refinement(dimension, tuple(values)))
    match draw(st.sampled_from(["no price", "group", "bounds"])):
        case "group":
            found.append(Refinement("price", (draw(st.sampled_from(price_groups())),)))
        case "bounds":
            found.append(Refinement("price", (), Decimal(20), draw(st.sampled_from([None, Decimal(200)]))))
    for name, wanted in (("in_store", in_store or live), ("at_address", live)):
        if wanted and draw(st.booleans()):
            found.append(Refinement(name, ("true",)))
    if live and draw(st.booleans()):
        values = tuple(draw(st.lists(st.sampled_from(_MONTHLY_VALUES), max_size=2, unique=True)))
        ends = st.sampled_from([None, Decimal(10), Decimal(25)])
        found.append(Refinement("monthly_price", values, draw(ends), draw(st.sampled_from([None, Decimal(25)]))))
    return tuple(found)
