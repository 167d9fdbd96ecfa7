"""What dimensions and their values are called on screen, by language."""

from collections.abc import Sequence
from decimal import Decimal

from plugins.catalogue.labels import is_chinese, kind_label
from plugins.catalogue.models import Channel
from plugins.guided_search import loader
from plugins.guided_search.facets import Refinement, Value
from plugins.guided_search.index import Index
from plugins.guided_search.selectors import REACH_KM
from plugins.guided_search.stock import IN_STORE

_SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£"}
_UNITS = {"screen_inches": "″", "battery_mah": " mAh"}


class Labels:
    """Names for one channel in one language."""

    def __init__(self, channel: Channel, index: Index, language: str, store_name: str) -> None:
        self.channel, self.index, self.language, self.store_name = channel, index, language, store_name
        self.chinese = is_chinese(language)

    def dimension(self, name: str) -> str:
        """What a dimension is called."""
        return loader.attribute_name(self.channel, name, self.language)

    def value(self, dimension: str, value: Value) -> str:
        """What a value is called."""
        return self.named(dimension, value.value, value.number)

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
        translated = self.index.columns.label(number, self.language)
        if translated is not None:
            return translated
        if dimension == "category" and value in self.index.categories:
            return self.index.categories[value].name
        if known is not None and known.groups is not None and value in known.groups.values:
            lower, _dots, upper = value.partition("..")
            return self._between(dimension, Decimal(lower) or None, Decimal(upper) if upper else None)
        return value

    def _in_store(self) -> str:
        if self.store_name:
            return f"{self.store_name} 有货" if self.chinese else f"In stock at {self.store_name}"
        reach = f"{REACH_KM:g}"
        return f"{reach} 公里内有货" if self.chinese else f"In stock within {reach} km"

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
        if dimension != "price":
            return f"{number}{_UNITS.get(dimension, '')}"
        symbol = _SYMBOLS.get(self.channel.currency)
        return f"{symbol}{number}" if symbol else f"{number} {self.channel.currency}"
