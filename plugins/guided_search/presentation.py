"""What dimensions and their values are called on screen, by language, and in which order values stand."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from plugins.catalogue.labels import attribute_label, is_chinese, kind_label
from plugins.catalogue.models import Channel
from plugins.guided_search.address import AT_ADDRESS
from plugins.guided_search.facets import Facet, Refinement, Value, by_size_or_count
from plugins.guided_search.loader import Ready
from plugins.guided_search.monthly import MONTHLY_PRICE
from plugins.guided_search.selectors import REACH_KM
from plugins.guided_search.stock import IN_STORE
from plugins.guided_search.text import decimal_of
from plugins.merchandising.setup import CHINESE, ENGLISH, Dimension

# Where people drive in miles.
_IN_MILES = frozenset({"US", "GB", "LR", "MM"})
_KM_OF_A_MILE = 1.609344
_SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}


class Labels:
    """Names for one channel in one language."""

    def __init__(self, channel: Channel, ready: Ready, language: str, store_name: str) -> None:
        self.channel, self.ready, self.language, self.store_name = channel, ready, language, store_name
        self.index = ready.engine.index
        self.chinese = is_chinese(language)
        self._tag = CHINESE if self.chinese else ENGLISH
        self._rows = {row.name: row for row in ready.rules.setup.dimensions}

    def dimension(self, name: str) -> str:
        """What a dimension is called: the merchandisers' word, else the suite's, else the core's."""
        row = self._row(name)
        if row is not None and (row.label_zh if self.chinese else row.label_en):
            return row.label(self._tag)
        return attribute_label(name, self.ready.labels.get(name, name), self.language)

    def value(self, dimension: str, value: Value) -> str:
        """What a value is called; of those in the index it is remembered as long as the index."""
        if not value.number:
            return self.named(dimension, value.value, value.number)
        names = self.ready.names.setdefault((self._tag, self.channel.currency, dimension), {})
        name = names.get(value.value)
        if name is None:
            name = names[value.value] = self.named(dimension, value.value, value.number)
        return name

    def arranged(self, facet: Facet) -> list[tuple[Value, str]]:
        """The values with their names, in the order that is set up; a tree keeps its own."""
        named = [(value, self.value(facet.name, value)) for value in facet.values]
        row = self._row(facet.name)
        if row is None or facet.kind != "TERMS":
            return named
        return sorted(named, key=_order(row))

    def values_shown(self, name: str) -> int | None:
        """How many values to show before the reader asks for the rest; None leaves it to the client."""
        row = self._row(name)
        return row.value_limit if row else None

    def breadcrumbs(self, refinements: Sequence[Refinement]) -> list[tuple[str, str, str]]:
        """(dimension, value, label) of everything chosen, in the order of choice."""
        found = []
        for chosen in refinements:
            found += [(chosen.dimension, value, self.named(chosen.dimension, value)) for value in chosen.values]
            if chosen.minimum is not None or chosen.maximum is not None:
                bounds = ("" if bound is None else str(bound) for bound in (chosen.minimum, chosen.maximum))
                label = self._between(chosen.dimension, chosen.minimum, chosen.maximum)
                found.append((chosen.dimension, "..".join(bounds), label))
        return found

    def named(self, dimension: str, value: str, number: int | None = None) -> str:
        """What a value is called; `number` is its number in the index, looked up when it is not given."""
        known = self.index.columns.dimensions.get(dimension)
        if number is None:
            number = known.values.get(value, 0) if known else 0
        if dimension == "kind" and number:
            return kind_label(value, self.language)
        if dimension == IN_STORE:
            return self._in_store()
        if dimension == AT_ADDRESS:
            return "此地址可办理" if self.chinese else "Available at this address"
        if dimension == MONTHLY_PRICE:
            return self._of_group(dimension, value)
        translated = self.index.columns.label(number, self._tag)
        if translated is not None:
            return translated
        if dimension == "category" and value in self.index.categories:
            return self.index.categories[value].name
        if known is not None and known.groups is not None and value in known.groups.values:
            return self._of_group(dimension, value)
        return value

    def _of_group(self, dimension: str, value: str) -> str:
        """A group by its ends; any other text as it is."""
        lower, dots, upper = value.partition("..")
        ends = [decimal_of(end) for end in (lower, upper)]
        if not dots or (ends[0] is None) != (not lower) or (ends[1] is None) != (not upper):
            return value
        return self._between(dimension, ends[0] or None, ends[1])

    def _row(self, name: str) -> Dimension | None:
        return self._rows.get(name)

    def _in_store(self) -> str:
        if self.store_name:
            return f"{self.store_name} 有货" if self.chinese else f"In stock at {self.store_name}"
        in_miles = self.channel.country in _IN_MILES
        reach = f"{REACH_KM / _KM_OF_A_MILE if in_miles else REACH_KM:.0f}"
        if self.chinese:
            return f"{reach} {'英里' if in_miles else '公里'}内有货"
        return f"In stock within {reach} {'mi' if in_miles else 'km'}"

    def _between(self, dimension: str, lower: Decimal | None, upper: Decimal | None) -> str:
        if lower is not None and upper is not None:
            return f"{self._amount(dimension, lower)} – {self._amount(dimension, upper)}"
        if lower is not None:
            amount = self._amount(dimension, lower)
            return f"{amount} 以上" if self.chinese else f"{amount} and more"
        if upper is not None:
            amount = self._amount(dimension, upper)
            return f"{amount} 以下" if self.chinese else f"Under {amount}"
        return ""

    def _amount(self, dimension: str, number: Decimal) -> str:
        if dimension in ("price", MONTHLY_PRICE):
            symbol = _SYMBOLS.get(self.channel.currency)
            return f"{symbol}{number}" if symbol else f"{number} {self.channel.currency}"
        row = self._row(dimension)
        return f"{number}{row.unit(self._tag) if row else ''}"


def _order(row: Dimension) -> Callable[[tuple[Value, str]], Any]:
    ranks = {value: rank for rank, value in enumerate(row.ranked_values)}

    def key(named: tuple[Value, str]) -> Any:
        value, label = named
        match row.order:
            case "RANK":
                return (ranks.get(value.value, len(ranks)), -value.count, label)
            case "LABEL":
                return (label.casefold(), value.value)
            case "SIZE":
                return by_size_or_count(value)
        return (-value.count, label)

    return key
