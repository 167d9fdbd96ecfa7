"""Ways to answer a question with a page and counts, the suite's and others', behind one interface."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bench.questions import Question


@dataclass(frozen=True)
class Page:
    """How many products match, the first 24 of them, and per dimension how many each value would leave.

    A dimension that is filtered is counted without its own filter, so that values can be added to it ("or").
    """

    total: int
    ids: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """A catalogue that was built and can be asked."""

    name: str

    def search(self, question: Question) -> Page: ...
