"""The part of a `Core` that reads promotions: the core applies them on top of prices that the suite sets."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.calls import pages
from commerce.client import input_types as inputs
from commerce.records import CorePromotion, CorePromotionRule
from commerce.transport import Transport

PAGE: Final = 100  # the most that Saleor gives
_PLAIN: Final = {"variantPredicate", "productPredicate", "categoryPredicate", "collectionPredicate"}


class PromotionCalls:
    """Promotions; see `commerce.core` for errors and repetition."""

    _client: Transport

    def promotions(self) -> list[CorePromotion]:
        """All promotions, past and future ones too. CoreRefused PERMISSION_DENIED without MANAGE_DISCOUNTS."""
        nodes = pages(lambda **page: self._client.promotions(first=PAGE, **page).promotions)
        return [_promotion(node) for node in nodes]

    def promoted(self, promotion: CorePromotion, channel: str, variants: Mapping[str, str]) -> frozenset[str]:
        """Which of `variants` (ids, with their products' ids) a catalogue promotion covers in a channel.

        A condition that is no plain list of ids, which only the API can make, counts as one that covers all.
        """
        rules = [rule for rule in promotion.rules if channel in rule.channels]
        return frozenset().union(*(self._covered(rule.predicate, variants) for rule in rules))

    def _covered(self, predicate: Mapping[str, Any], variants: Mapping[str, str]) -> frozenset[str]:
        parts = [self._part(name, wanted, variants) for name, wanted in predicate.items()]
        return frozenset.intersection(*parts) if parts else frozenset()

    def _part(self, name: str, wanted: Any, variants: Mapping[str, str]) -> frozenset[str]:
        if name in ("AND", "OR"):
            parts = [self._covered(inner, variants) for inner in wanted]
            join = frozenset.intersection if name == "AND" else frozenset.union
            return join(*parts) if parts else frozenset()
        ids = wanted.get("ids") if wanted.keys() == {"ids"} else None
        if ids is None or name not in _PLAIN:
            return frozenset(variants)
        if name == "variantPredicate":
            return frozenset(variants) & frozenset(ids)
        if name == "productPredicate":
            return frozenset(variant for variant, product in variants.items() if product in ids)
        return self._in_group(name, ids, variants)

    def _in_group(self, name: str, ids: Sequence[str], variants: Mapping[str, str]) -> frozenset[str]:
        """Variants whose products lie in one of these collections, or in one of these very categories.

        The core's own filter by category would take in those below, which a promotion does not.
        """
        wanted: dict[str, Any] = {"ids": sorted(set(variants.values()))}
        if name == "collectionPredicate":
            wanted["collection"] = {"oneOf": list(ids)}
        where = inputs.ProductWhereInput.model_validate(wanted)
        nodes = pages(lambda **page: self._client.variants_of_products(first=PAGE, where=where, **page).products)
        found = frozenset(
            variant.id
            for node in nodes
            if name == "collectionPredicate" or (node.category and node.category.id in ids)
            for variant in node.variants or ()
        )
        return frozenset(variants) & found


def _promotion(node: Any) -> CorePromotion:
    return CorePromotion(
        id=node.id,
        name=node.name,
        kind=node.type_.value if node.type_ else "CATALOGUE",
        starts_at=node.start_date,
        ends_at=node.end_date,
        rules=tuple(
            CorePromotionRule(
                channels=frozenset(channel.slug for channel in rule.channels or ()),
                predicate=rule.catalogue_predicate or {},
            )
            for rule in node.rules or ()
        ),
    )
