"""What is indexed: plain values, so that the index knows neither tables nor the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Attributes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class VariantDocument:
    """One SKU of a product; `price` in the channel's terms, None when only sold in a bundle."""

    sku: str
    price: Decimal | None = None
    attributes: Attributes = field(default_factory=dict)
    barcode: str = ""
    stocked: bool = True


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

    @property
    def price(self) -> Decimal | None:
        """The least price among the variants."""
        return min((variant.price for variant in self.variants if variant.price is not None), default=None)
