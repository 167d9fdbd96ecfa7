"""The editor of an offer's document as its page shows it: the tree, one part's form, problems at their fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from plugins.bundles import editing
from plugins.bundles import editor_fields as forms
from plugins.bundles import editor_values as values
from plugins.bundles.editor_fields import Choices, Field, Records
from plugins.bundles.editor_values import Json
from plugins.bundles.validation import DEPTH, Problem

Known = Mapping[str, Choices]
NODES_DEEP: Final = DEPTH + 4


@dataclass(frozen=True, slots=True)
class Node:
    """An entry of the tree: a part with a form of its own."""

    path: str
    label: str
    depth: int
    wrong: int
    current: bool
    icon: str


@dataclass(frozen=True, slots=True)
class Input:
    """A field with what it holds and what is wrong with it."""

    field: Field
    name: str
    value: Any
    choices: list[tuple[str, Any, bool]]
    wrong: list[str]

    @property
    def kind(self) -> str:
        """The widget: text, area, number, date, flag, ticks or choice."""
        return _WIDGETS.get(self.field.kind, "text")

    @property
    def placeholder(self) -> str:
        """What holds where nothing is written."""
        return _DEFAULTS.get(self.field.name, "") if self.field.kind == "number" else ""

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")


_DEFAULTS: Final = {
    "lowerLimit": "0", "upperLimit": "1", "default": "0", "maximumInstances": "1", "atLeast": "1", "minimumUnits": "1",
    "minimumLength": "1", "maximumLength": "60", "first": "1",
}  # fmt: skip
_WIDGETS: Final = {
    "number": "number", "date": "date", "flag": "flag", "flag_on": "flag", "ladder_flag": "flag", "ticks": "ticks",
    "choice": "choice", "words": "area", "pairs": "area",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a list, such as a charge."""

    title: str
    path: str
    inputs: list[Input]
    conditions: list[Input]
    conditional: bool
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class List:
    """Parts of a list with the buttons that add one: (type, what it says)."""

    label: Any
    path: str
    entries: list[Entry]
    adds: list[tuple[str, Any]]
    wrong: list[str]


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the form."""

    title: Any
    inputs: list[Input]
    lists: list[List]
    is_open: bool


@dataclass(slots=True)
class Editor:
    """A document with its problems, ready to be shown at one of its parts."""

    document: Json
    node: str
    problems: Sequence[Problem]
    language: str
    known: Known
    _told: set[int] = field(default_factory=set)

    def tree(self) -> list[Node]:
        """Every part, groups within groups. What lies in no other part that there is stands beside all."""
        counts: dict[str, int] = {}
        for problem in self.problems:
            at = editing.node_at(self.document, problem.path)
            counts[at] = counts.get(at, 0) + 1
        shown: list[Node] = []

        def add(path: str, label: str, depth: int, icon: str) -> None:
            shown.append(Node(path, label, depth, counts.get(path, 0), path == self.node, icon))

        add("offer", _("Offer and eligibility"), 0, "sell")
        groups = [one for one in self.document.get("groups") or [] if isinstance(one, dict)]
        placed: set[int] = set()

        def place(number: int, depth: int) -> None:
            if number in placed or depth > NODES_DEEP:
                return
            placed.add(number)
            group = groups[number]
            add(f"groups.{number}", self.label(group), depth, "folder")
            for position, option in enumerate(group.get("options") or []):
                add(f"groups.{number}.options.{position}", self.name(option.get("sku")), depth + 1, "smartphone")
            for other, child in enumerate(groups):
                if child.get("parent") is not None and child.get("parent") == group.get("code"):
                    place(other, depth + 1)

        codes = {group.get("code") for group in groups}
        for number, group in enumerate(groups):
            if group.get("parent") not in codes or group.get("parent") is None:
                place(number, 0)
        for number in range(len(groups)):
            place(number, 0)
        for number, rule in enumerate(self.document.get("rules") or []):
            add(f"rules.{number}", f"{_('Rule')}: {rule.get('code', '')}", 0, "rule")
        add("prices", _("Discounts, fees, taxes"), 0, "payments")
        add("cases", _("Test cases"), 0, "checklist")
        return shown

    def label(self, group: Json) -> str:
        """What a group is called."""
        label = group.get("label")
        texts = label if isinstance(label, dict) else {}
        own = texts.get("zh-Hans") if self.language.startswith("zh") else None
        return str(own or texts.get("en") or group.get("code") or "?")

    def name(self, sku: object) -> str:
        """What a product is called; its SKU where the channel does not sell it."""
        return str(dict(self.known.get("names", ())).get(str(sku), sku or "?"))

    def blocks(self) -> list[Block]:
        """The form of the part that is shown."""
        base = editing.base_of(self.node)
        part = editing.part_of(self.document, base.rstrip("."))
        return [
            Block(
                section.title,
                self._inputs(section.fields, part, base),
                [self._list(records, part, base) for records in section.records],
                section.is_open or self._is_filled(section, part, base),
            )
            for section in editing.sections_of(self.node)
        ]

    def rest(self) -> list[str]:
        """What is wrong with the part and stands at none of its fields; asked after `blocks`."""
        return [
            str(problem.message)
            for number, problem in enumerate(self.problems)
            if number not in self._told and editing.node_at(self.document, problem.path) == self.node
        ]

    def _is_filled(self, section: forms.Section, part: Json, base: str) -> bool:
        names = [*(one.name for one in section.fields), *(one.name for one in section.records)]
        return any(values.get(part, name) for name in names) or any(
            problem.path.startswith(f"{base}{name}") for problem in self.problems for name in names
        )

    def _inputs(self, fields: Iterable[Field], part: Json, base: str) -> list[Input]:
        return [self._input(one, part, base) for one in fields if _is_used(one, part)]

    def _input(self, one: Field, part: Json, base: str) -> Input:
        name, value = base + one.name, values.shown(one, part)
        return Input(one, name, value, self._choices(one, part, value), self._wrong(name))

    def _choices(self, one: Field, part: Json, value: Any) -> list[tuple[str, Any, bool]]:
        chosen = value if isinstance(value, list) else [value]
        offered = dict(self._known(one.known, part) if one.known else one.choices)
        if one.kind not in ("ticks", "choice"):
            return [(key, label, False) for key, label in offered.items()]
        # What the document says and nobody knows stays, to be seen and taken away.
        offered |= {str(own): f"{own} ({_('not known')})" for own in chosen if own and str(own) not in offered}
        return [(key, label, key in chosen) for key, label in offered.items()]

    def _known(self, name: str, part: Json) -> Choices:
        groups = [one for one in self.document.get("groups") or [] if isinstance(one, dict)]
        if name == "groups":
            return tuple((str(one.get("code")), self.label(one)) for one in groups if one is not part)
        if name == "repeatable":
            repeated = [one for one in groups if values.get(one, "maximumInstances") not in (None, 1)]
            return tuple((str(one.get("code")), self.label(one)) for one in repeated)
        return self.known.get(name, ())

    def _list(self, records: Records, part: Json, base: str) -> List:
        path = base + records.name
        found = [
            self._entry(records, record, f"{path}.{number}")
            for number, record in enumerate(editing.entries(part, records))
        ]
        adds = [(kind, label) for kind, (label, _fields) in records.kinds.items()]
        return List(records.label, path, found, adds, self._wrong(path))

    def _entry(self, records: Records, record: Json, path: str) -> Entry:
        inputs = self._inputs(forms.fields_of(records, record), record, f"{path}.")
        conditions = [one for one in inputs if one.field.name.startswith("when.")]
        own = [one for one in inputs if not one.field.name.startswith("when.")]
        kind = forms.TYPES.get(str(record.get("type", "")), "")
        title = f"{kind} {record.get('code') or record.get('name') or ''}"
        used = bool(record.get("when")) or any(one.wrong for one in conditions)
        return Entry(title.strip() or str(records.label), path, own, conditions, used, self._wrong(path))

    def _wrong(self, name: str) -> list[str]:
        """What is wrong at a field, told once."""
        found = []
        for number, problem in enumerate(self.problems):
            at_it = problem.path == name or problem.path.startswith(f"{name}.")
            if at_it and number not in self._told:
                self._told.add(number)
                found.append(str(problem.message))
        return found


def _is_used(one: Field, part: Json) -> bool:
    """What belongs to a ladder is shown where there is one."""
    return one.kind not in ("ladder", "ladder_flag") or isinstance(values.get(part, "price"), dict)
