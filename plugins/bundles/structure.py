"""What may be chosen from an offer: its groups, options and rules, ready to be asked thousands of times a second.

Pure. A choice is a number of units for each `Key`, an option in an instance. The instance counts the repeatable group
that the option lies in (line 3 of a family plan); where there is none it is 1.

A group is in force where its parent is and it is taken (holds a unit) or must be. In force, one instance of it has
between its lower and its upper limit of units in all, sub-groups counted, and each of its options between its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from plugins.bundles.document import OfferDocument, Selector
from plugins.bundles.document import Rule as RuleDocument

Key = tuple[int, int]
Choice = dict[Key, int]


@dataclass(frozen=True, slots=True)
class Product:
    """What the rules need to know of a product: its kind and the values of its attributes by name."""

    kind: str = "OTHER"
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """A product in a group, by its numbers."""

    index: int
    group: int
    sku: str
    lower: int
    upper: int
    default: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group by its numbers. `line` is the repeatable group that it lies in or is; `path` leads from it to the root.

    `mandatory` are its options with a lower limit above 0, `below` those of its sub-groups and its own.
    """

    index: int
    code: str
    parent: int | None
    lower: int
    upper: int
    needed: int
    instances: int
    line: int | None
    path: tuple[int, ...]
    children: tuple[int, ...]
    options: tuple[int, ...]
    mandatory: tuple[int, ...]
    below: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """`then` is needed, at least so many units, or forbidden, with any of `when` (None: always)."""

    code: str
    forbids: bool
    line: int | None
    when: frozenset[int] | None
    then: frozenset[int]
    at_least: int


TOO_FEW: Final = "GROUP_TOO_FEW"
TOO_MANY: Final = "GROUP_TOO_MANY"
OPTION_TOO_FEW: Final = "OPTION_TOO_FEW"
OPTION_TOO_MANY: Final = "OPTION_TOO_MANY"
REQUIRED: Final = "RULE_REQUIRES"
EXCLUDED: Final = "RULE_EXCLUDES"


@dataclass(frozen=True, slots=True)
class Broken:
    """One limit or rule that a choice breaks, in which instance; by how many units."""

    code: str
    instance: int
    by: int
    group: int = -1
    option: int = -1
    rule: int = -1


