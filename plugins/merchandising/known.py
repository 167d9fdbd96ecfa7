"""What there is to refer to: channels, categories, values, articles and stores, each read once, when first needed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from kernel.errors import INVALID, REQUIRED, ApiError, Message
from plugins.catalogue.models import Channel, Kind, Product, SalesChannel, Variant
from plugins.merchandising import selectors
from plugins.merchandising.models import (
    Configured,
    DimensionSetup,
    PrecedenceRule,
    Rule,
)
from plugins.merchandising.precedence import deadlocked

# What every answer of the search has, whatever is set up.
ALWAYS: Final = frozenset({"category", "brand", "kind", "price"})
IN_STORE: Final = "in_store"
AT_ADDRESS: Final = "at_address"
MONTHLY_PRICE: Final = "monthly_price"
# What is known only at the moment of asking.
LIVE: Final = frozenset({IN_STORE, AT_ADDRESS, MONTHLY_PRICE})
_GROUP = re.compile(r"(\d+(\.\d+)?)?\.\.(\d+(\.\d+)?)?")

_ATTRIBUTE_VALUES = """
SELECT DISTINCT item.entry->>'name', found.value
FROM (SELECT attributes FROM catalogue_product WHERE is_active
      UNION ALL SELECT attributes FROM catalogue_variant WHERE is_active) AS owner,
     jsonb_array_elements(owner.attributes) AS item (entry),
     jsonb_array_elements_text(item.entry->'values') AS found (value)
"""


class Known:
    """One look at the tables, for checking any number of rows against them.

    `alone` is for rows that come one by one: those of a file are held against each other when all are there.
    """

    def __init__(self, *, alone: bool = True) -> None:
        self.alone = alone

    @cached_property
    def channels(self) -> frozenset[str]:
        return frozenset(Channel.objects.values_list("slug", flat=True))

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Names by slug."""
        paths = Product.objects.filter(is_active=True).values_list("category_slugs", "category_path").distinct()
        return dict(
            sorted({slug: name for slugs, names in paths for slug, name in zip(slugs, names, strict=False)}.items())
        )

    @cached_property
    def stores(self) -> Mapping[str, str]:
        """Names by id."""
        return dict(
            Store.objects.filter(is_active=True, kind=Store.Kind.STORE).order_by("name").values_list("pk", "name")
        )

    @cached_property
    def values(self) -> Mapping[str, frozenset[str]]:
        """The values of each attribute of the catalogue."""
        found: dict[str, set[str]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_ATTRIBUTE_VALUES)
            for name, value in cursor.fetchall():
                found.setdefault(name, set()).add(value)
        return {name: frozenset(values) for name, values in found.items()}

    @cached_property
    def brands(self) -> frozenset[str]:
        return frozenset(Product.objects.filter(is_active=True).exclude(brand="").values_list("brand", flat=True))

    @cached_property
    def precedence(self) -> tuple[PrecedenceRule, ...]:
        return tuple(PrecedenceRule.objects.all())

    @cached_property
    def dimensions(self) -> Mapping[str, DimensionSetup]:
        """What is set up, by name; for kinds and attributes the general row goes first."""
        rows = DimensionSetup.objects.order_by("-channel")
        return {row.name: row for row in rows}

    def has_dimension(self, name: str) -> bool:
        return name in self.dimensions or name in self.values or name in ALWAYS or name in LIVE

    def kind(self, dimension: str) -> str:
        if dimension in LIVE:
            return "RANGE" if dimension == MONTHLY_PRICE else "BOOLEAN"
        row = self.dimensions.get(dimension)
        return row.kind if row else "TERMS"

    def has_value(self, dimension: str, value: str) -> bool:
        """Whether this can be chosen in a dimension."""
        match self.kind(dimension):
            case "RANGE":
                return value != ".." and bool(_GROUP.fullmatch(value))
            case "BOOLEAN":
                return value == "true"
        match dimension:
            case "category":
                return value in self.categories
            case "brand":
                return value in self.brands
            case "kind":
                return value in Kind.values
        row = self.dimensions.get(dimension)
        return value in self.values.get(row.attribute if row else dimension, ())


def unknown_skus(skus: Iterable[str]) -> set[str]:
    """Those among `skus` that are no article of the catalogue; one query."""
    wanted = set(skus)
    return wanted - set(Variant.objects.filter(sku__in=wanted).values_list("sku", flat=True)) if wanted else set()


def problems(row: Configured, known: Known) -> Iterator[ApiError]:
    """What in the row refers to nothing, or does not go together; its form is right already."""
    channel = str(getattr(row, "channel", ""))
    if channel and channel not in known.channels:
        yield _wrong("channel", _("There is no such sales channel."))
    match row:
        case DimensionSetup():
            yield from _of_dimension(row, known)
        case PrecedenceRule():
            yield from _of_precedence(row, known)
        case Rule():
            yield from _of_rule(row, known)


