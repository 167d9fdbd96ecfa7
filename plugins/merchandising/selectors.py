"""The set-up of a channel as one value, read with a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from plugins.catalogue.models import Variant
from plugins.merchandising import setup as configured
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Rule, Synonyms, Version
from plugins.merchandising.setup import Conditions, Setup, Span, Trigger

# Before the first change there is no version row.
_NEVER = UUID(int=0)


def version() -> UUID:
    """Differs after each change; one query on one row."""
    token = Version.objects.filter(pk=1).values_list("token", flat=True).first()
    return token or _NEVER


def setup(channel_slug: str) -> Setup:
    """Everything configured for a channel, rules switched off or out of their time included; six queries.

    The token is read first: a change that comes meanwhile makes the value look old, never new.
    """
    token = version()
    of_channel = {"channel__in": ("", channel_slug)}
    rules = list(Rule.objects.filter(**of_channel))
    product_ids = _product_ids(rules)
    return Setup(
        channel=channel_slug,
        token=token,
        synonyms=tuple(_synonyms(row) for row in Synonyms.objects.filter(**of_channel)),
        dimensions=_dimensions(DimensionSetup.objects.filter(**of_channel)),
        precedence=tuple(precedence(row) for row in PrecedenceRule.objects.filter(**of_channel)),
        rules=tuple(rule(row, product_ids) for row in rules),
    )


def precedence(row: PrecedenceRule) -> configured.Precedence:
    """A row as the pure rules know it, saved or not."""
    also = {dimension: frozenset(values) for dimension, values in row.also.items()}
    return configured.Precedence(row.dimension, row.trigger, frozenset(row.values), also)


def rule(row: Rule, product_ids: Mapping[str, str] | None = None) -> configured.Rule:
    """A row as the pure rules know it, saved or not. `product_ids` by SKU are read when they are not given."""
    return configured.Rule(
        code=row.code,
        name=row.name,
        priority=row.priority,
        is_active=row.is_active,
        trigger=Trigger(
            match=row.match_mode,  # type: ignore[arg-type]  # one of the choices, by a constraint
            phrases=tuple(row.phrases),
            categories=frozenset(row.categories),
            refinements={dimension: frozenset(values) for dimension, values in row.refinements.items()},
            store_ids=frozenset(row.store_ids),
            sales_channels=frozenset(row.sales_channels),
            segments=frozenset(row.segments),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        ),
        action=_action(row, _product_ids([row]) if product_ids is None else product_ids),
    )


def _product_ids(rules: Sequence[Rule]) -> dict[str, str]:
    """The products of the SKUs that rules name; a SKU that is taken over belongs to its active variant."""
    skus = {item["sku"] for row in rules for item in row.products}
    found = Variant.objects.filter(sku__in=skus).order_by("is_active").values_list("sku", "product_id")
    return dict(found)


def _action(row: Rule, product_ids: Mapping[str, str]) -> configured.Action:
    products = dict.fromkeys(product_ids[item["sku"]] for item in row.products if item["sku"] in product_ids)
    match row.kind:
        case Rule.Kind.PIN:
            places = {
                product_ids[item["sku"]]: item["position"]
                for item in sorted(row.products, key=lambda item: -item["position"])
                if item["sku"] in product_ids
            }
            return configured.PinProducts(tuple(sorted(places.items(), key=lambda place: place[1])))
        case Rule.Kind.HIDE:
            return configured.HideProducts(frozenset(products))
        case Rule.Kind.SPOTLIGHT:
            return configured.PlaceSpotlight(
                row.title_en, row.title_zh, tuple(products), row.query, conditions(row.conditions), row.limit or 1
            )
        case Rule.Kind.REDIRECT:
            return configured.GoTo(row.url)
    return configured.WeighProducts(float(row.factor or 1), frozenset(products), conditions(row.conditions))


def conditions(stored: Mapping[str, Any]) -> Conditions:
    """What a row's conditions mean."""
    spans = {name: wanted for name, wanted in stored.items() if isinstance(wanted, dict)}
    return Conditions(
        values={name: frozenset(wanted) for name, wanted in stored.items() if name not in spans},
        ranges={name: Span(_number(wanted, "minimum"), _number(wanted, "maximum")) for name, wanted in spans.items()},
    )


def _number(wanted: Mapping[str, str | None], key: str) -> Decimal | None:
    bound = wanted.get(key)
    return None if bound is None else Decimal(bound)


def _synonyms(row: Synonyms) -> configured.Synonyms:
    return configured.Synonyms(
        kind=row.kind,  # type: ignore[arg-type]
        terms=tuple(row.terms),
        sources=tuple(row.sources),
        language=row.language,
        code=row.code,
        is_active=row.is_active,
    )


def _dimensions(rows: Iterable[DimensionSetup]) -> tuple[configured.Dimension, ...]:
    """In order of position; the channel's own row in the place of the general one."""
    own = {row.name: row for row in sorted(rows, key=lambda row: row.channel)}
    return tuple(_dimension(row) for row in sorted(own.values(), key=lambda row: (row.position, row.name)))


def _dimension(row: DimensionSetup) -> configured.Dimension:
    return configured.Dimension(
        name=row.name,
        attribute=row.attribute,
        kind=row.kind,  # type: ignore[arg-type]
        label_en=row.label_en,
        label_zh=row.label_zh,
        unit_en=row.unit_en,
        unit_zh=row.unit_zh,
        bounds=tuple(Decimal(bound) for bound in row.bounds),
        order=row.order,  # type: ignore[arg-type]
        ranked_values=tuple(row.ranked_values),
        position=row.position,
        is_shown=row.is_shown,
        categories=frozenset(row.categories),
        value_limit=row.value_limit,
        show_empty=row.show_empty,
    )
