"""A choice from an offer of 200 options in groups six deep: validated, mended and priced, in process.

Choices are made up, twelve parts each; most break something. Beside the search for the smallest change stands the plain
way: every change of one unit is tried. It is asked only where one unit mends, for two take it a thousand times as long.
"""

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Iterator

import django

from bench.measure import Figure, measure, progress
from bench.report import Result, Table

ROUNDS = 3_000
PLAIN_ROUNDS = 40
MORE = 20  # rounds of warming up
TERM = 24
WORK = "200 options, groups 6 deep"


def figures() -> Iterator[Result]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    django.setup()
    from bench import large_offer
    from plugins.bundles import configurator, validation
    from plugins.bundles.compiled import Asking
    from plugins.bundles.eligibility import Buyer

    started = time.perf_counter()
    offer = large_offer.compiled()
    compiled = time.perf_counter()
    products = {sku: one.product for sku, one in offer.listed.items()}
    found = validation.problems(offer.document, products, currency=offer.document.currency)
    checked = time.perf_counter()
    assert not found, found
    asking = Asking(buyer=Buyer(day=dt.datetime.now(dt.UTC).date()), country="US")
    choices = [large_offer.selections(offer, seed) for seed in range(ROUNDS + MORE)]
    judged = [configurator.judge(offer, TERM, one, asking) for one in progress(choices, "judging")]
    valid = [choice for choice, told in zip(choices, judged, strict=True) if told.valid]
    broken = [choice for choice, told in zip(choices, judged, strict=True) if not told.valid]

    def configure(choice) -> None:  # type: ignore[no-untyped-def]
        told = configurator.judge(offer, TERM, choice, asking)
        _price(offer, told, asking)

    yield measure(WORK, "validate, mend and price", lambda n: configure(choices[n]), ROUNDS)
    yield measure(WORK, "valid choices alone", lambda n: configure(valid[n % len(valid)]), ROUNDS)
    yield measure(WORK, "invalid choices alone", lambda n: configure(broken[n % len(broken)]), ROUNDS)
    yield measure(WORK, "suggest the defaults", lambda _n: configurator.suggest(offer, TERM, asking), 300)
    yield measure(WORK, "price effect of a group's options", lambda n: _effects(offer, judged[n], asking), 300)
    yield from _beside(offer, broken)
    yield _repairs(offer, choices)
    milliseconds = (round((compiled - started) * 1000, 1), round((checked - compiled) * 1000, 1))
    yield Table("once for each version", ("compile ms", "check before publishing ms"), (milliseconds,))


def _price(offer, judged, asking) -> None:  # type: ignore[no-untyped-def]
    from kernel.errors import ApiError
    from plugins.bundles import quoting

    try:
        quoting.price(offer, judged, asking, TERM)
    except ApiError:
        # An invalid choice need not have a price: the answer is its violations.
        if judged.valid:
            raise


def _effects(offer, judged, asking) -> None:  # type: ignore[no-untyped-def]
    from plugins.bundles import effects

    largest = max(offer.structure.groups, key=lambda group: len(group.options))
    effects.effects(offer, judged, asking, TERM, group=largest.code)


def _starts(offer, choices):  # type: ignore[no-untyped-def]
    return [{offer.structure.key(one.group, one.sku, one.instance): one.quantity for one in each} for each in choices]


def _beside(offer, broken) -> Iterator[Figure]:  # type: ignore[no-untyped-def]
    """The smallest change where it is one unit, by both ways."""
    from plugins.bundles.repair import repair

    structure = offer.structure
    caps = structure.uppers()
    starts = []
    for start in _starts(offer, broken):
        found = repair(structure, start, caps)
        if found is not None and found.units == 1:
            starts.append(start)
        if len(starts) == PLAIN_ROUNDS + MORE:
            break
    keys = [
        (option.index, number)
        for option in structure.options
        for number in range(1, structure.instances(option.group) + 1)
    ]

    def plainly(start):  # type: ignore[no-untyped-def]
        for key in keys:
            for step in (1, -1):
                tried = {**start, key: start.get(key, 0) + step}
                if tried[key] >= 0 and structure.is_valid({k: n for k, n in tried.items() if n}, caps):
                    return key, step
        raise AssertionError("one unit was said to mend it")

    work = "choices that one unit mends"
    yield measure(work, "smallest change", lambda n: repair(structure, starts[n % len(starts)], caps), PLAIN_ROUNDS)
    yield measure(work, "peer: every change of one unit", lambda n: plainly(starts[n % len(starts)]), PLAIN_ROUNDS)


def _repairs(offer, choices) -> Table:  # type: ignore[no-untyped-def]
    from plugins.bundles.repair import repair

    sizes: Counter[str] = Counter()
    for start in progress(_starts(offer, choices), "repairs"):
        found = repair(offer.structure, start, offer.structure.uppers())
        assert found is not None
        sizes["already valid" if not found.units else "proven the smallest" if found.proven else "not proven"] += 1
    rows = tuple((what, sizes[what]) for what in ("already valid", "proven the smallest", "not proven"))
    return Table("changes that mend", ("change", "choices"), rows)
