"""Counts are what a naive recount finds, and what the result shows when the value is chosen."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.guided_search.documents import Category, ProductDocument, VariantDocument
from plugins.guided_search.facets import Facet, Refinement, Selection
from plugins.guided_search.index import Index
from tests.guided_search.catalogues import case, naive_matches, phone, price_groups

_TREE = {
    "phones": (Category("devices", "Devices"), Category("phones", "Phones")),
    "tablets": (Category("devices", "Devices"), Category("tablets", "Tablets")),
    "plans": (Category("plans", "Plans"),),
    "none": (),
}
_VALUES = {"storage": ("64 GB", "128 GB", "1 TB"), "colour": ("Black", "Red"), "network": ("4G", "5G")}
_PRICES = st.none() | st.sampled_from([Decimal("9.99"), Decimal(50), Decimal("199.50"), Decimal(1500)])


@st.composite
def _catalogues(draw: st.DrawFn) -> list[ProductDocument]:
    def some(name: str) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(_VALUES[name]), max_size=2, unique=True)))

    products = []
    for number in range(draw(st.integers(0, 8))):
        variants = tuple(
            VariantDocument(f"{number}-{plane}", draw(_PRICES), {"storage": some("storage"), "colour": some("colour")})
            for plane in range(draw(st.integers(0, 4)))
        )
        products.append(
            ProductDocument(
                id=f"p{number}",
                name=f"Product {number}",
                kind=draw(st.sampled_from(["DEVICE", "PLAN"])),
                brand=draw(st.sampled_from(["", "Ada", "Bob"])),
                categories=_TREE[draw(st.sampled_from(sorted(_TREE)))],
                attributes={"network": some("network")},
                variants=variants,
            )
        )
    return products


def _choices(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def _refinements(draw: st.DrawFn) -> list[Refinement]:
    found = []
    options = {
        "category": ["devices", "phones", "tablets", "plans", "unknown"],
        "brand": ["Ada", "Bob", "Nobody"],
        "kind": ["DEVICE", "PLAN"],
        **{name: list(values) for name, values in _VALUES.items()},
    }
    for dimension in draw(st.lists(st.sampled_from(sorted(options)), max_size=4, unique=True)):
        found.append(Refinement(dimension, draw(_choices(options[dimension]))))
    if draw(st.booleans()):
        bounds = sorted([draw(st.decimals(0, 2000, places=2)), draw(st.decimals(0, 2000, places=2))])
        values = draw(st.just(()) | _choices(price_groups()))
        found.append(Refinement("price", values, draw(st.sampled_from([None, bounds[0]])), bounds[1]))
    if draw(st.booleans()):
        found.append(Refinement("in_store", ("true",)))
    return found


@settings(max_examples=150, deadline=None)
@given(_catalogues(), _refinements(), st.data())
def test_every_count_is_what_choosing_the_value_beside_the_others_leaves(
    products: list[ProductDocument], refinements: list[Refinement], data: st.DataObject
) -> None:
    skus = [variant.sku for product in products for variant in product.variants]
    in_store = set(data.draw(st.lists(st.sampled_from(skus), unique=True)) if skus else [])
    index = Index.build(products)
    refinements = [chosen for chosen in refinements if chosen.dimension in {*index.columns.dimensions, "in_store"}]
    live = {"in_store": index.store_masks(in_store)}
    selection = Selection(index, index.rows, refinements, live=live)

    found = {index.entry(row).id for row in selection.rows.tolist()}
    assert found == naive_matches(products, refinements, in_store)

    for facet in selection.facets():
        others = [chosen for chosen in refinements if chosen.dimension != facet.name]
        for value in facet.values:
            alone = Refinement(facet.name, (value.value,))
            assert value.count == len(naive_matches(products, [*others, alone], in_store)), (facet.name, value)
            chosen = next((chosen for chosen in refinements if chosen.dimension == facet.name), None)
            assert value.selected == (chosen is not None and value.value in chosen.values)
        _assert_bounds(facet, products, others, in_store)


def _assert_bounds(facet: Facet, products: list[ProductDocument], others: list[Refinement], in_store: set[str]) -> None:
    if facet.name != "price":
        return
    prices = sorted(
        variant.price
        for product in products
        for variant in product.variants
        if variant.price is not None and naive_matches([ProductDocument(**_single(product, variant))], others, in_store)
    )
    expected = (prices[0], prices[-1]) if prices else (None, None)
    assert (facet.minimum, facet.maximum) == expected


def _single(product: ProductDocument, variant: VariantDocument) -> dict[str, object]:
    return {
        "id": product.id,
        "name": product.name,
        "kind": product.kind,
        "brand": product.brand,
        "categories": product.categories,
        "attributes": product.attributes,
        "variants": (variant,),
    }


def _facet(selection: Selection, name: str) -> Facet:
    return next(facet for facet in selection.facets() if facet.name == name)


def _counts(facet: Facet) -> dict[str, int]:
    return {value.value: value.count for value in facet.values}


def test_a_dimension_keeps_its_other_values_when_one_is_chosen() -> None:
    index = Index.build(
        [phone("A", storage=["64 GB", "128 GB"]), phone("B", storage=["256 GB"]), phone("C", brand="Ada")]
    )
    selection = Selection(index, index.rows, [Refinement("storage", ("64 GB",))])
    assert _counts(_facet(selection, "storage")) == {"64 GB": 1, "128 GB": 2, "256 GB": 1}
    assert _counts(_facet(selection, "brand")) == {"Samsung": 1}


def test_one_variant_must_have_all_that_is_chosen() -> None:
    product = phone("A", storage=["64 GB", "128 GB"])
    index = Index.build([product])
    only_small_in_store = {"in_store": index.store_masks([product.variants[0].sku])}
    big = [Refinement("storage", ("128 GB",)), Refinement("in_store", ("true",))]
    selection = Selection(index, index.rows, big, live=only_small_in_store)
    assert selection.total() == 0
    assert _counts(_facet(selection, "in_store")) == {"true": 0}
    assert _counts(_facet(selection, "storage")) == {"64 GB": 1, "128 GB": 0}


def test_categories_are_a_tree_with_parents_first() -> None:
    index = Index.build([phone("A"), phone("B"), case("Case")])
    tree = [
        (value.value, value.level, value.parent, value.count)
        for value in _facet(Selection(index, index.rows, []), "category").values
    ]
    assert tree == [
        ("devices", 0, None, 2),
        ("phones", 1, "devices", 2),
        ("accessories", 0, None, 1),
        ("cases", 1, "accessories", 1),
    ]


def test_storage_is_ordered_by_size() -> None:
    index = Index.build([phone("A", storage=["1 TB", "64 GB", "512 GB"]), phone("B", storage=["1 TB"])])
    values = _facet(Selection(index, index.rows, []), "storage").values
    assert [value.value for value in values] == ["64 GB", "512 GB", "1 TB"]


def test_numbers_are_a_range_with_groups() -> None:
    index = Index.build(
        [phone("A", attributes={"screen_inches": ("6.1",)}), phone("B", attributes={"screen_inches": ("6.7",)})]
    )
    facet = _facet(Selection(index, index.rows, []), "screen_inches")
    assert (facet.kind, facet.minimum, facet.maximum) == ("RANGE", Decimal("6.1"), Decimal("6.7"))
    assert _counts(facet) == {"6..6.5": 1, "6.5..7": 1}


def test_attributes_of_the_matched_kind_only() -> None:
    cable = case("Cable")
    index = Index.build([phone("A"), phone("B"), cable])
    on_accessories = Selection(index, index.rows, [Refinement("kind", ("ACCESSORY",))])
    assert "storage" not in [facet.name for facet in on_accessories.facets()]
    assert "storage" in [facet.name for facet in Selection(index, index.rows, []).facets()]


def test_an_empty_catalogue_has_the_four_dimensions_that_always_are() -> None:
    index = Index.build([])
    facets = Selection(index, index.rows, []).facets()
    assert [(facet.name, facet.kind) for facet in facets] == [
        ("category", "HIERARCHY"),
        ("brand", "TERMS"),
        ("kind", "TERMS"),
        ("price", "RANGE"),
    ]
