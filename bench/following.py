"""This process as a server is: it hears of changes and keeps its copies up."""

from collections.abc import Iterator
from contextlib import contextmanager

from kernel import notices
from plugins.bundles import tasks as bundles
from plugins.guided_search import tasks as guided_search


@contextmanager
def following() -> Iterator[None]:
    """Follow the catalogue, its rules and its prices within the block."""
    notices.start()
    try:
        guided_search.warm_up()
        bundles.warm_up()
        yield
    finally:
        guided_search.wind_down()
        bundles.wind_down()
        notices.stop()
