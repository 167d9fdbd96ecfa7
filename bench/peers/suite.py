"""The suite's own engine, asked as the storefront asks it."""

from collections.abc import Iterable

from bench.peers import Page
from bench.questions import DIMENSIONS, PAGE, Question
from plugins.guided_search import bits
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.facets import Refinement, Selection
from plugins.guided_search.index import Index
from plugins.guided_search.matching import match
from plugins.guided_search.ordering import Sort, ordered


class Suite:
    name = "suite"

    def __init__(self, documents: Iterable[ProductDocument]) -> None:
        self.index = Index(list(documents))

    def search(self, question: Question) -> Page:
        index = self.index
        found = match(index, question.text)
        refinements = [Refinement(name, values) for name, values in question.filters.items()]
        selection = Selection(index, found.slots, refinements)
        positions = ordered(index, list(bits.members(index.fold(selection.slots))), Sort.RELEVANCE, found.scores, {})
        counts = {
            name: {value.value: value.count for value in selection._facet(index.dimensions[name]).values if value.count}
            for name in DIMENSIONS
        }
        return Page(len(positions), tuple(index.products[position].id for position in positions[:PAGE]), counts)
