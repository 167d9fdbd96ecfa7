"""Which dimensions would never be shown, since each of their rules waits for another that waits in turn: pure."""

from collections.abc import Iterable

from plugins.merchandising.setup import Precedence


def deadlocked(rules: Iterable[Precedence]) -> tuple[str, ...]:
    """Dimensions that no sequence of choices brings up, in alphabetical order.

    A dimension without a rule can be chosen in from the first. One with rules can once everything that one of them
    asks for can be: what is left when nothing more follows waits in a circle, or for one that does.
    """
    waiting: dict[str, list[frozenset[str]]] = {}
    for rule in rules:
        waiting.setdefault(rule.dimension, []).append(frozenset(rule.needs))
    while reached := [name for name, ways in waiting.items() if any(way.isdisjoint(waiting) for way in ways)]:
        for name in reached:
            del waiting[name]
    return tuple(sorted(waiting))
