"""Shoppers who search at a steady pace in a process whose indexes follow the catalogue, as a server's do."""

import time
from collections.abc import Callable
from types import TracebackType

from bench.measure import timed
from bench.saleor_goods import BRANDS, CHANNEL, SERIES
from kernel import notices
from plugins.catalogue import selectors as catalogue
from plugins.guided_search import selectors, tasks
from plugins.guided_search.facets import Refinement
from plugins.guided_search.selectors import Search

MOST = 20_000


class Searching:
    """A server's search without the server."""

    def __enter__(self) -> "Searching":
        notices.start()
        tasks.warm_up()
        channel = catalogue.channel(CHANNEL)
        texts = [*BRANDS, *SERIES, *(f"{brand} {series}" for brand in BRANDS for series in SERIES), "256 gb", "blue"]
        self._questions = [Search(channel, text, (Refinement("kind", ("DEVICE",)),)) for text in texts]
        for question in self._questions:
            selectors.search(question)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        tasks.wind_down()
        notices.stop()

    def ask(self, least: int, pause: float, goes_on: Callable[[], bool]) -> tuple[list[float], list[float]]:
        """Milliseconds by the clock and of the processor: `least` searches, and more while something goes on."""
        found: list[tuple[float, float]] = []
        while len(found) < least or (goes_on() and len(found) < MOST):
            found.append(timed(self._answer, len(found)))
            time.sleep(pause)
        return [clock for clock, _busy in found], [busy for _clock, busy in found]

    def _answer(self, number: int) -> None:
        selectors.search(self._questions[number % len(self._questions)])
