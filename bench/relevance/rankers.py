"""The ways of ranking that are compared, each made of a channel's documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence

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

Maker = Callable[[Sequence[ProductDocument]], Ranker]


def suite(documents: Sequence[ProductDocument]) -> Ranker:
    """The suite's search as it answers people."""
    engine = MemoryEngine()
    engine.update(documents, ())
    return lambda text: [hit.product_id for hit in engine.search(Question(text, first=PAGE)).hits]


def with_steps(steps: frozenset[str]) -> Maker:
    """The suite's search with some of its steps alone."""

    def make(documents: Sequence[ProductDocument]) -> Ranker:
        index = Index.build(documents)

        def rank(text: str) -> list[str]:
            found = match(index, text, steps=steps)
            order = Order(found.rows, ordering.keys(index, found.rows, found.scores, None))
            return [index.entry(row).id for row in order.page(0, PAGE)]

        return rank

    return make


def _by_steps() -> Iterator[tuple[str, Maker]]:
    for count in range(len(STEPS) + 1):
        name = f"+ {STEPS[count - 1]}" if count else "fields, all words"
        yield name, with_steps(frozenset(STEPS[:count]))


RANKERS: Mapping[str, Maker] = {"plain BM25": bm25.ranker, **dict(_by_steps()), WHOLE: suite}
