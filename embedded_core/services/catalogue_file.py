"""The catalogue file: read as a whole and checked as a whole, so that every mistake in it is told at once."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

INPUT_TYPES = {"DROPDOWN", "MULTISELECT", "NUMERIC", "BOOLEAN", "PLAIN_TEXT", "REFERENCE"}
COLLECTION = {"LOCAL", "ALL", "DISABLED"}
LARGEST_PRICE = Decimal(10**9)


class CatalogueErrors(Exception):
    """What is wrong with a catalogue file, one sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(path: Path) -> dict[str, Any]:
    """The catalogue in the file; raises CatalogueErrors with everything that is wrong with it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueErrors([f"The file cannot be read: {error}."]) from error
    except ValueError as error:
        raise CatalogueErrors([f"The file is not valid JSON: {error}."]) from error
    if not isinstance(data, dict):
        raise CatalogueErrors(["The file must hold one JSON object."])
    problems = list(_check(data))
    if problems:
        raise CatalogueErrors(problems)
    return data


class _Section:
    """The rows of one list of the file, by their slug."""

    def __init__(self, data: dict[str, Any], name: str, one: str, key: str = "slug") -> None:
        self.one, self.key = one, key
        rows = data.get(name, [])
        self.is_list = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        self.name = name
        self.rows: list[dict[str, Any]] = rows if self.is_list else []
        self.keys = {row.get(key) for row in self.rows}

    def problems(self, *required: str) -> Iterator[str]:
        """What every list has to fulfil: keys that are there, texts that are texts, no slug twice."""
        if not self.is_list:
            yield f"`{self.name}` must be a list of objects."
        seen = set()
        for number, row in enumerate(self.rows, start=1):
            key = row.get(self.key)
            if not isinstance(key, str) or not key:
                yield f"{self.one} number {number} has no {self.key}."
                continue
            if key in seen:
                yield f"{self.one} {key!r} occurs twice."
            seen.add(key)
            for field in required:
                if not isinstance(row.get(field), str) or not row[field]:
                    yield f"{self.one} {key!r} has no {field}."
            if not isinstance(row.get("metadata", {}), dict):
                yield f"The metadata of {self.one.lower()} {key!r} must be an object."
            if not _are_translations(row.get("translations", {})):
                yield f"The translations of {self.one.lower()} {key!r} must be texts by language."

    def each(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return ((f"{self.one} {row.get(self.key)!r}", row) for row in self.rows)


def _check(data: dict[str, Any]) -> Iterator[str]:
    channels = _Section(data, "channels", "Channel")
    yield from channels.problems("name", "currency", "country")
    if not channels.rows:
        yield "There must be at least one channel."
    if not isinstance(data.get("shop", {}), dict):
        yield "`shop` must be an object."
    tax_classes = _Section(data, "tax_classes", "Tax class")
    types = _Section(data, "product_types", "Product type")
    categories = _Section(data, "categories", "Category")
    attributes = _Section(data, "attributes", "Attribute")
    warehouses = _Section(data, "warehouses", "Warehouse")
    products = _Section(data, "products", "Product")
    users = _Section(data, "users", "User", key="email")
    for section in (tax_classes, types, categories, attributes, warehouses, products):
        yield from section.problems("name")
    yield from users.problems("password")
    for who, row in tax_classes.each():
        rates = row.get("rates", {})
        if not isinstance(rates, dict) or not all(_is_number(rate, Decimal(1000)) for rate in rates.values()):
            yield f"The rates of {_lower(who)} must be numbers by country."
    for who, row in categories.each():
        if row.get("parent") is not None and row["parent"] not in categories.keys:
            yield f"{who} names the parent {row['parent']!r}, which does not exist."
    yield from _circles(categories)
    for who, row in attributes.each():
        if row.get("input_type") not in INPUT_TYPES:
            yield f"{who} has the input type {row.get('input_type')!r}, which is none of {sorted(INPUT_TYPES)}."
    for who, row in warehouses.each():
        if row.get("click_and_collect", "DISABLED") not in COLLECTION:
            yield f"{who} has a click_and_collect that is none of {sorted(COLLECTION)}."
        if not isinstance(row.get("address"), dict) or not row["address"].get("country"):
            yield f"{who} has no address with a country."
    for who, row in users.each():
        if "@" not in str(row.get("email")):
            yield f"{who} has no valid e-mail address."
    yield from _check_promotions(data.get("promotions", []), products, channels.keys)
    references = (("product_type", types), ("category", categories), ("tax_class", tax_classes))
    yield from _check_products(products, references, attributes, channels.keys)


def _check_promotions(rows: Any, products: _Section, channels: set[Any]) -> Iterator[str]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield "`promotions` must be a list of objects."
        return
    lists = (row["variants"] for row in products.rows if isinstance(row.get("variants"), list))
    skus = {variant.get("sku") for variants in lists for variant in variants if isinstance(variant, dict)}
    for row in rows:
        who = f"Promotion {row.get('name')!r}"
        if not isinstance(row.get("name"), str) or not row["name"]:
            yield f"{who} has no name."
        if not _is_number(row.get("percent"), Decimal(101)):
            yield f"{who} has no percentage."
        for field, known in (("skus", skus), ("channels", channels)):
            if not isinstance(row.get(field), list) or not set(row[field]) <= known:
                yield f"{who} names {field} that do not exist."


def _check_products(
    products: _Section, references: tuple[tuple[str, _Section], ...], attributes: _Section, channels: set[Any]
) -> Iterator[str]:
    input_types = {row.get("slug"): row.get("input_type") for row in attributes.rows}
    skus: set[str] = set()
    for who, row in products.each():
        for field, section in references:
            if row.get(field) not in section.keys and not (field != "product_type" and row.get(field) is None):
                yield f"{who} names the {field} {row.get(field)!r}, which does not exist."
        yield from _check_attributes(who, row, input_types, products.keys)
        variants = row.get("variants")
        if not isinstance(variants, list) or not all(isinstance(variant, dict) for variant in variants):
            yield f"The variants of {_lower(who)} must be a list of objects."
            continue
        for variant in variants:
            yield from _check_variant(who, variant, skus, channels)
            yield from _check_attributes(f"Variant {variant.get('sku')!r}", variant, input_types, products.keys)


def _check_variant(product: str, variant: dict[str, Any], skus: set[str], channels: set[Any]) -> Iterator[str]:
    sku = variant.get("sku")
    if not isinstance(sku, str) or not sku:
        yield f"{product} has a variant without a sku."
        return
    if sku in skus:
        yield f"Variant {sku!r} occurs twice."
    skus.add(sku)
    listings = variant.get("listings", {})
    if not isinstance(listings, dict) or not all(isinstance(listing, dict) for listing in listings.values()):
        yield f"The listings of variant {sku!r} must be objects by channel."
        listings = {}
    for channel, listing in listings.items():
        yield from _check_listing(sku, channel, listing, channels)
    if not isinstance(variant.get("metadata", {}), dict):
        yield f"The metadata of variant {sku!r} must be an object."
    if not _are_translations(variant.get("translations", {})):
        yield f"The translations of variant {sku!r} must be texts by language."


def _check_listing(sku: str, channel: str, listing: dict[str, Any], channels: set[Any]) -> Iterator[str]:
    if channel not in channels:
        yield f"Variant {sku!r} is listed in the channel {channel!r}, which does not exist."
    if not _is_number(listing.get("price"), LARGEST_PRICE):
        yield f"Variant {sku!r} has the price {listing.get('price')!r}, which is no amount of money."
    before = listing.get("undiscounted_price")
    if before is not None and not _is_number(before, LARGEST_PRICE):
        yield f"Variant {sku!r} has the undiscounted price {before!r}, which is no amount of money."


def _check_attributes(who: str, row: dict[str, Any], input_types: dict[Any, Any], products: set[Any]) -> Iterator[str]:
    values_by_slug = row.get("attributes", {})
    if not isinstance(values_by_slug, dict):
        yield f"The attributes of {_lower(who)} must be an object."
        return
    for slug, values in values_by_slug.items():
        if slug not in input_types:
            yield f"{who} has the attribute {slug!r}, which does not exist."
        elif not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            yield f"The values of {slug!r} of {_lower(who)} must be a list of texts."
        else:
            yield from _check_values(who, slug, values, _RULES.get(input_types[slug]), products)


def _check_values(
    who: str, slug: str, values: list[str], rule: Callable[[str], bool] | None, products: set[Any]
) -> Iterator[str]:
    for value in values:
        if rule is not None and not rule(value):
            yield f"{who} has the value {value!r} of {slug!r}, which does not fit its input type."
        elif rule is _is_reference and value not in products:
            yield f"{who} refers to the product {value!r} in {slug!r}, which does not exist."


def _are_translations(value: Any) -> bool:
    """{language: {"name": text, "description": text, "values": {text: text}}}, each part optional."""
    if not isinstance(value, dict) or not all(isinstance(texts, dict) for texts in value.values()):
        return False
    return all(
        isinstance(text, str) or (name == "values" and _are_texts(text))
        for texts in value.values()
        for name, text in texts.items()
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_number(value: Any, limit: Decimal) -> bool:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and 0 <= number < limit


def _is_numeric(value: str) -> bool:
    return _is_number(value.removeprefix("-"), Decimal(10**12))


def _is_boolean(value: str) -> bool:
    return value.lower() in {"true", "false"}


def _is_reference(value: str) -> bool:
    return bool(value)


_RULES: dict[Any, Callable[[str], bool]] = {
    "NUMERIC": _is_numeric,
    "BOOLEAN": _is_boolean,
    "REFERENCE": _is_reference,
}


def _circles(categories: _Section) -> Iterator[str]:
    parents = {row.get("slug"): row.get("parent") for row in categories.rows}
    for slug in parents:
        seen, current = set(), slug
        while current in parents and current not in seen:
            seen.add(current)
            current = parents[current]
        if current is not None and current == slug:
            yield f"Category {slug!r} is its own ancestor."


def _lower(who: str) -> str:
    return who[:1].lower() + who[1:]
