"""What answers depend on. Capabilities say it beside their types, so that an answer may be given again unasked.

Nothing is reused of which nobody said what it depends on.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# The key of an `Answer` in the metadata of a root field.
ANSWER: Final = "answer"

Arguments = Mapping[str, Any]


def _never(_arguments: Arguments) -> bool:
    return False


def _nothing(_arguments: Arguments, _language: str) -> None:
    return None


def _unknown(_arguments: Arguments, _language: str) -> Hashable | None:
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be known of a root field before it is resolved, from its arguments as the resolver gets them.

    `strawberry.field(metadata={ANSWER: Answer(...)})`. Both functions run in the event loop: they look into memory
    and never wait.

    `in_memory`: True when the whole answer, nested fields included, comes from memory now, so that resolving it needs
    no thread. (A query of the database in the event loop is refused by Django; the request is then run in a thread.)

    `versions`, of arguments and language: a value that differs whenever a guest's answer to them may differ; it must
    never come back. None when that is not known: nothing is reused.

    `again`, of arguments and language, is called when an answer was given again without being resolved. Both get the
    language because none is active then: to activate one takes as long as to find the answer.

    `is_repeatable`: of a mutation, that it harms nobody to be run again when its first answer was thrown away. It
    writes by `kernel.group_commit` alone, so that it may be run in the event loop; queries always may.
    """

    in_memory: Callable[[Arguments], bool] = _never
    versions: Callable[[Arguments, str], Hashable | None] = _unknown
    again: Callable[[Arguments, str], None] = _nothing
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Reuse:
    """Of which objects of a type the answers are alike. Put it on the type: `reuse: ClassVar[Reuse] = Reuse(...)`.

    `key` gives a value that differs whenever any of `fields` may answer differently in the same language; None when
    that is not known. `fields` are names as in Python. Those in `also` depend on more: each has a function that gives
    what is to be added to the key, None when it is not known. An object is answered again as it was when each field
    that is asked of it is in `fields` or `also`.
    """

    key: Callable[[Any], Hashable | None]
    fields: frozenset[str]
    also: Mapping[str, Callable[[Any], Hashable | None]] = field(default_factory=dict)
