"""What merchandisers configure for one channel, as one immutable value.

Plain Python without tables, so that the search can hold it in memory and tests can write it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

DimensionKind = Literal["TERMS", "HIERARCHY", "RANGE", "BOOLEAN"]
Order = Literal["COUNT", "RANK", "LABEL", "SIZE"]
Match = Literal["NONE", "EXACT", "PHRASE", "ALL"]

ENGLISH, CHINESE = "en", "zh-hans"


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words that mean the same. TWO_WAY: each of `terms` finds the others; ONE_WAY: `sources` also find `terms`.

    `language` is the searcher's, "" for all. A group of the trade's own vocabulary is replaced by the row with its
    `code`, whether that `is_active` or not.
    """

    kind: Literal["TWO_WAY", "ONE_WAY"]
    terms: tuple[str, ...]
    sources: tuple[str, ...] = ()
    language: str = ""
    code: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Dimension:
    """How an attribute of the catalogue is offered for narrowing a result.

    `bounds` are the lower bounds of a RANGE's groups, ascending. `categories` empty means everywhere. `value_limit`
    None shows every value; `show_empty` keeps values without a product, to be shown disabled.
    """

    name: str
    attribute: str
    kind: DimensionKind = "TERMS"
    label_en: str = ""
    label_zh: str = ""
    unit_en: str = ""
    unit_zh: str = ""
    bounds: tuple[Decimal, ...] = ()
    order: Order = "COUNT"
    ranked_values: tuple[str, ...] = ()
    position: int = 0
    is_shown: bool = True
    categories: frozenset[str] = frozenset()
    value_limit: int | None = None
    show_empty: bool = False

    def label(self, language: str) -> str:
        """What people read above the values."""
        return (self.label_zh if language == CHINESE else self.label_en) or self.label_en or self.name

    def unit(self, language: str) -> str:
        """What follows each number, with its space where one belongs: " mAh"."""
        return (self.unit_zh if language == CHINESE else self.unit_en) or self.unit_en


@dataclass(frozen=True, slots=True)
class Precedence:
    """`dimension` is shown only after something is chosen in `trigger`, any of `values`, anything when empty; and in
    each dimension of `also`, in the same way. Of several for one dimension one is enough."""

    dimension: str
    trigger: str
    values: frozenset[str] = frozenset()
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def needs(self) -> Mapping[str, frozenset[str]]:
        """What must be chosen, by dimension; no values mean any."""
        return {self.trigger: self.values, **self.also}


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers between the bounds, both included; None is without an end."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which products: in each dimension named any of the values or a number within the span, all dimensions together.

    Empty is no product: nothing was asked for.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Span] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)


@dataclass(frozen=True, slots=True)
class PinProducts:
    """Put products at these places of the result, counted from 1."""

    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WeighProducts:
    """Multiply the score of the products listed and of those that meet the conditions: above 1 boosts, below buries."""

    factor: float
    product_ids: frozenset[str] = frozenset()
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, slots=True)
class HideProducts:
    """Leave products out of the result."""

    product_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlaceSpotlight:
    """Show a titled group beside the result: these products or, without any, the best of a search."""

    title_en: str
    title_zh: str = ""
    product_ids: tuple[str, ...] = ()
    query: str = ""
    refinements: Conditions = field(default_factory=Conditions)
    limit: int = 6


@dataclass(frozen=True, slots=True)
class GoTo:
    """Send the searcher to a page of the shop instead."""

    url: str


Action = PinProducts | WeighProducts | HideProducts | PlaceSpotlight | GoTo


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a rule applies: everything that is given must hold, what is empty does not matter.

    Of `phrases` one is enough; `match` says how: EXACT the whole search, PHRASE these words in a row, ALL all of these
    words anywhere, NONE whatever the text. Of `refinements` each dimension must have one of its values chosen, anything
    when none is named. The rule holds from `starts_at` until before `ends_at`.
    """

    match: Match = "NONE"
    phrases: tuple[str, ...] = ()
    categories: frozenset[str] = frozenset()
    refinements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    store_ids: frozenset[str] = frozenset()
    sales_channels: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One action and when it applies. Of rules that contradict each other the lower priority number wins, then the
    code that comes first in the alphabet."""

    code: str
    action: Action
    trigger: Trigger = field(default_factory=Trigger)
    name: str = ""
    priority: int = 50
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything configured for one channel; `token` differs after each change."""

    channel: str
    token: UUID
    synonyms: tuple[Synonyms, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    precedence: tuple[Precedence, ...] = ()
    rules: tuple[Rule, ...] = ()

    def dimension(self, name: str) -> Dimension | None:
        """The dimension set up under this name; None for what the search offers by itself."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)