def _of_dimension(row: DimensionSetup, known: Known) -> Iterator[ApiError]:
    if (row.kind == "HIERARCHY") != (row.name == "category"):
        yield _wrong("kind", _("The category, and only that, is a tree."))
    if row.name == MONTHLY_PRICE and row.kind != "RANGE":
        yield _wrong("kind", _("Monthly prices are numbers in groups."))
    if row.name in ALWAYS and not row.is_shown:
        yield _wrong("is_shown", _("Every answer has this dimension: it cannot be hidden."))
    if row.name in ALWAYS and row.categories:
        yield _wrong("categories", _("Every answer has this dimension: it cannot be hidden."))
    if row.order == "RANK" and not row.ranked_values:
        yield ApiError(REQUIRED, _("List the values in their order."), field="ranked_values")
    yield from _categories(row.categories, known, "categories")


def _of_precedence(row: PrecedenceRule, known: Known) -> Iterator[ApiError]:
    if row.dimension in ALWAYS:
        yield _wrong("dimension", _("Every answer has this dimension: it cannot be hidden."))
    if not known.has_dimension(row.dimension):
        yield _wrong("dimension", _("There is no such dimension."))
    yield from _chosen({row.trigger: row.values}, known, "values", at_dimension="trigger")
    for name in row.also:
        if name in (row.dimension, row.trigger):
            yield _wrong("also", _("“%(name)s” is named twice."), name=name)
    yield from _chosen(row.also, known, "also")
    if known.alone:
        others = [other for other in known.precedence if other.pk != row.pk]
        yield from deadlocks([*others, row], "trigger")


def deadlocks(rows: Sequence[PrecedenceRule] | None = None, field: str = "") -> Iterator[ApiError]:
    """What of these rules, or of those in the table, keeps dimensions hidden for ever in some channel."""
    rows = tuple(PrecedenceRule.objects.all()) if rows is None else rows
    for channel in sorted({row.channel for row in rows}):
        here = [row for row in rows if row.channel in ("", channel)]
        found = deadlocked(selectors.precedence(row) for row in here)
        if found:
            message = _("No choice would ever bring these dimensions up, for each waits for another: %(names)s.")
            yield ApiError(INVALID, message, field=field or None, params={"names": ", ".join(found)})
            return


def _of_rule(row: Rule, known: Known) -> Iterator[ApiError]:
    yield from _categories(row.categories, known, "categories")
    yield from _chosen(row.refinements, known, "refinements")
    yield from _unlisted(
        row.store_ids, known.stores if row.store_ids else (), "store_ids", _("There is no such store.")
    )
    yield from _unlisted(
        row.sales_channels, SalesChannel.values, "sales_channels", _("There is no such sales channel.")
    )
    unknown = unknown_skus(item["sku"] for item in row.products)
    for number, item in enumerate(row.products):
        if item["sku"] in unknown:
            message = _("There is no article %(sku)s.")
            yield ApiError(INVALID, message, field=f"products.{number}", params={"sku": item["sku"]})
        if ("position" in item) != (row.kind == "PIN"):
            yield _wrong(f"products.{number}", _("Pinned products have a place, others have none."))
    yield from _conditions(row.conditions, known)
    if row.kind == "SPOTLIGHT" and not (row.products or row.query or row.conditions):
        yield ApiError(REQUIRED, _("Name products, or say which products are meant."), field="products")


def _conditions(conditions: Mapping[str, Any], known: Known) -> Iterator[ApiError]:
    listed = {}
    for dimension, wanted in conditions.items():
        if isinstance(wanted, dict) != (known.kind(dimension) == "RANGE"):
            yield _wrong("conditions", _("“%(name)s”: numbers are between bounds, values are listed."), name=dimension)
        elif not isinstance(wanted, dict):
            listed[dimension] = wanted
    yield from _chosen(listed, known, "conditions")


def _chosen(
    values: Mapping[str, Iterable[str]], known: Known, field: str, *, at_dimension: str = ""
) -> Iterator[ApiError]:
    for dimension, wanted in values.items():
        if not known.has_dimension(dimension):
            yield _wrong(at_dimension or field, _("There is no dimension “%(name)s”."), name=dimension)
            continue
        for value in wanted:
            if not known.has_value(dimension, value):
                yield _wrong(field, _("There is no “%(value)s” in “%(name)s”."), name=dimension, value=value)


def _categories(slugs: Iterable[str], known: Known, field: str) -> Iterator[ApiError]:
    yield from _unlisted(slugs, known.categories if slugs else (), field, _("There is no such category."))


def _unlisted(values: Iterable[str], listed: Iterable[str], field: str, message: Message) -> Iterator[ApiError]:
    found = set(listed)
    yield from (_wrong(f"{field}.{number}", message) for number, value in enumerate(values) if value not in found)


def _wrong(field: str, message: Message, **params: str) -> ApiError:
    return ApiError(INVALID, message, field=field, params=params)
