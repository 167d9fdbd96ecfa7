"""What texts matched is remembered, for as long as it is true and while there is room."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given

from plugins.guided_search import matching, remembered, words
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.engine import MemoryEngine, Question, Tuning
from plugins.guided_search.facets import Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Rows
from plugins.guided_search.remembered import Remembered
from tests.guided_search import strategies
from tests.guided_search.catalogues import case, phone
from tests.guided_search.test_engine import answer, known


@dataclass
class Found:
    """A match of some rows."""

    rows: Rows


def found(count: int) -> Found:
    return Found(np.zeros(count, np.int32))


def key(text: str) -> remembered.Key:
    return (text, False, False, False)


@given(strategies.catalogues(), strategies.texts, strategies.refinements())
def test_what_is_remembered_answers_as_what_is_found_anew(
    products: list[ProductDocument], text: str, refinements: tuple[Refinement, ...]
) -> None:
    engine = MemoryEngine(Index.build(products))
    pins = {product.id: 0 for product in products[:1]}
    plain = Question(text=text, refinements=known(engine.index, refinements), first=100)
    tuned = Question(text=text, first=100, tuning=Tuning(pins=pins, hidden=frozenset(list(pins)[:1])))
    first = [answer(engine.search(question)) for question in (plain, tuned, plain)]
    engine.index.remembered = Remembered()
    assert [answer(engine.search(question)) for question in (tuned, plain)] == first[1:]


def test_other_synonyms_are_another_question() -> None:
    index = Index.build([phone("Galaxy S23"), case("Cover")])
    mine, others = words.two_way([("brick", "galaxy")]), words.two_way([("brick", "cover")])
    assert len(matching.match(index, "brick", synonyms=mine).rows) == 1
    assert matching.match(index, "brick", synonyms=others).rows.tolist() == [index.row_of["Cover"]]
    assert matching.match(index, "brick", synonyms=mine).rows.tolist() == [index.row_of["Galaxy S23"]]


def test_the_text_not_asked_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "ROWS_KEPT", 10_000)
    kept: Remembered[Found] = Remembered()
    for text in ("a", "b"):
        kept.put(key(text), None, found(4000))
    kept.get(key("a"), None)
    kept.put(key("c"), None, found(4000))
    assert [text for text in "abc" if kept.get(key(text), None)] == ["a", "c"]


def test_matches_of_nothing_take_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "ROWS_KEPT", 3 * remembered.ROWS_AT_LEAST)
    kept: Remembered[Found] = Remembered()
    for number in range(5):
        kept.put(key(str(number)), None, found(0))
    assert [text for text in "01234" if kept.get(key(text), None)] == ["2", "3", "4"]


def test_the_same_text_again_takes_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "ROWS_KEPT", 9000)
    kept: Remembered[Found] = Remembered()
    kept.put(key("a"), None, found(4000))
    for _turn in range(5):
        kept.put(key("b"), None, found(4000))
    assert kept.get(key("a"), None) is not None
