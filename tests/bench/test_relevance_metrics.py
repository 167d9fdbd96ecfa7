"""The measures against values worked out by hand."""

import math

import pytest

from bench.catalogue import demonstration
from bench.relevance import bm25
from bench.relevance.items import items
from bench.relevance.metrics import judge, ndcg, reciprocal_rank, summary
from bench.relevance.queries import Graded, Query
from plugins.guided_search.documents import ProductDocument

GRADES = {"a": 3, "b": 2, "c": 1}


def _graded(text: str, grades: dict[str, int], query_class: str = "model") -> Graded:
    return Graded(Query(text, text, "en", "us", query_class, "TUNE", {}), grades)


def test_ndcg_of_the_ideal_order_is_one():
    assert ndcg(["a", "b", "c"], GRADES) == 1.0


def test_ndcg_by_hand():
    ideal = 7 + 3 / math.log2(3) + 1 / 2
    found = 1 + 0 + 7 / 2

    assert ndcg(["c", "x", "a"], GRADES) == pytest.approx(found / ideal)
    assert ndcg(["c", "x", "a"], GRADES) == pytest.approx(0.4791, abs=1e-4)


def test_ndcg_looks_at_the_first_ten_only():
    ranked = [f"x{number}" for number in range(10)] + ["a"]

    assert ndcg(ranked, GRADES) == 0.0
    assert ndcg(ranked, GRADES, depth=11) > 0.0


def test_ideal_is_taken_over_all_products_not_over_those_found():
    assert ndcg(["b"], GRADES) == pytest.approx(3 / (7 + 3 / math.log2(3) + 1 / 2))


def test_reciprocal_rank_counts_the_highest_grade_alone():
    assert reciprocal_rank(["b", "c", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["b"], GRADES) == 0.0


def test_a_product_given_twice_counts_once():
    judged = judge(lambda _text: ["a", "a", "b", "c"], _graded("q", GRADES))

    assert judged.ndcg == 1.0
    assert judged.found == 3


def test_summary_by_class():
    answers = {"one": ["a"], "two": [], "three": ["x", "b"]}
    judged = [
        judge(answers.__getitem__, _graded("one", {"a": 3})),
        judge(answers.__getitem__, _graded("two", {"a": 3})),
        judge(answers.__getitem__, _graded("three", {"b": 2}, "need")),
    ]

    scores = summary(judged)

    assert scores["all"].queries == 3
    assert scores["all"].zero_rate == pytest.approx(1 / 3)
    assert scores["all"].mrr == pytest.approx(1 / 2)  # of the two that have an answer of grade 3
    assert scores["model"].ndcg == pytest.approx(1 / 2)
    assert scores["need"].ndcg == pytest.approx(1 / math.log2(3))


def test_bm25_by_hand():
    engine = bm25.Bm25(["red phone", "red red case blue", "green cable"])
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))

    scores = engine.scores("Red?")

    mean = 8 / 3
    assert scores[0] == pytest.approx(rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean)))
    assert scores[1] == pytest.approx(rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 4 / mean)))
    assert scores[2] == 0.0


def test_bm25_takes_any_word_and_ideographs_one_by_one():
    documents = [ProductDocument("a", "小米手机", "DEVICE"), ProductDocument("b", "三星 case", "ACCESSORY")]

    assert bm25.ranker(documents)("手机 case") == ["a", "b"]
    assert bm25.ranker(documents)("nothing") == []


def test_the_demonstration_is_the_same_at_every_call():
    first, second = demonstration("us"), demonstration("us")

    assert first == second
    assert sum(document.kind == "DEVICE" for document in first) == 682
    assert all(document.variants and document.categories for document in first)
    assert [document.id for document in first] == [item.id for item in items("us")]


def test_the_chinese_channel_has_its_own_plans_prices_and_names():
    found = {document.id: document for document in demonstration("cn")}
    pixel = found["google-pixel-9"]

    assert "plan-start-3" not in found
    assert found["plan-cn-data-29"].translations["zh-hans"].name == "流量卡 30GB"
    assert pixel.translations["zh-hans"].name == "谷歌 Pixel 9"
    assert pixel.translations["zh-hans"].brand == "谷歌"
    assert pixel.translations["zh-hans"].categories == ("手机和平板", "手机")
    assert pixel.price > 1000
    assert {value for variant in pixel.variants for value in variant.translations["zh-hans"]["colour"]} <= {
        "珊瑚橙", "石墨灰", "天空蓝", "午夜蓝", "银色", "珍珠白", "森林绿", "薰衣草紫", "沙金色", "绯红色",
    }  # fmt: skip
