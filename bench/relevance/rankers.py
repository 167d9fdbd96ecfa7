"""The ways of ranking that are compared, made of a channel's documents."""

from collections.abc import Mapping, Sequence

from bench.relevance import bm25
from bench.relevance.metrics import PAGE, Ranker
from plugins.guided_search import ordering
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.engine import MemoryEngine, Question
from plugins.guided_search.index import Index
from plugins.guided_search.matching import match
from plugins.guided_search.ordering import Order

# Steps of the suite's search in the order in which they are added. Without any it weighs fields and needs all words.
STEPS = ("compounds", "synonyms", "typos", "names", "kind", "needs")
WHOLE = "suite"


def rankers(documents: Sequence[ProductDocument]) -> Mapping[str, Ranker]:
    """Every way over these documents: the peer, the suite with ever more of its steps, the suite as people use it."""
    index = Index.build(documents)
    by_steps = {f"+ {step}": _with(index, STEPS[: place + 1]) for place, step in enumerate(STEPS)}
    return {
        "plain BM25": bm25.ranker(documents),
        "fields, all words": _with(index, ()),
        **by_steps,
        WHOLE: suite(index),
    }


def suite(index: Index) -> Ranker:
    """The suite's search as it answers people."""
    engine = MemoryEngine(index)
    return lambda text: [hit.product_id for hit in engine.search(Question(text, first=PAGE)).hits]


def _with(index: Index, steps: Sequence[str]) -> Ranker:
    def rank(text: str) -> list[str]:
        found = match(index, text, steps=frozenset(steps))
        order = Order(found.rows, ordering.keys(index, found.rows, found.scores, None))
        return [index.entry(row).id for row in order.page(0, PAGE)]

    return rank
