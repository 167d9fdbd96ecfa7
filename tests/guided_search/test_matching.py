"""What people type finds what they mean, and what was changed is said."""

import pytest

from plugins.guided_search import ordering, sounds
from plugins.guided_search.documents import Translation
from plugins.guided_search.index import Index
from plugins.guided_search.matching import Match, match
from plugins.guided_search.ordering import Order
from plugins.guided_search.spelling import corrections
from tests.guided_search.catalogues import CHARGERS, case, phone

PRODUCTS = [
    phone("Galaxy S21", storage=["128 GB", "256 GB"]),
    phone("Galaxy S21 Ultra", storage=["256 GB"]),
    phone("Galaxy S2", storage=["16 GB"]),
    phone("Nord N200", brand="OnePlus"),
    phone("iPhone 12", brand="Apple", storage=["64 GB"]),
    phone("Pixel 8", brand="Google", attributes={"screen_inches": ("6.2",)}),
    case("Clear case for Galaxy S21", fits=["Samsung Galaxy S21"]),
    case("Leather case", fits=["Apple iPhone 12"]),
    phone("Charger 45 W", brand="", kind="ACCESSORY", categories=CHARGERS),
]
INDEX = Index.build(PRODUCTS)


def search(typed: str, **how: bool) -> tuple[list[str], Match]:
    found = match(INDEX, typed, **how)
    order = Order(found.rows, ordering.keys(INDEX, found.rows, found.scores, None))
    return [INDEX.entry(row).name for row in order.page(0, 100)], found


def skus(found: Match) -> list[str]:
    """The SKUs of the variants that match."""
    masks = INDEX.valid[found.rows] if found.masks.size == 0 else found.masks & INDEX.valid[found.rows]
    return [
        sku
        for row, mask in zip(found.rows.tolist(), masks.tolist(), strict=True)
        for number, sku in enumerate(INDEX.entry(row).skus)
        if mask >> number & 1
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("galaxy s21", "Galaxy S21"),
        ("s21 ultra", "Galaxy S21 Ultra"),
        ("galaxy s21 case", "Clear case for Galaxy S21"),
        ("case galaxy s21", "Clear case for Galaxy S21"),
        ("iphone12", "iPhone 12"),
        ("iPhone 12 case", "Leather case"),
        ("one plus nord", "Nord N200"),
        ("google phone", "Pixel 8"),
        ("6.2 inch", "Pixel 8"),
        ("45w charger", "Charger 45 W"),
        ("ultra 256gb", "Galaxy S21 Ultra"),
        ("GALAXY S21-128GB", "Galaxy S21"),
        ("ultr", "Galaxy S21 Ultra"),
    ],
)
def test_the_best_is_first_and_nothing_was_changed(typed: str, first: str) -> None:
    names, found = search(typed)
    assert names[0] == first
    assert found.correction is None


@pytest.mark.parametrize(
    ("typed", "corrected", "first"),
    [
        ("galxy s2l", "galaxy s21", "Galaxy S21"),
        ("iphnoe 12", "iphone 12", "iPhone 12"),
        ("chargr", "charger", "Charger 45 W"),
        # Beside the right key, two letters swapped, another letter where the ear hears the same.
        ("pizel 8", "pixel 8", "Pixel 8"),
        ("ipohne 12", "iphone 12", "iPhone 12"),
        ("samsnug galaxy s21", "samsung galaxy s21", "Galaxy S21"),
        ("sumsung galaxy s21", "samsung galaxy s21", "Galaxy S21"),
        ("galaksy s21", "galaxy s21", "Galaxy S21"),
        ("lether", "leather", "Leather case"),
        ("ifone 12", "iphone 12", "iPhone 12"),
        # Digits of a model the wrong way round.
        ("galaxy s12", "galaxy s21", "Galaxy S21"),
        ("iphone 21", "iphone 12", "iPhone 12"),
        ("pixel 8 zzzzzz", "pixel 8", "Pixel 8"),
        ("apple pixel 8", "pixel 8", "Pixel 8"),
    ],
)
def test_a_correction_is_said(typed: str, corrected: str, first: str) -> None:
    names, found = search(typed)
    assert names[0] == first
    assert found.correction is not None
    assert (found.correction.original, found.correction.corrected) == (typed, corrected)


@pytest.mark.parametrize("typed", ["qqqqqq", "!?", "\U0001f600", "\u0645\u0631\u062d\u0628\u0627", "\0", "9" * 200])
def test_what_says_nothing_finds_nothing(typed: str) -> None:
    assert search(typed)[0] == []


