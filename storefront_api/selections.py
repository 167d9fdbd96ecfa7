"""The selections of plans, written out as functions in Python."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storefront_api.completion import Completer, UnplannedError, UnsupportedError

# Gives the answer to an object, `resolve(source, run)`.
Resolve = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Selected:
    """Gives the answer to one object, `one(source, run)`, or the answers to many, `all(sources, run)`."""

    one: Resolve
    all: Callable[[Any, Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Resolver:
    """Gives a field's value: `function(source)` when it `is_method`, else `function(source, run)`."""

    function: Callable[..., Any]
    is_method: bool = False


_FUNCTIONS = """
def select(source, run):
    if source.__class__ not in known: admit(source)
    return ANSWER
def select_all(sources, run):
    answers = []
    for source in sources:
        if source.__class__ not in known: admit(source)
        answers.append(ANSWER)
    return answers
"""


class Selection:
    """The fields of an object, in the document's order, written out as functions in Python.

    For `{ amount currency colour: attribute(name: "colour") }` it says:

        def select(source, run):
            if source.__class__ not in known: admit(source)
            return {
                "amount": complete0(source.amount, run),
                "currency": value if (value := source.currency).__class__ is str else complete1(value, run),
                "colour": value if (value := resolve2(source, run)) is None else complete3(value, run),
            }

    and the same again for many at once: calls are most of what a list costs.
    """

    def __init__(self, no_object: tuple[type, ...]) -> None:
        self.no_object = no_object
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}

    def add_constant(self, key: str, value: str) -> None:
        self._write(key, repr(value))

    def add_attribute(self, key: str, name: str, completer: Completer) -> None:
        if not name.isidentifier():
            raise UnsupportedError(name)
        self._add(key, f"source.{name}", completer)

    def add_resolved(self, key: str, resolver: Resolver, completer: Completer) -> None:
        resolve = self._name("resolve", resolver.function)
        self._add(key, f"{resolve}(source)" if resolver.is_method else f"{resolve}(source, run)", completer)

    def _add(self, key: str, value: str, completer: Completer) -> None:
        complete = self._name("complete", completer.complete)
        conditions = ["{} is None"] if completer.is_nullable else []
        if completer.passes:
            within = f" and {completer.within}" if completer.within else ""
            conditions.append(f"{{}}.__class__ is {completer.passes.__name__}{within}")
        if conditions:
            first, *others = conditions
            as_it_is = " or ".join([first.format(f"(value := {value})"), *(each.format("value") for each in others)])
            self._write(key, f"value if {as_it_is} else {complete}(value, run)")
        else:
            self._write(key, f"{complete}({value}, run)")

    def _write(self, key: str, expression: str) -> None:
        # Names of GraphQL hold letters, digits and underscores alone: nothing of a caller's becomes code.
        if not key.isidentifier():
            raise UnsupportedError(key)
        self.lines.append(f"{key!r}: {expression}")

    def _name(self, prefix: str, function: Callable[..., Any]) -> str:
        name = f"{prefix}{len(self.names)}"
        self.names[name] = function
        return name

    def compiled(self) -> Selected:
        known: set[type] = set()

        def admit(source: Any) -> None:
            if isinstance(source, self.no_object):
                raise UnplannedError("an object is expected")
            known.add(source.__class__)

        answer = f"{{{', '.join(self.lines)}}}"
        text = _FUNCTIONS.replace("ANSWER", answer)
        names = {**self.names, "known": known, "admit": admit}
        exec(compile(text, "<plan>", "exec"), names)  # noqa: S102 - it holds names of the schema, and keys as above
        return Selected(names["select"], names["select_all"])
