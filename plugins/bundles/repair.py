"""The smallest change that makes a choice valid: which units to add and which to take away.

Pure. It is a search by need (IDA*): some limit or rule is broken; whatever valid choice lies nearest, it differs from
this one in one of the few changes that bear on what is broken, so only those are tried, and never one back again.
Options that no limit and no rule can tell apart stand for each other. What a change costs is its number of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plugins.bundles.structure import (
    EXCLUDED,
    OPTION_TOO_FEW,
    OPTION_TOO_MANY,
    REQUIRED,
    TOO_FEW,
    TOO_MANY,
    Broken,
    Choice,
    Key,
    Structure,
)

# So many choices are looked at before a change is given that is right but perhaps not the smallest.
NODES: Final = 4_000
FAR: Final = 400


@dataclass(frozen=True, slots=True)
class Repair:
    """The change: units to add (above 0) or take away for each key. `proven` when no smaller one exists."""

    change: Choice
    proven: bool

    @property
    def units(self) -> int:
        return sum(map(abs, self.change.values()))


class _OutOfNodes(Exception):
    pass


def repair(structure: Structure, choice: Choice, caps: Sequence[int], *, nodes: int = NODES) -> Repair | None:
    """The smallest change after which the choice is valid; empty when it is. None when no valid choice was found.

    `caps` are the units of each option that may be had in one instance now.
    """
    search = _Search(structure, caps, nodes)
    start = {key: units for key, units in choice.items() if units}
    try:
        change = search.smallest(start)
    except _OutOfNodes:
        change = search.greedily(start)
        return None if change is None else Repair(change, proven=False)
    return None if change is None else Repair(change, proven=True)


def is_hopeless(structure: Structure, choice: Choice, caps: Sequence[int], *, nodes: int = NODES) -> bool:
    """Whether it is proven that no valid choice can be reached."""
    try:
        return _Search(structure, caps, nodes).smallest(choice) is None
    except _OutOfNodes:
        return False


@dataclass(slots=True)
class _Search:
    structure: Structure
    caps: Sequence[int]
    nodes: int

    def smallest(self, start: Choice) -> Choice | None:
        """The smallest change; None when there is none. Raises _OutOfNodes."""
        bound: int | None = self.at_least(start, {})
        while bound is not None and bound < FAR:
            found, bound = self.within(start, {}, bound)
            if found is not None:
                return found
        return None

    def within(self, choice: Choice, change: Choice, bound: int) -> tuple[Choice | None, int | None]:
        """A change of at most `bound` units in all, or the least bound that could hold one (None: there is none)."""
        self.nodes -= 1
        if self.nodes < 0:
            raise _OutOfNodes
        broken = self.structure.broken(choice, self.caps)
        if not broken:
            return change, None
        spent = sum(map(abs, change.values()))
        needs = [(self.moves(one, choice, change), one) for one in broken]
        least = spent + self._least(needs, choice)
        if least > bound:
            return None, least if least < FAR else None
        moves, _one = min(needs, key=lambda need: len(need[0]))
        beyond: int | None = None
        for key, step in moves:
            found, more = self.within(_moved(choice, key, step), _moved(change, key, step), bound)
            if found is not None:
                return found, None
            if more is not None and (beyond is None or more < beyond):
                beyond = more
        return None, beyond

    def at_least(self, choice: Choice, change: Choice) -> int:
        """No valid choice is nearer than so many units."""
        broken = self.structure.broken(choice, self.caps)
        return self._least([(self.moves(one, choice, change), one) for one in broken], choice)

    def _least(self, needs: list[tuple[list[tuple[Key, int]], Broken]], choice: Choice) -> int:
        """Needs that no single change can serve together add up."""
        total, used = 0, set[tuple[int, int, int]]()
        for moves, one in sorted(needs, key=lambda need: len(need[0])):
            if not moves:
                return FAR
            served = {(*key, step) for key, step in self.all_moves(one, choice)}
            if used.isdisjoint(served):
                used |= served
                total += self._units(one, choice)
        return total

    def _units(self, one: Broken, choice: Choice) -> int:
        """How many units it takes to mend one thing: to fill it, or to give up what asks for it."""
        if one.code in (OPTION_TOO_MANY, TOO_MANY):
            return one.by
        if one.code == EXCLUDED:
            rule = self.structure.rules[one.rule]
            sides = [
                sum(choice[key] for key in self.structure.chosen(choice, side, rule.line, one.instance))
                for side in (rule.when, rule.then)
                if side is not None
            ]
            return min(sides)
        given_up = sum(choice[key] for key in self._givable(one, choice))
        return min(one.by, given_up) if given_up else one.by

    def moves(self, one: Broken, choice: Choice, change: Choice) -> list[tuple[Key, int]]:
        """The changes by one unit that bear on it, one for all that are alike, without any that goes back."""
        kept: dict[object, tuple[Key, int]] = {}
        for key, step in self.all_moves(one, choice):
            if change.get(key, 0) * step < 0:
                continue
            kept.setdefault((step, self._likeness(key, choice, change)), (key, step))
        return list(kept.values())

    def _likeness(self, key: Key, choice: Choice, change: Choice) -> object:
        option = self.structure.options[key[0]]
        return (
            option.group, key[1], option.lower, self.caps[key[0]], self.structure.known_to[key[0]],
            choice.get(key, 0), change.get(key, 0),
        )  # fmt: skip

    def all_moves(self, one: Broken, choice: Choice) -> list[tuple[Key, int]]:
        """Every change by one unit that bears on it; what is on offer by default first."""
        structure = self.structure
        if one.code == OPTION_TOO_MANY:
            return [((one.option, one.instance), -1)]
        if one.code == TOO_MANY:
            return [(key, -1) for key in self._units_in(one.group, one.instance, choice)]
        if one.code == EXCLUDED:
            rule = structure.rules[one.rule]
            sides = (rule.then,) if rule.when is None else (rule.then, rule.when)
            keys = [key for side in sides for key in structure.chosen(choice, side, rule.line, one.instance)]
            return [(key, -1) for key in dict.fromkeys(keys)]
        added = [(key, 1) for key in self._addable(one) if choice.get(key, 0) < self.caps[key[0]]]
        return added + [(key, -1) for key in self._givable(one, choice)]

    def _addable(self, one: Broken) -> list[Key]:
        structure = self.structure
        if one.code == OPTION_TOO_FEW:
            return [(one.option, one.instance)]
        if one.code == TOO_FEW:
            group = structure.groups[one.group]
            if group.line is not None:
                keys = [(option, one.instance) for option in sorted(group.below)]
            else:
                # Repeatable groups within it: any of their instances counts.
                keys = [key for option in sorted(group.below) for key in self._everywhere(option)]
        else:
            rule = structure.rules[one.rule]
            if rule.line is not None:
                keys = [(option, one.instance) for option in sorted(rule.then)]
            else:
                keys = [key for option in sorted(rule.then) for key in self._everywhere(option)]
        return sorted(keys, key=lambda key: -structure.options[key[0]].default)

    def _everywhere(self, option: int) -> list[Key]:
        instances = self.structure.instances(self.structure.options[option].group)
        return [(option, number) for number in range(1, instances + 1)]

    def _givable(self, one: Broken, choice: Choice) -> list[Key]:
        """The units whose absence would take the need away."""
        structure = self.structure
        if one.code == REQUIRED:
            rule = structure.rules[one.rule]
            if rule.when is None and rule.line is None:
                return []
            return structure.chosen(choice, rule.when, rule.line, one.instance)
        if one.code not in (TOO_FEW, OPTION_TOO_FEW):
            return []
        # Whichever of the groups around it is not taken in the end: what lies in the innermost one must go first.
        for group in structure.groups[one.group].path:
            held = self._units_in(group, one.instance, choice)
            if held:
                return held
        return []

    def _units_in(self, group: int, instance: int, choice: Choice) -> list[Key]:
        structure = self.structure
        everywhere = structure.groups[group].line is None
        return [
            key
            for key, units in choice.items()
            if units and (everywhere or key[1] == instance) and key[0] in structure.groups[group].below
        ]

    def greedily(self, start: Choice) -> Choice | None:
        """A change that mends everything, not proven the smallest: one step after another, the best at each."""
        choice, change = dict(start), Choice()
        for _step in range(FAR):
            broken = self.structure.broken(choice, self.caps)
            if not broken:
                return change
            steps = [move for one in broken for move in self.moves(one, choice, change)]
            if not steps:
                return None
            key, step = min(steps, key=lambda move: self._left(_moved(choice, *move)))
            choice, change = _moved(choice, key, step), _moved(change, key, step)
        return None

    def _left(self, choice: Choice) -> int:
        return sum(one.by for one in self.structure.broken(choice, self.caps))


def _moved(choice: Choice, key: Key, step: int) -> Choice:
    moved = dict(choice)
    moved[key] = moved.get(key, 0) + step
    if not moved[key]:
        del moved[key]
    return moved


def bearing(structure: Structure, one: Broken, choice: Choice, caps: Sequence[int]) -> set[tuple[Key, int]]:
    """The changes by one unit, added (1) or taken away (-1), that bear on what is broken."""
    return set(_Search(structure, caps, 0).all_moves(one, choice))
