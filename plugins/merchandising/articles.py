"""Products to choose from in the admin: found by SKU or barcode, or by words of their name in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from commerce.records import TRANSLATED_INTO
from plugins.catalogue.labels import is_chinese
from plugins.catalogue.models import Product, Variant

FOUND: Final = 20
WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Article:
    """A product under one of its SKUs; any of them stands for all of it. `note` tells it from those called alike."""

    sku: str
    name: str
    note: str


def find(typed: str, language: str) -> list[Article]:
    """The products meant, at most FOUND: of a SKU or barcode that begins so, then of a name with all the words, the
    newest first.

    Three queries at most.
    """
    words = typed.replace("\0", " ").split()[:WORDS]
    if not words:
        return []
    code = "".join(words)
    active = Variant.objects.filter(is_active=True, product__is_active=True)
    by_code = active.filter(Q(sku__istartswith=code) | Q(barcode=code)).select_related("product").order_by("sku")
    found = {variant.product_id: _article(variant.product, variant, language) for variant in by_code[:FOUND]}
    for product in _by_name(words, language).exclude(pk__in=found)[: FOUND - len(found)]:
        found[product.pk] = _article(product, product.sold[0], language, len(product.sold))  # type: ignore[attr-defined]
    return list(found.values())


def _by_name(words: Iterable[str], language: str) -> QuerySet[Product]:
    """The products with all the words in their names, the newest first, each with its variants as `sold`."""
    active = Variant.objects.filter(is_active=True)
    sold = Prefetch("variants", active.order_by("position", "sku"), to_attr="sold")
    having = Product.objects.filter(*(_named(word, language) for word in words), is_active=True)
    having = having.filter(Exists(active.filter(product=OuterRef("pk"))))
    return having.order_by(F("released").desc(nulls_last=True), "name", "pk").prefetch_related(sold)


def named(skus: Iterable[str], language: str) -> list[Article]:
    """Those of these SKUs that exist, in the same order; one query."""
    wanted = list(dict.fromkeys(skus))
    # A SKU that was taken over belongs to its active variant.
    rows = Variant.objects.filter(sku__in=wanted).select_related("product").order_by("is_active")
    found = {variant.sku: _article(variant.product, variant, language) for variant in rows}
    return [found[sku] for sku in wanted if sku in found]


def _named(word: str, language: str) -> Q:
    """Products with the word in their name or brand: the core's own, and those that the reader sees."""
    told = Q(name__icontains=word) | Q(brand__icontains=word)
    if is_chinese(language):
        own = f"translations__{TRANSLATED_INTO}"
        told |= Q(**{f"{own}__name__icontains": word}) | Q(**{f"{own}__attributes__brand__values__icontains": word})
    return told


def _article(product: Product, variant: Variant, language: str, variants: int = 1) -> Article:
    name = product.full_name_in(language)
    if variants == 1 and variant.name_in(language):
        name = " · ".join(dict.fromkeys((name, variant.name_in(language))))
    return Article(variant.sku, name, variant.sku if variants == 1 else f"{variant.sku} (× {variants})")
