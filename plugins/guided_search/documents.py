"""What is indexed: plain values, so that the index knows neither tables nor the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Attributes = Mapping[str, tuple[str, ...]]
Kind = Literal["TERMS", "HIERARCHY", "RANGE", "BOOLEAN"]


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A product's texts in another language; `categories` and `values` run beside the untranslated ones."""

    name: str
    description: str = ""
    brand: str = ""
    categories: tuple[str, ...] = ()
    values: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariantDocument:
    """One SKU of a product; `price` in the channel's terms, None when only sold in a bundle."""

    sku: str
    price: Decimal | None = None
    attributes: Attributes = field(default_factory=dict)
    barcode: str = ""
    stocked: bool = True
    # Attribute values by language tag, beside the untranslated ones.
    translations: Mapping[str, Attributes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """One product as a channel sells it; `categories` from the root down, `fits` names of products it fits."""

    id: str
    name: str
    kind: str
    brand: str = ""
    categories: tuple[Category, ...] = ()
    attributes: Attributes = field(default_factory=dict)
    variants: tuple[VariantDocument, ...] = ()
    description: str = ""
    fits: tuple[str, ...] = ()
    released: date | None = None
    # By language tag, such as "zh-hans".
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def price(self) -> Decimal | None:
        """The least price among the variants."""
        return min((variant.price for variant in self.variants if variant.price is not None), default=None)


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """How an attribute becomes a dimension; `bounds` are the lower ends of the groups that numbers are shown in."""

    name: str
    attribute: str = ""
    kind: Kind = "TERMS"
    bounds: tuple[Decimal, ...] = ()
    # False for what tells products apart, or is never to be shown.
    grouping: bool = True

    @property
    def source(self) -> str:
        """The attribute whose values it holds."""
        return self.attribute or self.name


def _range(name: str, *bounds: str) -> DimensionSpec:
    return DimensionSpec(name, kind="RANGE", bounds=tuple(map(Decimal, bounds)))


# What every catalogue has, and the numbers of devices, for an index that nobody set up otherwise.
DEFAULT_DIMENSIONS = (
    DimensionSpec("category", kind="HIERARCHY"),
    DimensionSpec("brand"),
    DimensionSpec("kind"),
    _range("price", "0", "50", "100", "200", "300", "500", "750", "1000", "1500"),
    _range("screen_inches", "0", "5", "5.5", "6", "6.5", "7", "9", "11"),
    _range("battery_mah", "0", "2000", "3000", "4000", "5000", "6000", "8000"),
)
