"""Form fields for lists as people write them: one entry a line."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    SELECT_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
)

from plugins.merchandising import articles

_PRODUCT = re.compile(r"(?P<sku>[^\s#@]+)\s*(?:@\s*(?P<place>\d{1,4}))?\s*(?:#.*)?")
_SPAN = re.compile(r"(?P<minimum>\d+(?:\.\d+)?)?\s*\.\.\s*(?P<maximum>\d+(?:\.\d+)?)?")
_ROWS, _MOST_ROWS = 4, 14


class LinesField(forms.CharField):
    """A list of texts, one a line. What cannot be read stays in the box as it was typed."""

    def __init__(self, *, rows: int = _ROWS, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Lines for the box."""
        return value if value is None or isinstance(value, str) else "\n".join(self.lines(value))

    def to_python(self, value: Any) -> Any:
        """What the lines say."""
        return self.read([line.strip() for line in str(value or "").splitlines() if line.strip()])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as written, whatever the line ends."""
        return super().has_changed(self.prepare_value(initial), "\n".join(str(data or "").splitlines()))

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The model's validators see the list."""

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        """The box is as high as what is in it, within reason."""
        bound = super().get_bound_field(form, field_name)
        height = str(self.prepare_value(bound.initial) or "").count("\n") + 2
        rows = int(self.widget.attrs.get("rows", _ROWS))
        self.widget.attrs["rows"] = max(rows, min(height, _MOST_ROWS))
        return bound

    def lines(self, value: Any) -> Iterable[str]:
        """The value as lines."""
        return value if isinstance(value, list) else []

    def read(self, lines: list[str]) -> Any:
        """Lines as the value; the same line twice is one entry."""
        return list(dict.fromkeys(lines))


class ChoicesWidget(UnfoldAdminTextareaWidget):
    """The box of lines, with dimensions and values to pick above it where scripts run. `bounds` for numbers between."""

    template_name = "merchandising/choices.html"

    class Media:
        js = ("merchandising/choices.js",)

    def __init__(self, *, bounds: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bounds = bounds

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        classes = {"select_classes": " ".join(SELECT_CLASSES), "input_classes": " ".join(INPUT_CLASSES)}
        return {**super().get_context(name, value, attrs), **classes, "bounds": self.bounds}


class ChosenField(LinesField):
    """{dimension: [values]}: a line for each value, "brand: Samsung"; a dimension alone means any value."""

    bounds = False

    def __init__(self, *, rows: int = _ROWS, **kwargs: Any) -> None:
        super().__init__(widget=ChoicesWidget(attrs={"rows": rows}, bounds=self.bounds), **kwargs)

    def lines(self, value: Any) -> Iterable[str]:
        for dimension, wanted in value.items() if isinstance(value, dict) else ():
            yield from self.entries(dimension, wanted)

    def entries(self, dimension: str, wanted: Any) -> list[str]:
        """The lines of one dimension."""
        return [f"{dimension}: {value}" for value in wanted] or [dimension]

    def read(self, lines: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in lines:
            dimension, _colon, value = (part.strip() for part in line.partition(":"))
            self.add(found, dimension, value)
        return found

    def add(self, found: dict[str, Any], dimension: str, value: str) -> None:
        """Note one line."""
        values = found.setdefault(dimension, [])
        if value and value not in values:
            values.append(value)


class ConditionsField(ChosenField):
    """The same, and numbers between bounds: "price: 100..500", "battery_mah: 5000.."."""

    bounds = True

    def entries(self, dimension: str, wanted: Any) -> list[str]:
        if not isinstance(wanted, dict):
            return super().entries(dimension, wanted)
        low, high = (wanted.get(bound) or "" for bound in ("minimum", "maximum"))
        return [f"{dimension}: {low}..{high}"]

    def add(self, found: dict[str, Any], dimension: str, value: str) -> None:
        span = _SPAN.fullmatch(value)
        if span is None:
            if isinstance(found.get(dimension), dict):
                raise forms.ValidationError(_("“%(name)s” is named twice."), params={"name": dimension})
            super().add(found, dimension, value)
        elif dimension in found:
            raise forms.ValidationError(_("“%(name)s” is named twice."), params={"name": dimension})
        else:
            found[dimension] = span.groupdict()


class ProductsWidget(UnfoldAdminTextareaWidget):
    """The box of lines, with a search above it where scripts run."""

    template_name = "merchandising/products.html"

    class Media:
        js = ("merchandising/picker.js",)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "input_classes": " ".join(INPUT_CLASSES)}


class ProductsField(LinesField):
    """Products by SKU, with a place after @. What follows # is their name, shown and not read."""

    def __init__(self, *, rows: int = _ROWS, **kwargs: Any) -> None:
        super().__init__(widget=ProductsWidget(attrs={"rows": rows}), **kwargs)

    def lines(self, value: Any) -> Iterable[str]:
        items = value if isinstance(value, list) else []
        found = articles.named((item["sku"] for item in items), get_language() or "en")
        names = {article.sku: article.name for article in found}
        for item in sorted(items, key=lambda item: item.get("position", 0)):
            place = f" @ {item['position']}" if "position" in item else ""
            name = names.get(item["sku"])
            yield f"{item['sku']}{place}" + (f"   # {name}" if name else "")

    def read(self, lines: list[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for line in lines:
            product = _PRODUCT.fullmatch(line)
            if product is None:
                message = _("“%(text)s” is no SKU: write for example ACC-1, or ACC-1 @ 3.")
                raise forms.ValidationError(message, params={"text": line})
            place = {"position": int(product["place"])} if product["place"] else {}
            found.append({"sku": product["sku"], **place})
        return found


class ChoicesField(forms.MultipleChoiceField):
    """A list of texts out of known ones; what is stored stays selectable, though it is known no more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminCheckboxSelectMultipleWidget(attrs={"class": "suite-choice"}), **kwargs)

    def offer(self, known: Mapping[str, Any], stored: Iterable[str]) -> None:
        """Set the choices: names by value."""
        gone = {value: value for value in stored if value not in known}
        self.choices = [*known.items(), *gone.items()]
