"""The suite's own engine, asked as the storefront asks it."""

import time
from collections.abc import Iterable, Mapping, Sequence

from bench.peers import Page
from bench.questions import DIMENSIONS, PAGE, Question
from plugins.guided_search import collector, engine, text, words
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.engine import MemoryEngine
from plugins.guided_search.facets import Refinement
from plugins.guided_search.remembered import Remembered
from plugins.guided_search.suggesting import Popular, Suggestions

SUGGESTIONS = 8


class Suite:
    name = "suite"
    # The same, without what it remembers of texts that were asked before.
    forgetful = "suite, no text asked before"
    # As a page with filters is come by: who chooses one has asked for the text without it.
    narrowing = "suite, text asked before its filters"

    def __init__(self, documents: Iterable[ProductDocument]) -> None:
        self._engine = MemoryEngine()
        # As the server does.
        with collector.waiting():
            self._engine.update(documents, ())

    def search(self, question: Question) -> Page:
        found = self.ask(question.text, [Refinement(name, values) for name, values in question.filters.items()])
        counts = {
            facet.name: {value.value: value.count for value in facet.values if value.count} for facet in found.facets
        }
        return Page(found.total, tuple(hit.product_id for hit in found.hits), counts)

    def search_anew(self, question: Question) -> Page:
        """As if nobody had asked for the text before."""
        self.forget()
        return self.search(question)

    def forget(self) -> None:
        """Let what was remembered of texts go."""
        self._engine.index.remembered = Remembered()
        text.forget()

    def ask(self, typed: str, refinements: Sequence[Refinement] = (), **more: object) -> engine.Page:
        """The engine's own answer, with the six dimensions."""
        return self._engine.search(
            engine.Question(typed, tuple(refinements), first=PAGE, shown=lambda _names: DIMENSIONS, **more)  # type: ignore[arg-type]
        )

    def slowest(self, rounds: int, typed: str, refinements: Sequence[Refinement] = ()) -> tuple[int, float]:
        """How many products are found, and the milliseconds of the slowest of some rounds."""
        times = []
        for _round in range(rounds):
            started = time.perf_counter()
            found = self.ask(typed, refinements)
            times.append((time.perf_counter() - started) * 1000)
        return found.total, round(max(times), 3)

    def popular(self, weights: Mapping[str, float]) -> Popular:
        """Searches of others, for the typeahead."""
        return Popular(weights)

    def suggest(self, prefix: str, popular: Popular) -> Suggestions:
        return self._engine.suggest(prefix, SUGGESTIONS, popular, "en", words.synonyms())

    def update(self, changed: Iterable[ProductDocument]) -> None:
        """Take in changed products; the next search sees them."""
        self._engine.update(changed, ())
