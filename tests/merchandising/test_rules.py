"""Rules as pure functions: what fires, what it asks for, and why."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from plugins.merchandising.precedence import deadlocked
from plugins.merchandising.presentation import said
from plugins.merchandising.rules import (
    GREATEST_FACTOR,
    LEAST_FACTOR,
    Pin,
    Reason,
    Redirect,
    Situation,
    combined,
    compile,
    explain,
    fire,
    shown,
    together,
)
from plugins.merchandising.setup import (
    Conditions,
    Dimension,
    GoTo,
    HideProducts,
    PinProducts,
    PlaceSpotlight,
    Precedence,
    Rule,
    Setup,
    Synonyms,
    Trigger,
    WeighProducts,
)

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAGE = GoTo("/stores")


def terms(text: str) -> Sequence[str]:
    """A tokeniser with a stop word."""
    return [word for word in text.lower().split() if word != "the"]


def compiled(*rules, **parts):
    return compile(Setup("us", UUID(int=1), rules=rules, **parts), terms)


def searching(text="", **rest):
    return Situation(at=NOON, text=text, words=tuple(terms(text)), **rest)


def why(rule, situation):
    [trace] = explain(compiled(rule), situation)
    assert trace.fired == (fire(compiled(rule), situation).rules == (rule.code,))
    return trace.fired, str(trace.reason)


@pytest.mark.parametrize(
    ("mode", "text", "fires"),
    [
        ("EXACT", "Galaxy Case", True),
        ("EXACT", "the galaxy case", True),
        ("EXACT", "galaxy case black", False),
        ("PHRASE", "black galaxy case cheap", True),
        ("PHRASE", "case galaxy", False),
        ("PHRASE", "galaxy black case", False),
        ("ALL", "case for galaxy", True),
        ("ALL", "galaxy", False),
        ("NONE", "", True),
        ("NONE", "anything", True),
    ],
)
def test_match_modes(mode, text, fires):
    phrases = () if mode == "NONE" else ("galaxy case",)
    rule = Rule("r", PAGE, Trigger(match=mode, phrases=phrases))
    assert bool(fire(compiled(rule), searching(text)).rules) is fires


def test_one_of_the_phrases_is_enough_and_a_phrase_of_stop_words_is_never_met():
    rule = Rule("r", PAGE, Trigger(match="ALL", phrases=("the", "find store", "opening hours")))
    assert why(rule, searching("opening hours")) == (True, "The search matches “opening hours”.")
    assert why(rule, searching("the")) == (
        False,
        "The search does not have all words of “the”, “find store”, “opening hours”.",
    )


def test_every_reason_is_told():
    def of(**trigger):
        return Rule("r", PAGE, Trigger(**trigger))

    later, earlier = NOON + timedelta(days=1), NOON - timedelta(days=1)
    assert why(Rule("r", PAGE, is_active=False), searching()) == (False, "It is switched off.")
    assert why(of(starts_at=later), searching()) == (False, "It begins on 2026-11-27 12:00 UTC.")
    assert why(of(ends_at=earlier), searching()) == (False, "It ended on 2026-11-25 12:00 UTC.")
    assert why(of(match="PHRASE", phrases=("galaxy",)), searching("case")) == (
        False,
        "The search does not contain “galaxy”.",
    )
    assert why(of(match="EXACT", phrases=("galaxy",)), searching("galaxy case")) == (
        False,
        "The search is not exactly “galaxy”.",
    )
    assert why(of(categories=frozenset({"cases"})), searching()) == (
        False,
        "None of these categories is chosen: “cases”.",
    )
    samsung = of(refinements={"brand": frozenset({"Samsung"})})
    assert why(samsung, searching(refinements={"brand": frozenset({"Apple"})})) == (
        False,
        "In “brand” none of these is chosen: “Samsung”.",
    )
    assert why(of(refinements={"brand": frozenset()}), searching()) == (False, "Nothing is chosen in “brand”.")
    assert why(of(store_ids=frozenset({"s"})), searching()) == (False, "It is for other stores.")
    assert why(of(sales_channels=frozenset({"POS"})), searching()) == (
        False,
        "It is only for the sales channels “POS”.",
    )
    assert why(of(segments=frozenset({"business"})), searching()) == (
        False,
        "It is only for the customer segments “business”.",
    )
    assert why(samsung, searching(refinements={"brand": frozenset({"Apple", "Samsung"})})) == (
        True,
        "Everything that it asks for is given.",
    )


def test_the_time_window_includes_its_beginning_and_not_its_end():
    rule = Rule("r", PAGE, Trigger(starts_at=NOON, ends_at=NOON + timedelta(hours=1)))
    fires = [bool(fire(compiled(rule), Situation(at=NOON + timedelta(minutes=m))).rules) for m in (-1, 0, 59, 60)]
    assert fires == [False, True, True, False]


def test_who_comes_first_decides_over_places_products_and_the_redirect():
    fired = fire(
        compiled(
            Rule("b", PinProducts((("P2", 1), ("P1", 2), ("P9", 3)))),
            Rule("a", PinProducts((("P1", 1),))),
            Rule("z", HideProducts(frozenset({"P9", "P1", "P7"})), priority=1),
            Rule("y", GoTo("/second"), priority=9),
            Rule("x", GoTo("/first"), priority=8),
        ),
        searching(),
    )
    assert fired.rules == ("z", "x", "y", "a", "b")
    assert fired.hidden == {"P9", "P1", "P7"}
    assert fired.pins == (Pin("P2", 1, "b"),)
    assert fired.redirect == Redirect("x", "/first")
    moved = fire(compiled(Rule("b", PinProducts((("P2", 1),))), Rule("a", PinProducts((("P1", 1),)))), searching())
    assert moved.pins == (Pin("P1", 1, "a"), Pin("P2", 2, "b"))


def test_a_product_pinned_first_is_not_hidden_later():
    fired = fire(
        compiled(Rule("a", PinProducts((("P1", 1),))), Rule("b", HideProducts(frozenset({"P1", "P2"})))), searching()
    )
    assert (fired.pins, fired.hidden) == ((Pin("P1", 1, "a"),), {"P2"})


@given(st.lists(st.floats(min_value=0.1, max_value=10)))
def test_factors_multiply_within_bounds_and_never_hide(factors):
    assert 0 < LEAST_FACTOR <= combined(factors) <= GREATEST_FACTOR
    assert combined([2, 3]) == pytest.approx(6)


WORDS = st.sampled_from(["galaxy", "case", "the", "red", "store", "phone"])
TEXT = st.lists(WORDS, max_size=4).map(" ".join)
SLUGS = st.frozensets(st.sampled_from(["cases", "phones", "plans"]), max_size=2)
CHOICES = st.dictionaries(
    st.sampled_from(["brand", "colour"]), st.frozensets(st.sampled_from(["a", "b"]), max_size=2), max_size=2
)
MOMENT = st.none() | st.integers(-3, 3).map(lambda days: NOON + timedelta(days=days))
PRODUCT = st.sampled_from(["P1", "P2", "P3", "P4"])
ACTION = st.one_of(
    st.lists(st.tuples(PRODUCT, st.integers(1, 4)), min_size=1, max_size=4).map(lambda it: PinProducts(tuple(it))),
    st.frozensets(PRODUCT, min_size=1).map(HideProducts),
    st.builds(WeighProducts, st.floats(0.1, 10), st.frozensets(PRODUCT)),
    st.builds(PlaceSpotlight, title_en=st.just("Offers")),
    st.sampled_from(["/a", "/b"]).map(GoTo),
)
TRIGGER = st.builds(
    Trigger,
    match=st.sampled_from(["NONE", "EXACT", "PHRASE", "ALL"]),
    phrases=st.lists(TEXT, max_size=3).map(tuple),
    categories=SLUGS,
    refinements=CHOICES,
    store_ids=st.frozensets(st.sampled_from(["s1", "s2"]), max_size=1),
    sales_channels=st.frozensets(st.sampled_from(["WEB", "POS"]), max_size=1),
    segments=st.frozensets(st.just("business"), max_size=1),
    starts_at=MOMENT,
    ends_at=MOMENT,
)
RULES = st.lists(
    st.builds(
        Rule,
        code=st.text("abcdef", min_size=1, max_size=3),
        action=ACTION,
        trigger=TRIGGER,
        priority=st.integers(1, 3),
        is_active=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda rule: rule.code,
)
SITUATION = st.builds(
    searching,
    TEXT,
    categories=SLUGS,
    refinements=CHOICES,
    store_id=st.sampled_from([None, "s1", "s2"]),
    sales_channel=st.sampled_from(["WEB", "POS"]),
    segment=st.sampled_from(["", "business"]),
)


def holds(rule: Rule, situation: Situation) -> bool:
    """The naive reading of a trigger, written down once more and otherwise."""
    trigger, words = rule.trigger, " ".join(situation.words)
    phrases = [" ".join(terms(phrase)) for phrase in trigger.phrases if terms(phrase)]
    text = {
        "NONE": True,
        "EXACT": words in phrases,
        "PHRASE": any(f" {phrase} " in f" {words} " for phrase in phrases),
        "ALL": any(all(word in situation.words for word in phrase.split()) for phrase in phrases),
    }[trigger.match]
    return (
        rule.is_active
        and text
        and (trigger.starts_at is None or trigger.starts_at <= situation.at)
        and (trigger.ends_at is None or situation.at < trigger.ends_at)
        and (not trigger.categories or not trigger.categories.isdisjoint(situation.categories))
        and all(
            situation.refinements.get(name, frozenset()) & values if values else situation.refinements.get(name)
            for name, values in trigger.refinements.items()
        )
        and (not trigger.store_ids or situation.store_id in trigger.store_ids)
        and (not trigger.sales_channels or situation.sales_channel in trigger.sales_channels)
        and (not trigger.segments or situation.segment in trigger.segments)
    )


@given(RULES, SITUATION)
def test_indexed_triggering_is_the_naive_evaluation_of_all_rules(rules, situation):
    ready = compiled(*rules)
    expected = sorted((rule for rule in rules if holds(rule, situation)), key=lambda rule: (rule.priority, rule.code))
    assert fire(ready, situation) == together(expected)
    assert [trace.rule for trace in explain(ready, situation) if trace.fired] == [rule.code for rule in expected]
    assert len(explain(ready, situation)) == len(rules)


@given(RULES, SITUATION, st.randoms(use_true_random=False))
def test_the_order_in_which_rules_are_read_does_not_matter(rules, situation, random):
    other = list(rules)
    random.shuffle(other)
    assert fire(compiled(*rules), situation) == fire(compiled(*other), situation)


@given(RULES, SITUATION)
def test_no_two_pins_share_a_product_or_a_place(rules, situation):
    fired = fire(compiled(*rules), situation)
    assert len({pin.product_id for pin in fired.pins}) == len({pin.position for pin in fired.pins}) == len(fired.pins)
    assert not fired.hidden & {pin.product_id for pin in fired.pins}


def test_rules_that_a_search_does_not_touch_are_not_looked_at(monkeypatch):
    many = [Rule(f"r{n}", PAGE, Trigger(match="PHRASE", phrases=(f"word{n} case",))) for n in range(1000)]
    ready = compiled(*many)
    looked = []
    monkeypatch.setattr(ready, "obstacle", lambda number, situation: looked.append(ready.rules[number].code))
    ready.triggered(searching("red case word7"))
    assert looked == ["r7"]


def test_synonyms_by_language_and_direction():
    ready = compiled(
        synonyms=(
            Synonyms("TWO_WAY", ("phone", "cell phone")),
            Synonyms("TWO_WAY", ("phone", "handset"), language="en"),
            Synonyms("ONE_WAY", ("data only",), ("hotspot",), language="en"),
            Synonyms("TWO_WAY", ("手机", "电话"), language="zh-hans"),
        )
    )
    assert ready.synonyms() == {("phone",): (("cell", "phone"),), ("cell", "phone"): (("phone",),)}
    english = ready.synonyms("en")
    assert english["phone",] == (("cell", "phone"), ("handset",))
    assert english["hotspot",] == (("data", "only"),)
    assert ("data", "only") not in english
    assert ready.synonyms("zh-hans")["手机",] == (("电话",),)


def test_a_dimension_waits_for_its_trigger_and_says_so():
    setup = Setup(
        "us",
        UUID(int=1),
        dimensions=(
            Dimension("storage", "storage"),
            Dimension("secret", "secret", is_shown=False),
            Dimension("connector", "connector", categories=frozenset({"chargers"})),
        ),
        precedence=(
            Precedence("storage", "category", frozenset({"devices"})),
            Precedence("storage", "brand"),
        ),
    )

    def is_shown(name, chosen=None, categories=()):
        answer, reason = shown(setup, name, chosen or {}, categories)
        return answer, str(reason)

    assert is_shown("storage") == (False, "It is shown only after a choice in “brand”, “category”.")
    assert is_shown("storage", {"brand": frozenset({"Apple"})}) == (True, "Something is chosen in “brand”.")
    assert is_shown("storage", {}, ["devices", "phones"]) == (True, "Something is chosen in “category”.")
    assert is_shown("storage", {}, ["accessories"])[0] is False
    assert is_shown("storage", {"storage": frozenset({"1 TB"})}) == (True, "Something is chosen in it.")
    assert is_shown("secret") == (False, "It is set up never to be shown.")
    assert is_shown("connector") == (False, "It is shown only in “chargers”.")
    assert is_shown("connector", {}, ["chargers"])[0] is True
    assert is_shown("unheard-of") == (True, "Nothing holds it back.")


def test_a_dimension_may_wait_for_several_choices_or_for_one_of_two_ways():
    setup = Setup(
        "us",
        UUID(int=1),
        precedence=(
            Precedence("network", "brand"),
            Precedence("bluetooth", "network", frozenset({"5G"}), {"storage": frozenset()}),
            Precedence("bluetooth", "price"),
        ),
    )

    def is_shown(name, **chosen):
        return shown(setup, name, {name: frozenset(values) for name, values in chosen.items()}, ())

    assert is_shown("bluetooth", network=["5G"]) == (
        False,
        Reason(
            "It is shown only after a choice in %(dimensions)s.",
            {"dimensions": "“network” + “storage”, “price”"},
        ),
    )
    assert not is_shown("bluetooth", network=["4G"], storage=["1 TB"])[0]
    answer, reason = is_shown("bluetooth", network=["5G"], storage=["1 TB"])
    assert (answer, str(reason)) == (True, "Something is chosen in “network”, “storage”.")
    assert str(is_shown("bluetooth", price=["0..50"])[1]) == "Something is chosen in “price”."
    # Nested: the network itself comes up only after a brand, and goes with it.
    assert not is_shown("network")[0]
    assert is_shown("network", brand=["Apple"])[0]


def test_dimensions_that_wait_for_each_other_are_told():
    any_of = frozenset()
    chain = [Precedence("b", "a"), Precedence("c", "b", any_of, {"a": any_of})]
    assert deadlocked(chain) == ()
    assert deadlocked([*chain, Precedence("a", "c")]) == ("a", "b", "c")
    # Another way in opens the circle; a way that asks for the circle as well does not.
    assert deadlocked([*chain, Precedence("a", "c"), Precedence("a", "brand")]) == ()
    closed = Precedence("a", "brand", any_of, {"c": any_of})
    assert deadlocked([*chain, Precedence("a", "c"), closed]) == ("a", "b", "c")
    # What waits for a circle never comes up either; what does not, does.
    circle = [Precedence("a", "b"), Precedence("b", "a")]
    assert deadlocked([*circle, Precedence("d", "a"), Precedence("e", "brand")]) == ("a", "b", "d")


def test_labels_and_units_by_language():
    dimension = Dimension("battery_mah", "battery_mah", label_en="Battery", label_zh="电池", unit_en=" mAh")
    assert (dimension.label("en"), dimension.label("zh-hans"), dimension.unit("zh-hans")) == ("Battery", "电池", " mAh")
    assert Conditions() == Conditions({}, {})
    assert not Conditions()


def test_reasons_are_said_in_the_readers_language():
    reason = explain(compiled(Rule("r", PAGE, is_active=False)), searching())[0].reason
    with translation.override("zh-hans"):
        assert said(reason) == "已停用。"
    assert said(reason) == str(reason) == "It is switched off."
