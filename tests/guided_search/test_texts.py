"""Chinese, quotes, bounds of price, wishes, and texts that nobody should type."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.guided_search.documents import ProductDocument, Translation, VariantDocument
from plugins.guided_search.engine import MemoryEngine, Page, Question
from plugins.guided_search.facets import Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.suggesting import NOBODY, Popular
from plugins.guided_search.words import synonyms
from tests.guided_search.catalogues import case, phone


def chinese(name: str, brand: str = "", categories: tuple[str, ...] = ()) -> dict[str, Translation]:
    return {"zh-hans": Translation(name=name, brand=brand, categories=categories)}


def priced(name: str, price: int, **fields: object) -> ProductDocument:
    return phone(name, variants=(VariantDocument(f"V-{name}", Decimal(price), {"storage": ("128 GB",)}),), **fields)


PHONES_ZH = ("设备", "手机")
PRODUCTS = [
    priced("P20 Pro", 2500, brand="Huawei", translations=chinese("P20 Pro", "华为", PHONES_ZH)),
    priced("Mate 40", 4999, brand="Huawei", translations=chinese("Mate 40", "华为", PHONES_ZH)),
    priced("Redmi Note 10", 150, brand="Xiaomi", translations=chinese("红米 Note 10", "小米", PHONES_ZH)),
    priced(
        "Galaxy S21", 199, attributes={"battery_mah": ("4000",)}, translations=chinese("Galaxy S21", "三星", PHONES_ZH)
    ),
    priced("Galaxy S21 Ultra", 900, attributes={"battery_mah": ("5000",)}),
    priced("S21 Galaxy Edition", 700, brand="Halden"),
    replace(
        case("Leather case for Huawei P20 Pro"),
        translations=chinese("华为P20 Pro 真皮保护套", "", ("配件", "手机壳")),
    ),
    *(priced(f"Nord N{number}", 300 + number, brand="OnePlus") for number in range(12)),
    priced("Nort", 300, brand="Halden"),
]
ENGINE = MemoryEngine(Index.build(PRODUCTS))


def search(text: str, *, verbatim: bool = False) -> Page:
    return ENGINE.search(Question(text=text, first=100, verbatim=verbatim))


def names(text: str, *, verbatim: bool = False) -> list[str]:
    return [hit.product_id for hit in search(text, verbatim=verbatim).hits]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("华为手机", "P20 Pro"),
        ("華為手機", "P20 Pro"),
        ("华为P20", "P20 Pro"),
        ("华为 p20 pro", "P20 Pro"),
        ("huawei p20 手机", "P20 Pro"),
        ("huawei", "P20 Pro"),
        ("xiaomi", "Redmi Note 10"),
        ("hw mate", "Mate 40"),
        ("红米note10", "Redmi Note 10"),
        ("紅米 note 10", "Redmi Note 10"),
        ("hongmi", "Redmi Note 10"),
        ("sanxing s21", "Galaxy S21"),
        ("三星Galaxy", "Galaxy S21"),
        ("华为保护套", "Leather case for Huawei P20 Pro"),
        ("華為保護套", "Leather case for Huawei P20 Pro"),
    ],
)
def test_chinese_is_found_however_it_is_typed(typed: str, first: str) -> None:
    found = names(typed)
    assert first in found[:2], found[:5]
    assert search(typed).correction is None


@pytest.mark.parametrize(
    ("simplified", "traditional"), [("华为手机", "華為手機"), ("红米", "紅米"), ("小米手机", "小米手機")]
)
def test_simplified_and_traditional_are_one(simplified: str, traditional: str) -> None:
    assert names(simplified) == names(traditional) != []


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("phone under 200", 0, 200),
        ("phones below $200", 0, 200),
        ("phone at most 199", 0, 199),
        ("galaxy over 800", 800, 10_000),
        ("phone more than 2,500", 2500, 10_000),
        ("3000元以下手机", 0, 3000),
        ("3000以下的手机", 0, 3000),
        ("手机 200元以内", 0, 200),
        ("4000元以上", 4000, 10_000),
    ],
)
def test_a_price_that_is_typed_bounds_the_result(typed: str, low: int, high: int) -> None:
    prices = {product.id: product.price for product in PRODUCTS}
    found = names(typed)
    assert found
    assert all(low <= (prices[name] or 0) <= high for name in found), found


def test_all_that_a_price_bounds_is_found() -> None:
    assert names("phone under 200")[:2] == ["Redmi Note 10", "Galaxy S21"]
    assert set(names("galaxy under 800")) == {"Galaxy S21", "S21 Galaxy Edition"}
    assert names("3000元以下 华为手机")[0] == "P20 Pro"
    assert "Mate 40" not in names("3000元以下 华为手机")


def test_a_bound_and_a_choice_meet_in_one_variant() -> None:
    two = phone("Two", storage=["64 GB", "128 GB"])
    engine = MemoryEngine(Index.build([two]))
    big = (Refinement("storage", ("128 GB",)),)
    assert engine.search(Question(text="phone under 550")).total == 1
    assert engine.search(Question(text="phone under 550", refinements=big)).total == 0


def test_a_small_number_is_no_price() -> None:
    found = search("galaxy under 5")
    assert found.total
    assert found.correction is not None
    assert found.correction.dropped == ("under",)


def test_quoted_words_stand_side_by_side() -> None:
    assert set(names('"galaxy s21"')) == {"Galaxy S21", "Galaxy S21 Ultra"}
    assert names('"s21 galaxy"') == ["S21 Galaxy Edition"]
    assert names("“s21 galaxy”") == ["S21 Galaxy Edition"]
    assert set(names("s21 galaxy")) == {"Galaxy S21", "Galaxy S21 Ultra", "S21 Galaxy Edition"}


def test_a_wish_orders_and_leaves_nothing_out() -> None:
    assert names("big battery galaxy s21")[0] == "Galaxy S21 Ultra"
    assert set(names("big battery galaxy s21")) == set(names("galaxy s21"))
    assert names("cheap galaxy")[0] == "Galaxy S21"
    assert names("便宜手机")[0] == "Redmi Note 10"


def test_verbatim_corrects_and_drops_nothing() -> None:
    assert names("galxy s21")[0] == "Galaxy S21"
    for typed in ("galxy s21", "galaxy zzzzzz"):
        assert names(typed, verbatim=True) == []
        assert search(typed, verbatim=True).correction is None


def test_dropped_words_are_told() -> None:
    found = search("galaxy s21 zzzzzz")
    assert found.correction is not None
    assert (found.correction.dropped, found.correction.applied) == (("zzzzzz",), True)
    assert found.correction.corrected == "galaxy s21"


def test_a_better_spelling_is_proposed_and_not_applied() -> None:
    found = search("nort")
    assert [hit.product_id for hit in found.hits] == ["Nort"]
    assert found.correction is not None
    assert (found.correction.corrected, found.correction.applied, found.correction.dropped) == ("nord", False, ())
    assert search("nord").total == 12


BAD = [
    *("x" * 200, "9" * 200, "汉" * 200, '"' * 200, "“" * 200, "'" * 200, "- " * 100, "a b " * 50, "()[]{}*?\\"),
    *(
        "\0",
        "a\0b",
        "\ud800",
        "phone \udfff case",
        "\U0001f4f1",
        "👨‍👩‍👧‍👦",
        "🇨🇳",
        "مرحبا هاتف",
        "שלום",
        "\u202egalaxy\u202c",
    ),
    *(
        "!!!",
        "...",
        "«»",
        "\u200b\u200b",
        "\ufeff",
        "e\u0301" * 50,
        "ﬀ",
        "Ⅳ",
        "①②③",
        "٣٠٠",
        "1e999",
        "under",
        "under under",
    ),
    *(
        "under 99999999999999999999999999",
        "以下",
        "元以下",
        "300元",
        "over 0.0000001",
        "1.2.3.4.5",
        "1,2,3",
        "+",
        "s21+++",
    ),
    *(
        '"galaxy',
        'galaxy"',
        '""',
        '" "',
        '"a" "b" "c" "d"',
        "in",
        "the the the",
        "的的的",
        "\t\n\r",
        "%s %(x)s {0}",
        "'; --",
    ),
]


@pytest.mark.parametrize("typed", BAD, ids=lambda text: ascii(text[:12]))
def test_nothing_that_is_typed_breaks_a_search(typed: str) -> None:
    for verbatim in (False, True):
        page = search(typed, verbatim=verbatim)
        assert len(page.hits) == page.total
    found = ENGINE.suggest(typed, 8, NOBODY, "en", synonyms())
    assert len(found.queries) <= 8
    for product in ("P20 Pro", "nobody"):
        ENGINE.explain(Question(text=typed), product)


@given(st.text(st.characters(codec=None), max_size=60) | st.text('gala s21"“”元以下under 0123456789.,', max_size=40))
def test_nothing_at_all_breaks_a_search(typed: str) -> None:
    page = search(typed)
    assert len(page.hits) == page.total
    ENGINE.suggest(typed, 8, NOBODY, "zh-hans", synonyms())


def suggest(
    prefix: str, popular: Popular = NOBODY, language: str = "en", limit: int = 8
) -> tuple[list[str], list[str], list[str]]:
    found = ENGINE.suggest(prefix, limit, popular, language, synonyms())
    return found.queries, [name for _slug, name in found.categories], found.product_ids


def test_a_slip_in_the_last_word_is_mended_while_typing() -> None:
    queries, _categories, products = suggest("galx")
    assert "galaxy" in queries
    assert products[0].startswith("Galaxy")
    assert suggest("huawei mste")[2][0] == "Mate 40"


def test_chinese_is_completed() -> None:
    assert "P20 Pro" in suggest("华", language="zh-hans")[2]
    assert suggest("手", language="zh-hans")[1][0] == "手机"
    assert suggest("shouj", language="zh-hans")[1][0] == "手机"
    assert "P20 Pro" in suggest("hua")[2]


def test_what_others_search_for_comes_first() -> None:
    popular = Popular({"galaxy s21 case": 3.0, "galaxy": 9.0, "pixel": 50.0})
    queries, _categories, _products = suggest("gal", popular)
    assert queries[:2] == ["galaxy", "galaxy s21 case"]
    assert len(queries) == len(set(queries))
    assert suggest("gal", popular, limit=1)[0] == ["galaxy"]


def test_categories_of_nothing_are_not_suggested() -> None:
    engine = MemoryEngine(ENGINE.index)
    assert "Phone cases" in suggest("phone")[1]
    engine.update([], ["Leather case for Huawei P20 Pro"])
    found = engine.suggest("phone", 8, NOBODY, "en", synonyms())
    assert "Phone cases" not in [name for _slug, name in found.categories]
