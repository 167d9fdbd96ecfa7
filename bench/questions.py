"""What is asked in the speed measurement: texts as shops receive them, each with two filters that leave results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from plugins.guided_search.documents import ProductDocument, VariantDocument

# Counted on every page. Colour, storage and price are a variant's own, the others the product's.
DIMENSIONS = ("category", "brand", "kind", "colour", "storage", "price")
PAGE = 24
# Lower bounds of the groups that prices are counted in.
PRICE_BOUNDS = (0, 50, 100, 200, 300, 500, 750, 1000, 1500)
_PAIRS = (
    ("brand", "price"),
    ("category", "colour"),
    ("colour", "price"),
    ("brand", "colour"),
    ("category", "price"),
    ("kind", "price"),
)
_SEED = 7
HEAD, TORSO, MODEL, TYPO, MISS = "head", "torso", "model", "typo", "miss"
# Of a hundred: 60 short popular texts, 40 for one model, some of these misspelt; and a few that nothing answers.
_SHARES = {HEAD: 22, TORSO: 38, MODEL: 32, TYPO: 6, MISS: 2}


@dataclass(frozen=True)
class Question:
    """A page that is asked for: the text, and per dimension the values of which any may hold."""

    text: str
    filters: Mapping[str, tuple[str, ...]]
    kind: str = HEAD


def questions(documents: Sequence[ProductDocument], count: int) -> list[Question]:
    """Questions about products of the catalogue, the same at every call."""
    draw = Random(_SEED)
    popular = _Popular(documents, draw)
    kinds = draw.choices(list(_SHARES), weights=list(_SHARES.values()), k=count)
    return [_question(kind, popular(kind), draw) for kind in kinds]


def price_group(price: float) -> str:
    """The group that a price is counted in, as it is chosen: "100..200"."""
    lower = max(bound for bound in PRICE_BOUNDS if bound <= price)
    above = [bound for bound in PRICE_BOUNDS if bound > price]
    return f"{lower}..{above[0] if above else ''}"


def product_values(product: ProductDocument) -> dict[str, tuple[str, ...]]:
    """Values of the dimensions that a whole product has."""
    categories = tuple(category.slug for category in product.categories)
    return {"category": categories, "brand": (product.brand,), "kind": (product.kind,)}


def variant_values(variant: VariantDocument) -> dict[str, tuple[str, ...]]:
    """Values of the dimensions that are a variant's own."""
    price = (price_group(float(variant.price)),) if variant.price is not None else ()
    return {
        "colour": variant.attributes.get("colour", ()),
        "storage": variant.attributes.get("storage", ()),
        "price": price,
    }


class _Popular:
    """Draws the product that a question is about: a popular category first for short texts, any device for models."""

    def __init__(self, documents: Sequence[ProductDocument], draw: Random) -> None:
        self._draw = draw
        self._devices = [document for document in documents if document.kind == "DEVICE"]
        self._all = documents
        self._by_category: dict[str, list[ProductDocument]] = {}
        for document in documents:
            self._by_category.setdefault(document.categories[-1].slug, []).append(document)
        # Popularity falls with the rank; which category has which rank does not follow its size.
        names = sorted(self._by_category)
        draw.shuffle(names)
        self._categories = names
        self._weights = [1 / rank for rank in range(1, len(names) + 1)]

    def __call__(self, kind: str) -> ProductDocument:
        if kind in {HEAD, TORSO}:
            category = self._draw.choices(self._categories, weights=self._weights)[0]
            return self._draw.choice(self._by_category[category])
        return self._draw.choice(self._devices if self._draw.random() < 0.7 else self._all)


def _question(kind: str, product: ProductDocument, draw: Random) -> Question:
    texts: Mapping[str, Callable[[], str]] = {
        HEAD: lambda: product.categories[-1].name,
        TORSO: lambda: f"{product.brand} {product.categories[-1].name}",
        MODEL: lambda: _model(product),
        TYPO: lambda: _misspelt(_model(product), draw),
        MISS: lambda: f"xq{draw.randrange(10**6)}zw",
    }
    return Question(texts[kind]().lower(), dict(_filters(product, draw)), kind)


def _model(product: ProductDocument) -> str:
    """A device by its name; anything else by maker and model code, its last words but the size."""
    if product.kind == "DEVICE":
        return product.name
    if product.fits:
        return f"{product.categories[-1].name} {product.fits[0]}"
    code = next((word for word in product.name.split() if "-" in word and word[:2].isupper()), product.name)
    return f"{product.brand} {code}"


def _misspelt(text: str, draw: Random) -> str:
    """One letter of the longest word doubled, dropped or swapped with the next."""
    word = max(text.split(), key=len)
    place = draw.randrange(1, max(2, len(word) - 1))
    wrong = draw.choice(
        (
            word[:place] + word[place - 1] + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        )
    )
    return text.replace(word, wrong)


def _filters(product: ProductDocument, draw: Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    variant = draw.choice(product.variants)
    own = {**product_values(product), **variant_values(variant)}
    pairs = [*_PAIRS, ("colour", "storage")] if own["storage"] else _PAIRS
    for name in draw.choice(pairs):
        values = (draw.choice(own[name][:2]),)
        if name == "colour" and draw.random() < 0.3:
            values = (*values, "Graphite") if "Graphite" not in values else (*values, "Silver")
        yield name, values
