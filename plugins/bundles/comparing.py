"""What differs between two documents of an offer, in the words of its form. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Message
from plugins.bundles import editor_fields as forms
from plugins.bundles import editor_values as values
from plugins.bundles.editor_fields import Field, Records
from plugins.bundles.editor_values import Json

# What tells entries of a list apart.
_KEYS: Final = {"groups": "code", "options": "sku", "rules": "code"}
_YES_NO: Final[tuple[Message, Message]] = (gettext_lazy("No"), gettext_lazy("Yes"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: where, what, and its text on both sides; empty where it was not there."""

    where: str
    what: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> list[Difference]:
    """Everything that differs, in the order of the form."""
    return list(_document(dict(before), dict(after), language))


def _document(one: Json, other: Json, language: str) -> Iterator[Difference]:
    yield from _part(_("Offer"), (*forms.OFFER, *forms.PRICES), one, other)
    yield from _keyed(one, other, "groups", lambda group: _label(group, language), _group(language))
    yield from _keyed(
        one, other, "rules", lambda rule: _("Rule %(code)s") % {"code": rule.get("code")}, _whole(forms.RULE)
    )


def _group(language: str) -> Any:
    def differing(where: str, one: Json, other: Json) -> Iterator[Difference]:
        yield from _part(where, forms.GROUP, one, other)
        yield from _keyed(one, other, "options", lambda option: f"{where} · {option.get('sku')}", _whole(forms.OPTION))

    return differing


def _whole(sections: tuple[forms.Section, ...]) -> Any:
    return lambda where, one, other: _part(where, sections, one, other)


def _label(group: Json, language: str) -> str:
    label = group.get("label") or {}
    return str((label.get("zh-Hans") if language.startswith("zh") else None) or label.get("en") or group.get("code"))


def _keyed(one: Json, other: Json, name: str, title: Any, inside: Any) -> Iterator[Difference]:
    """Entries of a list that came, went or changed, and their order where they are the same."""
    key = _KEYS[name]
    before = {entry.get(key): entry for entry in one.get(name) or []}
    after = {entry.get(key): entry for entry in other.get(name) or []}
    for code, entry in before.items():
        if code not in after:
            yield Difference(title(entry), "", _("was there"), _("taken away"))
    for code, entry in after.items():
        if code not in before:
            yield Difference(title(entry), "", "", _("new"))
        yield from inside(title(entry), before.get(code, {}), entry)
    kept = [code for code in before if code in after], [code for code in after if code in before]
    if kept[0] != kept[1]:
        yield Difference(_("Order"), name, ", ".join(map(str, kept[0])), ", ".join(map(str, kept[1])))


def _part(where: str, sections: tuple[forms.Section, ...], one: Json, other: Json) -> Iterator[Difference]:
    for section in sections:
        for field in section.fields:
            yield from _field(where, field, one, other)
        for records in section.records:
            yield from _records(where, records, one, other)


def _records(where: str, records: Records, one: Json, other: Json) -> Iterator[Difference]:
    """Entries by their codes, or by their place where they have none."""
    sides = [_named(records, part) for part in (one, other)]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(name), sides[1].get(name)
        place = f"{where} · {records.label} {name}"
        if after is None:
            yield Difference(place, "", _("was there"), _("taken away"))
            continue
        if before is None:
            yield Difference(place, "", "", _("new"))
        for field in forms.fields_of(records, after):
            yield from _field(place, field, before or {}, after)


def _named(records: Records, part: Json) -> dict[str, Json]:
    entries = values.get(part, records.name)
    found = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return {str(one.get("code") or one.get("name") or number): one for number, one in enumerate(found, start=1)}


def _field(where: str, field: Field, one: Json, other: Json) -> Iterator[Difference]:
    before, after = _text(field, one), _text(field, other)
    if before != after:
        yield Difference(where, str(field.label), before, after)


def _text(field: Field, part: Json) -> str:
    shown = values.shown(field, part)
    if isinstance(shown, bool):
        return str(_YES_NO[shown])
    words = dict(field.choices)
    entries = shown if isinstance(shown, list) else [shown]
    return ", ".join(str(words.get(one, one)) for one in entries).replace("\n", ", ")