def test_a_blank_text_finds_everything() -> None:
    assert len(match(INDEX, "  ").rows) == len(PRODUCTS)


def test_words_must_meet_in_one_variant() -> None:
    found = match(INDEX, "galaxy 128gb")
    assert skus(found) == ["GalaxyS21-128GB"]


def test_a_known_word_is_not_taken_for_the_start_of_another() -> None:
    assert search("galaxy s2")[0][0] == "Galaxy S2"
    assert "Galaxy S21" not in search("galaxy s2")[0]


def test_a_sku_finds_its_variant_alone() -> None:
    found = match(INDEX, "galaxys21-256gb")
    assert skus(found) == ["GalaxyS21-256GB"]


def test_long_texts_are_shortened_and_say_so() -> None:
    names, found = search("galaxy " * 20 + "s21")
    assert names
    assert found.correction is not None


def test_behind_few_that_have_all_come_some_that_have_most() -> None:
    exact = match(INDEX, "galaxy s21 ultra")
    found = match(INDEX, "galaxy s21 ultra", nearby=True)
    assert [INDEX.entry(row).name for row in exact.rows.tolist()] == ["Galaxy S21 Ultra"]
    names = {INDEX.entry(row).name for row in found.near.tolist()}
    assert "Galaxy S21" in names
    assert "iPhone 12" not in names
    near = set(found.near.tolist())
    scores = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    assert max(scores[row] for row in near) < min(score for row, score in scores.items() if row not in near)
    assert len(match(INDEX, "galaxy s21 ultra", nearby=True, verbatim=True).near) == 0


def test_a_quoted_phrase_and_a_size_meet_in_one_variant() -> None:
    names, found = search('"galaxy s21" 256gb')
    assert set(names) == {"Galaxy S21", "Galaxy S21 Ultra"}
    assert set(skus(found)) == {"GalaxyS21-256GB", "GalaxyS21Ultra-256GB"}
    # The words are there in another order: what is dropped takes its variants along.
    assert search('"s21 galaxy" 256gb')[0] == []


def test_a_short_word_is_taken_for_the_one_that_it_sounds_like() -> None:
    names, found = search("fone")
    assert found.correction is not None
    assert found.correction.corrected == "phone"
    assert {"Galaxy S21", "iPhone 12", "Pixel 8"} <= set(names)


@pytest.mark.parametrize(
    ("typed", "others", "meant"),
    [
        # A neighbouring key before any other letter, a swap before a letter too few, the frequent word between equals.
        ("cord", ("ford", "lord"), "ford"),
        ("from", ("form", "froms"), "form"),
        ("kase", ("vase", "case"), "case"),
        ("s1o", ("s12", "s10"), "s10"),
        ("leter", ("letter", "meter"), "letter"),
    ],
)
def test_of_two_words_the_likelier_slip_comes_first(typed: str, others: tuple[str, str], meant: str) -> None:
    index = Index.build([phone(f"{word} thing", brand="Brand") for word in others])
    assert corrections(index, typed, {})[0] == meant


def test_a_number_is_corrected_only_by_a_swap_and_only_beside_other_words() -> None:
    assert corrections(INDEX, "21", {}) == ["12"]
    assert corrections(INDEX, "13", {}) == []
    assert match(INDEX, "iphone 21").correction is not None
    assert match(INDEX, "21").correction is None


def test_chinese_is_found_by_what_it_sounds_like() -> None:
    names = {"zh-hans": Translation(name="华为手机", brand="华为")}
    index = Index.build([phone("P50", brand="Huawei", translations=names), phone("Pixel 8", brand="Google")])
    for typed, corrected in (("花为", "华为"), ("花为 p50", "华为 p50"), ("huawie", "huawei"), ("fawei", "huawei")):
        found = match(index, typed)
        assert [index.entry(row).name for row in found.rows] == ["P50"], typed
        assert found.correction is not None
        assert found.correction.corrected == corrected
    assert match(index, "花为", verbatim=True).correction is None


def test_what_sounds_alike_has_one_key() -> None:
    for one, other in (("fone", "phone"), ("galaksy", "galaxy"), ("cheep", "cheap"), ("lite", "light")):
        assert sounds.english(one) == sounds.english(other)
    for one, other in (("souji", "shouji"), ("sanxin", "sanxing"), ("lokia", "nokia"), ("congdianqi", "chongdianqi")):
        assert sounds.pinyin(one) == sounds.pinyin(other) != ""
    assert (sounds.english("s21"), sounds.english("ab"), sounds.pinyin("xtz")) == ("", "", "")