@dataclass(frozen=True, slots=True)
class Structure:
    """An offer's groups (parents first), options and rules."""

    groups: tuple[Group, ...]
    options: tuple[Option, ...]
    rules: tuple[Rule, ...]
    index: Mapping[tuple[str, str], int]
    codes: Mapping[str, int]
    # For each option the rules that it sets off; rules that always hold are apart.
    set_off: tuple[tuple[int, ...], ...]
    standing: tuple[int, ...]
    # For each option all rules that know it: options with the same are alike.
    known_to: tuple[tuple[tuple[int, int], ...], ...]

    def key(self, group: str, sku: str, instance: int) -> Key | None:
        """The key of a choice; None when the offer has no such option or instance."""
        option = self.index.get((group, sku))
        if option is None or not 1 <= instance <= self.instances(self.options[option].group):
            return None
        return option, instance

    def instances(self, group: int) -> int:
        """How many instances a group has, itself or by the repeatable group around it."""
        line = self.groups[group].line
        return 1 if line is None else self.groups[line].instances

    def place(self, group: int, instance: int) -> tuple[int, int]:
        """The group with the instance that it has when a unit lies in `instance` below it."""
        return group, 1 if self.groups[group].line is None else instance

    def uppers(self) -> list[int]:
        """How many units of each option one instance may have."""
        return [option.upper for option in self.options]

    def broken(self, choice: Choice, caps: Sequence[int]) -> list[Broken]:
        """Every limit and rule that the choice breaks; `caps` are the units of each option that may be had now."""
        return [*self._broken_options(choice, caps), *self._broken_groups(choice), *self._broken_rules(choice)]

    def is_valid(self, choice: Choice, caps: Sequence[int]) -> bool:
        """Whether nothing is broken."""
        return not self.broken(choice, caps)

    def counts(self, choice: Choice) -> dict[tuple[int, int], int]:
        """Units in each group's instance, sub-groups counted."""
        counts: dict[tuple[int, int], int] = {}
        groups, options = self.groups, self.options
        for (option, instance), units in choice.items():
            for group in groups[options[option].group].path:
                place = group, 1 if groups[group].line is None else instance
                counts[place] = counts.get(place, 0) + units
        return counts

    def _broken_options(self, choice: Choice, caps: Sequence[int]) -> Iterator[Broken]:
        for (option, instance), units in choice.items():
            if units > caps[option]:
                over = units - caps[option]
                yield Broken(OPTION_TOO_MANY, instance, over, self.options[option].group, option)

    def _broken_groups(self, choice: Choice) -> Iterator[Broken]:
        counts = self.counts(choice)
        taken: dict[int, list[int]] = {}
        for (number, instance), units in counts.items():
            if units and self.groups[number].instances > 1:
                taken.setdefault(number, []).append(instance)
        for group in self.groups:
            if group.parent is None:
                yield from self._broken_below(group, 1, choice, counts, taken)

    def _broken_below(
        self,
        group: Group,
        instance: int,
        choice: Choice,
        counts: dict[tuple[int, int], int],
        taken: dict[int, list[int]],
    ) -> Iterator[Broken]:
        if group.instances > 1:
            forced = in_force(taken.get(group.index, []), group.needed)
        elif group.needed or counts.get((group.index, instance)):
            forced = [instance]
        else:
            return
        for number in forced:
            units = counts.get((group.index, number), 0)
            if units < group.lower:
                yield Broken(TOO_FEW, number, group.lower - units, group.index)
            elif units > group.upper:
                yield Broken(TOO_MANY, number, units - group.upper, group.index)
            for option in group.mandatory:
                missing = self.options[option].lower - choice.get((option, number), 0)
                if missing > 0:
                    yield Broken(OPTION_TOO_FEW, number, missing, group.index, option)
            for child in group.children:
                yield from self._broken_below(self.groups[child], number, choice, counts, taken)

    def _broken_rules(self, choice: Choice) -> Iterator[Broken]:
        asked: set[tuple[int, int]] = {(rule, 1) for rule in self.standing if self.rules[rule].line is None}
        for (option, instance), units in choice.items():
            if not units:
                continue
            for number in self.set_off[option]:
                asked.add((number, 1 if self.rules[number].line is None else instance))
            line = self.groups[self.options[option].group].line
            for number in self.standing:
                if line is not None and self.rules[number].line == line:
                    asked.add((number, instance))
        for number, instance in sorted(asked):
            rule = self.rules[number]
            units = sum(choice[key] for key in self.chosen(choice, rule.then, rule.line, instance))
            if rule.forbids and units:
                yield Broken(EXCLUDED, instance, 1, rule=number)
            elif not rule.forbids and units < rule.at_least:
                yield Broken(REQUIRED, instance, rule.at_least - units, rule=number)

    def chosen(self, choice: Choice, options: Collection[int] | None, line: int | None, instance: int) -> list[Key]:
        """The keys with units among `options` (None: all): everywhere, or in one instance of the group `line`."""
        return [
            key
            for key, units in choice.items()
            if units
            and (options is None or key[0] in options)
            and (line is None or (key[1] == instance and self.groups[self.options[key[0]].group].line == line))
        ]


def in_force(taken: list[int], needed: int) -> list[int]:
    """The instances of a repeatable group that limits hold in: those taken, and the first others up to those needed."""
    numbers = sorted(taken)
    candidate = 1
    while len(numbers) < needed:
        if candidate not in taken:
            numbers.append(candidate)
        candidate += 1
    return numbers


