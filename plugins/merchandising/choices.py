"""Dimensions and their values to pick from in the admin, named in the reader's language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext_lazy as _

from plugins.catalogue.labels import attribute_label, is_chinese, kind_label
from plugins.catalogue.models import Kind
from plugins.merchandising import names
from plugins.merchandising.known import ALWAYS, AT_ADDRESS, IN_STORE, LIVE, Known

# More are typed as text.
LISTED: Final = 500
_YES: Final = {
    IN_STORE: _("In stock now in the store that the searcher chose, or near"),
    AT_ADDRESS: _("Can be had at the searcher's address"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A dimension or a value as a line names it and as people call it; `kind` is a dimension's.

    Nobody chooses in one that `is_hidden`, but products have its values all the same.
    """

    value: str
    label: str
    kind: str = ""
    is_hidden: bool = False


def dimensions(known: Known, language: str) -> list[Choice]:
    """All that there are, by name."""
    hidden = {name for name, row in known.dimensions.items() if not row.is_shown}
    there = ALWAYS | LIVE | known.dimensions.keys() | known.values.keys()
    found = [Choice(name, label(known, name, language), known.kind(name), name in hidden) for name in there]
    return sorted(found, key=lambda choice: (choice.label.casefold(), choice.value))


def values(known: Known, dimension: str, language: str) -> list[Choice]:
    """What can be chosen in a dimension, at most LISTED; of numbers the groups that are set up."""
    return sorted(_values(known, dimension, language), key=lambda choice: _natural(choice.label))[:LISTED]


def _values(known: Known, dimension: str, language: str) -> Iterable[Choice]:
    row = known.dimensions.get(dimension)
    match known.kind(dimension):
        case "RANGE":
            return _groups(row.bounds if row else ())
        case "BOOLEAN":
            return [Choice("true", str(_YES.get(dimension, _("Yes"))))]
    match dimension:
        case "category":
            return [Choice(slug, name) for slug, name in names.categories(known, language).items()]
        case "kind":
            return [Choice(kind, kind_label(kind, language)) for kind in Kind.values]
    attribute = row.attribute if row else dimension
    listed = known.brands if dimension == "brand" else known.values.get(attribute, ())
    called = names.values(attribute, language) if listed else {}
    return [Choice(value, called.get(value, value)) for value in listed]


def _groups(bounds: Iterable[str]) -> Iterator[Choice]:
    for low, high in pairwise((*bounds, "")):
        yield Choice(f"{low}..{high}", f"{low} – {high}".strip())


def label(known: Known, name: str, language: str) -> str:
    """What a dimension is called."""
    row = known.dimensions.get(name)
    own = (row.label_zh if is_chinese(language) else row.label_en) if row else ""
    return own or attribute_label(name, name, language)


def _natural(label: str) -> list[tuple[int, str]]:
    """64 GB before 128 GB."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", label.casefold())]
