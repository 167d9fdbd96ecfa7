"""Free text to premises: found in spite of mistakes, and never the wrong ones with confidence EXACT."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import premises as synthetic
from plugins.serviceability.addresses import Address
from plugins.serviceability.index import Index
from plugins.serviceability.matching import match
from plugins.serviceability.qualification import Confidence
from plugins.serviceability.suggesting import suggest
from tests.serviceability.places import cn, index_of, us

EXACT, INTERPOLATED, AREA = Confidence.EXACT, Confidence.INTERPOLATED, Confidence.AREA
HOME = us(120, "MAPLE", before="N")


def outcome(index: Index, text: str) -> tuple[Confidence | None, str | None]:
    found = match(index, text)
    if found is None:
        return None, None
    return found.confidence, index.code(found.row) if found.row is not None else None


@pytest.fixture(scope="module")
def town() -> Index:
    return index_of(
        [
            HOME,  # P0
            us(124, "MAPLE", before="N"),
            us(120, "MABEL", "AVE"),
            us(120, "CEDAR", unit="APT 1"),
            us(120, "CEDAR", unit="APT 2"),
            us(7, "OAK", "DR"),  # P5
            us(7, "OAK", "LN"),
            us(9, "ELM", city="DALLAS", postal_code="75201"),
            us(9, "ELM", city="DALLAS", postal_code="75202"),
            us(11, "PINE CREEK", "WAY", postal_code="78702"),
            cn(120, "南京西路"),  # P10
            cn(120, "南京西路", "2单元501室"),
            cn(8, "中山东一路", district="黄浦区"),
            us(13, "OAK HILL", "CT", before="W"),  # P13
        ]
    )


@pytest.mark.parametrize(
    "text",
    [
        "120 N Maple St, Austin, TX 78701",
        "120 north maple street austin texas",
        "Austin, TX 78701, 120 N. Maple St.",
        "120 n maple st 78701",
        "120 N Mapel St, Austin, TX 78701",
        "120 N Maple Stret, Austin, TX 78701",
        "120 Nroth Maple St, Austin, TX 78701",
        "120 N Maple St, Asutin, TX 78701",
        "120 N Maple St, Austin, TX 7870",
        "120 Maple St, Austin, TX 78701",
    ],
)
def test_the_home_is_found(town: Index, text: str) -> None:
    assert outcome(town, text) == (EXACT, "P0")


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("121 N Maple St, Austin, TX 78701", INTERPOLATED),  # no such number
        ("120 S Maple St, Austin, TX 78701", INTERPOLATED),  # another direction
        ("120 N Maple Ave, Austin, TX 78701", INTERPOLATED),  # another kind
        ("120 N Maple St, Austin, TX 78702", INTERPOLATED),  # a ZIP code that is another's
        ("120 N Maple St, Austin, OK 78701", INTERPOLATED),  # another state
        ("120 N Maple St, Dallas, TX 78701", INTERPOLATED),  # another city
        ("120 N Maple St Apt 3, Austin, TX 78701", INTERPOLATED),  # no such flat
        ("120 Cedar St, Austin, TX 78701", INTERPOLATED),  # which flat?
        ("120 N Mapel St, Asutin, TX 78701", AREA),  # two typos
        ("120 N Maple St", INTERPOLATED),  # where?
        ("120 N Maple St, Austin", INTERPOLATED),  # which Austin?
        ("7 Oak, Austin, TX 78701", INTERPOLATED),  # Drive or Lane?
        ("9 Elm St, Dallas, TX", INTERPOLATED),  # two of them
        ("9000 N Maple St, Austin, TX 78701", AREA),  # far beyond the street
        ("5 Nowhere Rd, Austin, TX 78701", AREA),
        ("Austin, TX", AREA),
        ("Somewhere else", None),
        ("", None),
    ],
)
def test_a_doubt_is_never_exact(town: Index, text: str, confidence: Confidence | None) -> None:
    assert outcome(town, text) == (confidence, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("120 Cedar St Apt 2, Austin TX 78701", "P4"), ("120 Cedar St #2, Austin TX 78701", "P4"),
     ("120 Cedar St 2, Austin TX 78701", "P4"), ("7 Oak Lane, Austin, TX 78701", "P6"),
     ("9 Elm St, Dallas, TX 75202", "P8"), ("11 Pine Creek Way 78702", "P9"),
     ("上海市静安区南京西路120号", "P10"), ("上海市静安区南京西路120号2单元501", "P11"), ("上海南京西路120号", "P10"),
     ("上海市静安区南京西璐120号", "P10"), ("中山东一路8号，上海市黄浦区", "P12")],
)  # fmt: skip
def test_units_kinds_and_chinese_forms(town: Index, text: str, code: str) -> None:
    assert outcome(town, text) == (EXACT, code)


@pytest.mark.parametrize("text", ["南京西路120号", "上海市黄浦区南京西路120号", "北京市南京西路120号3单元"])
def test_a_doubt_in_chinese_is_never_exact(town: Index, text: str) -> None:
    assert outcome(town, text)[0] is not EXACT


def test_a_known_word_is_no_typo_of_another(town: Index) -> None:
    """MABEL is a street here: nobody who types it means MAPLE."""
    assert outcome(town, "120 Mabel St, Austin, TX 78701") == (INTERPOLATED, None)


def test_candidates_are_told_best_first(town: Index) -> None:
    found = match(town, "120 Cedar St, Austin, TX 78701")
    assert found is not None
    assert [town.code(row) for row in found.candidates] == ["P3", "P4"]


def test_between_neighbours_the_position_is_between(town: Index) -> None:
    found = match(town, "122 N Maple St, Austin, TX 78701")
    assert found is not None
    assert (found.confidence, found.label) == (INTERPOLATED, "122 N MAPLE ST, AUSTIN, TX 78701")


@pytest.mark.parametrize(
    ("text", "codes"),
    [("120 N Map", ["P0"]), ("120 ma", ["P2", "P0"]), ("120 ced", ["P3", "P4"]), ("7 oak d", ["P5"]), ("南京西路1", []),
     ("11 pine creek", ["P9"]), ("11 pine creek way", ["P9"]), ("13 oak hill", ["P13"]), ("13 W Oak Hill Ct", ["P13"]),
     ("13 oak hill ct austin", ["P13"]), ("13 oak hill ct dallas", []), ("南京西路120号2单元", ["P11"]),
     ("120 N Mapel St, Austin, TX 78701", ["P0"]), ("zzz", [])],
)  # fmt: skip
def test_suggestions_complete_what_is_typed(town: Index, text: str, codes: list[str]) -> None:
    assert [town.code(row) for row in suggest(town, text, 8)] == codes


@pytest.fixture(scope="module")
def county() -> tuple[Index, list[Address], Index]:
    """10,000 premises, and the same without every tenth."""
    rows = [one for batch in synthetic.rows(10_000) for one in batch]
    return Index.build([rows]), rows, Index.build([[one for n, one in enumerate(rows) if n % 10]])


def test_one_typo_is_forgiven_and_nothing_wrong_is_exact(county) -> None:
    index, rows, _without = county
    chance = random.Random(7)
    found = 0
    for _number in range(1000):
        wanted = chance.choice(rows)
        text = synthetic.with_typo(synthetic.typed(wanted, chance), chance)
        best = match(index, text)
        if best is not None and best.row is not None:
            assert index.code(best.row) == wanted.code, text
        found += best is not None and bool(best.candidates) and index.code(best.candidates[0]) == wanted.code
    assert found >= 990


def test_premises_that_are_not_there_are_never_exact(county) -> None:
    _index, rows, without = county
    chance = random.Random(8)
    for wanted in rows[::10]:
        best = match(without, synthetic.typed(wanted, chance))
        assert best is None or best.confidence is not EXACT, wanted


@given(st.text(max_size=200))
def test_no_text_breaks_the_match(text: str) -> None:
    index = index_of([HOME, cn(120, "南京西路")])
    found = match(index, text)
    assert found is None or (found.row is None) == (found.confidence is not EXACT)
    suggest(index, text, 8)


def test_a_road_that_has_no_such_house_asks_for_the_one_beside_it_and_is_never_taken_for_it() -> None:
    index = index_of([cn(120, "南京西路"), cn(900, "南京路")])
    found = match(index, "上海市静安区南京路120号")
    assert found is not None
    assert (found.confidence, found.row, found.candidates) == (Confidence.INTERPOLATED, None, (0,))
    exact = match(index, "上海市静安区南京路900号")
    assert exact is not None
    assert (exact.confidence, exact.row) == (Confidence.EXACT, 1)
