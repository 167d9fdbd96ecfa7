"""Products to search in, and a naive search that the index must agree with."""

from collections.abc import Sequence
from decimal import Decimal

from plugins.guided_search.columns import group_name
from plugins.guided_search.documents import DEFAULT_DIMENSIONS, Category, ProductDocument, VariantDocument
from plugins.guided_search.facets import Refinement

PHONES = (Category("devices", "Devices"), Category("phones", "Phones"))
TABLETS = (Category("devices", "Devices"), Category("tablets", "Tablets"))
CASES = (Category("accessories", "Accessories"), Category("cases", "Phone cases"))
CHARGERS = (Category("accessories", "Accessories"), Category("chargers", "Chargers"))


def phone(
    name: str, *, brand: str = "Samsung", storage: Sequence[str] = ("128 GB",), **fields: object
) -> ProductDocument:
    """A phone with one variant per storage size, 100 dearer each."""
    variants = tuple(
        VariantDocument(f"{name}-{size}".replace(" ", ""), Decimal(500 + 100 * step), {"storage": (size,)})
        for step, size in enumerate(storage)
    )
    return ProductDocument(
        **{"id": name, "name": name, "kind": "DEVICE", "brand": brand, "categories": PHONES, "variants": variants}
        | fields
    )


def case(name: str, *, fits: Sequence[str] = (), price: str = "20") -> ProductDocument:
    """An accessory in one variant."""
    return ProductDocument(
        id=name,
        name=name,
        kind="ACCESSORY",
        categories=CASES,
        fits=tuple(fits),
        variants=(VariantDocument(f"C-{name}".replace(" ", ""), Decimal(price)),),
    )


def _variants(product: ProductDocument) -> Sequence[VariantDocument]:
    return product.variants or (VariantDocument(""),)


def _values(product: ProductDocument, variant: VariantDocument, dimension: str) -> set[str]:
    match dimension:
        case "category":
            return {category.slug for category in product.categories}
        case "brand":
            return {product.brand} - {""}
        case "kind":
            return {product.kind}
    return {*product.attributes.get(dimension, ()), *variant.attributes.get(dimension, ())}


def _satisfies(product: ProductDocument, variant: VariantDocument, chosen: Refinement, in_store: set[str]) -> bool:
    if chosen.dimension == "in_store":
        return variant.sku in in_store
    if chosen.dimension != "price":
        return bool(_values(product, variant, chosen.dimension) & set(chosen.values))
    price = variant.price
    if price is None:
        return False
    return (
        (not chosen.values or any(_in_group(price, value) for value in chosen.values))
        and (chosen.minimum is None or price >= chosen.minimum)
        and (chosen.maximum is None or price <= chosen.maximum)
    )


def price_groups() -> list[str]:
    """The groups that prices are shown in, as they are chosen: "100..200"."""
    [spec] = [spec for spec in DEFAULT_DIMENSIONS if spec.name == "price"]
    return [group_name(*pair) for pair in zip(spec.bounds, [*spec.bounds[1:], None], strict=True)]


def _in_group(price: Decimal, group: str) -> bool:
    lower, _dots, upper = group.partition("..")
    return Decimal(lower) <= price and (not upper or price < Decimal(upper))


def naive_matches(
    products: Sequence[ProductDocument], refinements: Sequence[Refinement], in_store: set[str]
) -> set[str]:
    """The ids of products of which one variant satisfies all refinements."""
    return {
        product.id
        for product in products
        if any(
            all(_satisfies(product, variant, chosen, in_store) for chosen in refinements)
            for variant in _variants(product)
        )
    }
