"""The catalogue's texts in the language of their reader: the core's own where it has no translation."""

import re
from dataclasses import dataclass
from typing import Any

from commerce.records import TRANSLATED_INTO
from plugins.catalogue.labels import attribute_labels, is_chinese

Attributes = list[dict[str, Any]]


@dataclass(slots=True)
class Attribute:
    """An attribute as its reader sees it."""

    name: str
    label: str
    values: list[str]


class Localised:
    """A row with `name`, `attributes` and, in `translations`, both in other languages (see `translation`)."""

    __slots__ = ()
    name: str
    attributes: Attributes
    translations: dict[str, Any]

    def texts(self, language: str) -> dict[str, Any]:
        """All translated texts; empty where the core's own are to be shown."""
        found: dict[str, Any] = self.translations.get(TRANSLATED_INTO, {}) if is_chinese(language) else {}
        return found

    def name_in(self, language: str) -> str:
        """What it is called."""
        return str(self.texts(language).get("name") or self.name)

    def attributes_in(self, language: str) -> list[Attribute]:
        """Its attributes, labelled."""
        labels = attribute_labels(language)
        found = [
            Attribute(name := item["name"], labels.get(name) or item["label"], item["values"])
            for item in self.attributes
        ]
        if translated := self.texts(language).get("attributes"):
            for attribute in found:
                own = translated.get(attribute.name, {})
                attribute.label = own.get("label") or attribute.label
                attribute.values = own.get("values") or attribute.values
        return found


def with_brand(name: str, brand: str) -> str:
    """Brand and name, the brand once: names of some makers already hold it."""
    # A Latin brand is a word of its own (LG is no part of Bulgari); Chinese is written without blanks.
    word = rf"\b{re.escape(brand)}\b" if brand.isascii() else re.escape(brand)
    holds_brand = re.search(word, name, re.IGNORECASE)
    return name if not brand or holds_brand else f"{brand} {name}"


def with_variant(product_name: str, name: str) -> str:
    """What a cart line or receipt says: product and variant, the variant's name only if it adds something."""
    return product_name if name.casefold() in product_name.casefold() else f"{product_name}, {name}"