def build(document: OfferDocument, products: Mapping[str, Product]) -> Structure:
    """The structure of a document that `validation.problems` has nothing against."""
    ordered = _parents_first(document)
    codes = {document.groups[position].code: index for index, position in enumerate(ordered)}
    groups: list[Group] = []
    options: list[Option] = []
    for index, position in enumerate(ordered):
        source = document.groups[position]
        parent = codes[source.parent] if source.parent is not None else None
        above = groups[parent] if parent is not None else None
        own = [
            Option(len(options) + offset, index, one.sku, one.lower_limit, one.upper_limit, one.default)
            for offset, one in enumerate(source.options)
        ]
        options += own
        repeats = source.maximum_instances > 1
        groups.append(
            Group(
                index=index,
                code=source.code,
                parent=parent,
                lower=source.lower_limit,
                upper=source.upper_limit,
                needed=source.needed,
                instances=source.maximum_instances,
                line=index if repeats else above.line if above else None,
                path=(index, *(above.path if above else ())),
                children=tuple(codes[other.code] for other in document.groups if other.parent == source.code),
                options=tuple(option.index for option in own),
                mandatory=tuple(option.index for option in own if option.lower),
            )
        )
    groups = [replace(group, below=_below(group.index, groups, options)) for group in groups]
    rules = tuple(rule for source in document.rules for rule in _rules(source, groups, options, codes, products))
    set_off: list[list[int]] = [[] for _ in options]
    known_to: list[list[tuple[int, int]]] = [[] for _ in options]
    for number, rule in enumerate(rules):
        for option in rule.when or ():
            set_off[option].append(number)
            known_to[option].append((number, 0))
        for option in rule.then:
            known_to[option].append((number, 1))
    return Structure(
        groups=tuple(groups),
        options=tuple(options),
        rules=rules,
        index={(groups[option.group].code, option.sku): option.index for option in options},
        codes=codes,
        set_off=tuple(map(tuple, set_off)),
        standing=tuple(number for number, rule in enumerate(rules) if rule.when is None),
        known_to=tuple(map(tuple, known_to)),
    )


def _parents_first(document: OfferDocument) -> list[int]:
    children: dict[str | None, list[int]] = {}
    for position, group in enumerate(document.groups):
        children.setdefault(group.parent, []).append(position)
    ordered: list[int] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        position = waiting.pop()
        ordered.append(position)
        waiting.extend(reversed(children.get(document.groups[position].code, [])))
    return ordered


def _below(group: int, groups: list[Group], options: list[Option]) -> frozenset[int]:
    return frozenset(option.index for option in options if group in groups[option.group].path)


def selected(
    selector: Selector | None, groups: list[Group], options: list[Option], codes: Mapping[str, int],
    products: Mapping[str, Product],
) -> frozenset[int] | None:  # fmt: skip
    """The options that a selector names; None without one. A group stands for the groups within it, too."""
    if selector is None:
        return None
    skus, kinds, inside = set(selector.skus), set(selector.kinds), {codes[code] for code in selector.groups}
    return frozenset(
        option.index
        for option in options
        if option.sku in skus
        or (kinds and products.get(option.sku, Product()).kind in kinds)
        or inside.intersection(groups[option.group].path)
    )


def _rules(
    source: RuleDocument, groups: list[Group], options: list[Option], codes: Mapping[str, int],
    products: Mapping[str, Product],
) -> Iterator[Rule]:  # fmt: skip
    line = codes[source.within] if source.within is not None else None
    when = selected(source.when, groups, options, codes, products)
    then = selected(source.then, groups, options, codes, products) or frozenset()
    if line is not None:
        within = {option.index for option in options if groups[option.group].line == line}
        when, then = (None if when is None else when & within), then & within
    if source.kind != "COMPATIBLE":
        yield Rule(source.code, source.kind == "EXCLUDES", line, when, then, source.at_least)
        return
    assert source.attribute is not None
    forbidden: dict[frozenset[int], set[int]] = {}
    other = source.then_attribute or source.attribute
    for option in sorted(when or ()):
        own = _values(products, options[option].sku, source.attribute)
        clashing = frozenset(
            there
            for there in then
            if there != option and own and (values := _values(products, options[there].sku, other)) and not own & values
        )
        if clashing:
            forbidden.setdefault(clashing, set()).add(option)
    for clashing, culprits in forbidden.items():
        yield Rule(source.code, True, line, frozenset(culprits), clashing, 1)


def _values(products: Mapping[str, Product], sku: str, attribute: str) -> frozenset[str]:
    return products.get(sku, Product()).attributes.get(attribute, frozenset())
