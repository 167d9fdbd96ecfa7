"""Random small offers and a second opinion about them: every limit and rule told anew, as plainly as it can be."""

from collections import Counter
from collections.abc import Iterator
from itertools import product as combinations
from typing import Any

from hypothesis import strategies as st

from plugins.bundles.document import OfferDocument, read
from plugins.bundles.structure import Product

SKUS = ["A", "B", "C", "D", "E", "F"]
PRODUCTS = {
    sku: Product("DEVICE" if number < 2 else "PLAN", {"network": frozenset({"5G"} if number % 2 else {"4G", "5G"})})
    for number, sku in enumerate(SKUS)
} | {"F": Product("SIM", {"network": frozenset({"4G"})})}

Selection = dict[tuple[str, int, str], int]


@st.composite
def documents(draw: st.DrawFn) -> OfferDocument:
    """Up to four groups within each other, some repeatable, up to six options and three rules; not always possible."""
    count = draw(st.integers(1, 4))
    free = list(SKUS)
    groups: list[dict[str, Any]] = []
    lines: set[str] = set()
    for number in range(count):
        parent = draw(st.sampled_from([None, *(group["code"] for group in groups)]))
        inside = parent in lines
        # Groups that repeat lie beside each other, never within.
        instances = 1 if inside else draw(st.sampled_from([1, 1, 2] if not lines else [1, 1, 1, 2]))
        code = f"g{number}"
        if inside or instances > 1:
            lines.add(code)
        lower = draw(st.integers(0, 2))
        taken = [free.pop(0) for _ in range(min(len(free), draw(st.integers(0 if number else 1, 2))))]
        groups.append(
            {
                "code": code,
                "label": {"en": code},
                "parent": parent,
                "lowerLimit": lower,
                "upperLimit": draw(st.integers(max(lower, 1), 3)),
                "minimumInstances": draw(st.sampled_from([None, 0, 1])),
                "maximumInstances": instances,
                "options": [
                    {
                        "sku": sku,
                        "lowerLimit": draw(st.sampled_from([0, 0, 0, 1])),
                        "upperLimit": draw(st.integers(1, 2)),
                        "default": draw(st.integers(0, 1)),
                    }
                    for sku in taken
                ],
            }
        )
    rules = [draw(_rules(groups, sorted(lines))) for _ in range(draw(st.integers(0, 3)))]
    return read({"name": {"en": "x"}, "currency": "USD", "terms": [0], "groups": groups, "rules": rules})


@st.composite
def _rules(draw: st.DrawFn, groups: list[dict[str, Any]], lines: list[str]) -> dict[str, Any]:
    skus = [option["sku"] for group in groups for option in group["options"]]
    kind = draw(st.sampled_from(["REQUIRES", "EXCLUDES", "COMPATIBLE"]))
    when = draw(st.lists(st.sampled_from(skus), min_size=1, max_size=2, unique=True))
    then = draw(st.lists(st.sampled_from(skus), min_size=1, max_size=2, unique=True).map(sorted))
    roots = [group["code"] for group in groups if group["maximumInstances"] > 1]
    rule = {
        "code": f"r{draw(st.integers(0, 99))}",
        "kind": kind,
        "when": {"skus": when},
        "then": {"skus": [sku for sku in then if kind != "EXCLUDES" or sku not in when]},
        "within": draw(st.sampled_from([None, *roots])),
    }
    if kind == "REQUIRES":
        rule["atLeast"] = draw(st.integers(1, 2))
        if draw(st.booleans()):
            del rule["when"]
    if kind == "COMPATIBLE":
        rule["attribute"] = "network"
    return rule


def is_valid(document: OfferDocument, selection: Selection) -> bool:
    """Whether every limit and every rule holds: the definition, read aloud."""
    groups = {group.code: group for group in document.groups}
    skus = {option.sku: (group, option) for group in document.groups for option in group.options}

    def children(code: str | None) -> list[Any]:
        return [group for group in document.groups if group.parent == code]

    def line_of(code: str | None) -> str | None:
        while code is not None:
            if groups[code].maximum_instances > 1:
                return code
            code = groups[code].parent
        return None

    def units(code: str, instance: int | None) -> int:
        own = sum(n for (group, number, _sku), n in selection.items() if group == code and instance in (None, number))
        below = 0
        for child in children(code):
            repeats_here = child.maximum_instances > 1
            below += units(child.code, None if repeats_here or instance is None else instance)
        return own + below

    def holds(group: Any, instance: int) -> bool:
        if not group.lower_limit <= units(group.code, instance) <= group.upper_limit:
            return False
        for option in group.options:
            if not option.lower_limit <= selection.get((group.code, instance, option.sku), 0) <= option.upper_limit:
                return False
        return all(fits(child, instance) for child in children(group.code))

    def fits(group: Any, instance: int) -> bool:
        numbers = range(1, group.maximum_instances + 1) if group.maximum_instances > 1 else [instance]
        taken = [number for number in numbers if units(group.code, number)]
        spare = [number for number in numbers if number not in taken]
        forced = taken + spare[: max(0, group.needed - len(taken))]
        return all(holds(group, number) for number in forced)

    if not all(fits(root, 1) for root in children(None)):
        return False
    for rule in document.rules:
        within = rule.within
        lines = [None] if within is None else range(1, groups[within].maximum_instances + 1)
        for instance in lines:
            near: Counter[str] = Counter()
            for (code, number, sku), n in selection.items():
                if within is None or (number == instance and line_of(code) == within):
                    near[sku] += n
            near = +near
            if within is not None and not near:
                continue
            when = None if rule.when is None else [sku for sku in rule.when.skus if sku in near]
            then = [sku for sku in rule.then.skus if sku in near]
            asked = rule.kind == "REQUIRES" and (when is None or when)
            if asked and sum(near[sku] for sku in then) < rule.at_least:
                return False
            if rule.kind == "EXCLUDES" and when and then:
                return False
            if rule.kind == "COMPATIBLE":
                for one, other in combinations(when or [], then):
                    if one != other and not _values(one) & _values(other):
                        return False
    return all(n <= skus[sku][1].upper_limit for (_code, _number, sku), n in selection.items())


def _values(sku: str) -> frozenset[str]:
    return PRODUCTS[sku].attributes["network"]


def keys(document: OfferDocument) -> list[tuple[str, int, str]]:
    """Every place for units."""
    groups = {group.code: group for group in document.groups}

    def instances(code: str | None) -> int:
        found = 1
        while code is not None:
            found = max(found, groups[code].maximum_instances)
            code = groups[code].parent
        return found

    return [
        (group.code, number, option.sku)
        for group in document.groups
        for number in range(1, instances(group.code) + 1)
        for option in group.options
    ]


def every_selection(document: OfferDocument) -> Iterator[Selection]:
    """All selections within the options' own limits."""
    upper = {option.sku: option.upper_limit for group in document.groups for option in group.options}
    places = keys(document)
    for amounts in combinations(*(range(upper[sku] + 1) for _code, _number, sku in places)):
        yield {key: n for key, n in zip(places, amounts, strict=True) if n}


def distance(one: Selection, other: Selection) -> int:
    """Units to add and to take away from one to the other."""
    return sum(abs(one.get(key, 0) - other.get(key, 0)) for key in one.keys() | other.keys())
