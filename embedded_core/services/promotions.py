"""Promotions of the catalogue: of those that run, the one that makes a variant cheapest is applied."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from embedded_core.models import Channel, PromotionRule

Rules = Mapping[int, Collection[PromotionRule]]


def running(channel_slug: str | None) -> "QuerySet[PromotionRule]":
    """The rules that run now in a channel."""
    now = timezone.now()
    over = Q(promotion__end_date__lte=now)
    return PromotionRule.objects.filter(~over, channels__slug=channel_slug, promotion__start_date__lte=now)


def rules_of(variant_ids: Iterable[int], channel: Channel) -> Rules:
    """The rules that run now in a channel, by variant. One query."""
    rows = PromotionRule.variants.through.objects.filter(
        productvariant__in=set(variant_ids), promotionrule__in=running(channel.slug)
    )
    found: dict[int, list[PromotionRule]] = defaultdict(list)
    for row in rows.select_related("promotionrule"):
        found[row.productvariant_id].append(row.promotionrule)
    return found


def reduced(price: Decimal, rules: Iterable[PromotionRule]) -> Decimal:
    """The price under the best of the rules, not rounded; Saleor reduces a price that an app has set as well."""
    return min((_under(price, rule) for rule in rules), default=price)


def _under(price: Decimal, rule: PromotionRule) -> Decimal:
    if rule.reward_value_type == PromotionRule.ValueType.PERCENTAGE:
        return max(price * (1 - rule.reward_value / 100), Decimal(0))
    return max(price - rule.reward_value, Decimal(0))
