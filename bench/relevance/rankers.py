"""The ways of ranking that are compared, each made of a channel's documents."""

from collections.abc import Callable, Mapping, Sequence

from bench.relevance import bm25
from bench.relevance.metrics import Ranker
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.index import Index
from plugins.guided_search.matching import match
from plugins.guided_search.ordering import Sort, ordered


def suite(documents: Sequence[ProductDocument]) -> Ranker:
    """The suite's search, whole."""
    index = Index(documents)

    def rank(text: str) -> list[str]:
        found = match(index, text)
        positions = ordered(index, list(found.scores), Sort.RELEVANCE, found.scores, {})
        return [index.products[position].id for position in positions]

    return rank


RANKERS: Mapping[str, Callable[[Sequence[ProductDocument]], Ranker]] = {
    "plain BM25": bm25.ranker,
    "suite": suite,
}
