"""Shoppers who search at a steady pace in a process whose indexes follow the catalogue, as a server's do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.following import following
from bench.measure import timed
from bench.saleor_goods import BRANDS, CHANNEL, SERIES
from plugins.catalogue import selectors as catalogue
from plugins.guided_search import selectors
from plugins.guided_search.facets import Refinement
from plugins.guided_search.selectors import Search

MOST = 20_000


@contextmanager
def searching() -> Iterator["Searching"]:
    """A server's search without the server."""
    with following():
        yield Searching()


class Searching:
    """Who asks for pages of devices, each text in turn."""

    def __init__(self) -> None:
        channel = catalogue.channel(CHANNEL)
        texts = [*BRANDS, *SERIES, *(f"{brand} {series}" for brand in BRANDS for series in SERIES), "256 gb", "blue"]
        self._questions = [Search(channel, text, (Refinement("kind", ("DEVICE",)),)) for text in texts]
        for question in self._questions:
            selectors.search(question)

    def ask(self, least: int, pause: float, goes_on: Callable[[], bool]) -> tuple[list[float], list[float]]:
        """Milliseconds by the clock and of the processor: `least` searches, and more while something goes on."""
        found: list[tuple[float, float]] = []
        while len(found) < least or (goes_on() and len(found) < MOST):
            found.append(timed(self._answer, len(found)))
            time.sleep(pause)
        return [clock for clock, _busy in found], [busy for _clock, busy in found]

    def _answer(self, number: int) -> None:
        selectors.search(self._questions[number % len(self._questions)])
