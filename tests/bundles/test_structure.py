"""What is valid, and the smallest change that mends what is not: against a brute force by the definition."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from plugins.bundles.document import OfferDocument
from plugins.bundles.repair import repair
from plugins.bundles.structure import Choice, Structure, build
from tests.bundles import offers
from tests.bundles.offers import Selection

MANY = 4_000


def as_choice(structure: Structure, selection: Selection) -> Choice:
    found = {structure.key(group, sku, number): units for (group, number, sku), units in selection.items()}
    assert None not in found
    return {key: units for key, units in found.items() if key is not None}


def as_selection(structure: Structure, choice: Choice) -> Selection:
    return {
        (structure.groups[structure.options[key[0]].group].code, key[1], structure.options[key[0]].sku): units
        for key, units in choice.items()
        if units
    }


def small(document: OfferDocument) -> bool:
    upper = {option.sku: option.upper_limit for group in document.groups for option in group.options}
    size = 1
    for _group, _number, sku in offers.keys(document):
        size *= upper[sku] + 1
    return size <= MANY


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(offers.documents(), st.randoms(use_true_random=False))
def test_valid_is_what_the_definition_calls_valid(document, random) -> None:
    assume(small(document))
    structure = build(document, offers.PRODUCTS)
    selections = list(offers.every_selection(document))
    for selection in random.sample(selections, min(len(selections), 80)):
        choice = as_choice(structure, selection)
        assert structure.is_valid(choice, structure.uppers()) == offers.is_valid(document, selection)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(offers.documents(), st.data())
def test_the_repair_is_the_smallest_and_mends(document, data) -> None:
    assume(small(document))
    structure = build(document, offers.PRODUCTS)
    valid = [selection for selection in offers.every_selection(document) if offers.is_valid(document, selection)]
    places = offers.keys(document)
    start = {key: units for key in places if (units := data.draw(st.integers(0, 2)))}
    found = repair(structure, as_choice(structure, start), structure.uppers(), nodes=1_000_000)
    if not valid:
        assert found is None
        return
    assert found is not None
    assert found.proven
    change = as_selection(structure, found.change)
    mended = {key: start.get(key, 0) + change.get(key, 0) for key in start.keys() | change.keys()}
    assert min(mended.values(), default=0) >= 0
    assert offers.is_valid(document, {key: units for key, units in mended.items() if units})
    assert found.units == min(offers.distance(start, other) for other in valid)


@pytest.mark.parametrize("seed", range(3))
def test_what_costs_too_much_thought_is_mended_all_the_same(seed) -> None:
    document = offers.read(
        {
            "name": {"en": "x"}, "currency": "USD", "terms": [0],
            "groups": [
                {"code": "line", "label": {"en": "Line"}, "upperLimit": 3, "lowerLimit": 2, "minimumInstances": 2,
                 "maximumInstances": 5,
                 "options": [{"sku": sku, "upperLimit": 2} for sku in offers.SKUS[: 3 + seed]]},
            ],
        }
    )  # fmt: skip
    structure = build(document, offers.PRODUCTS)
    found = repair(structure, {}, structure.uppers(), nodes=1)
    assert found is not None
    assert not found.proven
    assert offers.is_valid(document, as_selection(structure, found.change))
