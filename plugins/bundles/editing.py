"""Changes of an offer's document while it is edited: parts read from the form, added, moved, taken away. Pure.

The document need not be sound, nor of the right form. A node is a part with a form of its own, by its path:
"offer", "prices", "groups.0", "groups.0.options.2", "rules.1", "cases".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from plugins.bundles import editor_fields as forms
from plugins.bundles import editor_values as values
from plugins.bundles.editor_fields import Field, Records, Section
from plugins.bundles.editor_values import Json

Typed = Callable[[str], Sequence[str]]
_GROUP: Final = re.compile(r"groups\.\d{1,3}")
_OPTION: Final = re.compile(r"groups\.\d{1,3}\.options\.\d{1,3}")
_RULE: Final = re.compile(r"rules\.\d{1,3}")
# A list or an entry of one that an action may name.
_PATH: Final = re.compile(r"[A-Za-z]{1,20}(\.([A-Za-z]{1,20}|\d{1,3})){0,7}")


def sections_of(node: str) -> tuple[Section, ...]:
    """The form of a node; empty for the test cases."""
    if node == "prices":
        return forms.PRICES
    if _OPTION.fullmatch(node):
        return forms.OPTION
    if _GROUP.fullmatch(node):
        return forms.GROUP
    if _RULE.fullmatch(node):
        return forms.RULE
    return () if node == "cases" else forms.OFFER


def is_group(node: str) -> bool:
    """Whether a node is a group."""
    return _GROUP.fullmatch(node) is not None


def base_of(node: str) -> str:
    """What the names of a node's fields begin with."""
    return f"{node}." if node.startswith(("groups.", "rules.")) else ""


def part_of(document: Json, path: str) -> Any:
    """What lies at a path; None where nothing does."""
    found: Any = document
    for key in filter(None, path.split(".")):
        if isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        elif isinstance(found, dict):
            found = found.get(key)
        else:
            return None
    return found


def known_node(document: Json, node: str) -> str:
    """The node, or the offer's own where there is none such."""
    if node in ("offer", "prices", "cases"):
        return node
    named = _OPTION.fullmatch(node) or _GROUP.fullmatch(node) or _RULE.fullmatch(node)
    return node if named and isinstance(part_of(document, node), dict) else "offer"


def node_at(document: Json, path: str) -> str:
    """The node whose form has what lies at a path of the document or of its test cases."""
    if path.startswith("testCases"):
        return "cases"
    for pattern in (_OPTION, _GROUP, _RULE):
        found = pattern.match(path)
        if found and (found.end() == len(path) or path[found.end()] == "."):
            return known_node(document, found[0])
    return "prices" if path.split(".")[0] == "prices" else "offer"


def fill(document: Json, cases: list[Any], node: str, typed: Typed) -> None:
    """Put what was typed into the node's form into the document; a group's new code wherever the group is named."""
    part = part_of(document, base_of(node).rstrip("."))
    if not isinstance(part, dict):
        return
    before = part.get("code")
    for field, owner, prefix in _inputs(part, sections_of(node)):
        values.take(field, owner, typed(f"{base_of(node)}{prefix}{field.name}"))
    if _GROUP.fullmatch(node) and before and part.get("code") and part["code"] != before:
        rename_group(document, cases, str(before), str(part["code"]))


def _inputs(part: Json, sections: Sequence[Section]) -> Iterator[tuple[Field, Json, str]]:
    for section in sections:
        for field in section.fields:
            yield field, part, ""
        for records in section.records:
            for number, record in enumerate(entries(part, records)):
                for field in forms.fields_of(records, record):
                    yield field, record, f"{records.name}.{number}."


def entries(part: Json, records: Records) -> list[Json]:
    """The parts in a list of a node."""
    found = values.get(part, records.name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def rename_group(document: Json, cases: list[Any], old: str, new: str) -> None:
    """A group's new code wherever it is named."""
    for group in _list(document, "groups"):
        if group.get("parent") == old:
            group["parent"] = new
    for rule in _list(document, "rules"):
        if rule.get("within") == old:
            rule["within"] = new
        for side in ("when", "then"):
            _renamed(rule.get(side), old, new)
    prices = document.get("prices")
    for name in ("discounts", "fees"):
        for one in _list(prices, name) if isinstance(prices, dict) else []:
            _renamed(one, old, new)
    for case in cases:
        for chosen in _list(case, "selections"):
            if chosen.get("group") == old:
                chosen["group"] = new


def _renamed(named: Any, old: str, new: str) -> None:
    if isinstance(named, dict) and isinstance(named.get("groups"), list):
        named["groups"] = [new if code == old else code for code in named["groups"]]


def _list(part: Any, name: str) -> list[Json]:
    found = part.get(name) if isinstance(part, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def add_group(document: Json, parent: str) -> str:
    """A new group within another, or beside all. Its node."""
    groups = document.setdefault("groups", [])
    code = _free("group", {str(one.get("code")) for one in groups})
    groups.append({"code": code, "label": {"en": code}, "lowerLimit": 0, "upperLimit": 1, "options": []})
    if parent:
        groups[-1]["parent"] = parent
    return f"groups.{len(groups) - 1}"


def add_option(document: Json, group: str, sku: str) -> str | None:
    """A new option in a group. Its node; None where there is no such group or it offers that already."""
    part = part_of(document, group) if _GROUP.fullmatch(group) else None
    if not isinstance(part, dict):
        return None
    options = part.setdefault("options", [])
    if any(one.get("sku") == sku for one in options):
        return None
    options.append({"sku": sku, "lowerLimit": 0, "upperLimit": 1, "default": 0})
    return f"{group}.options.{len(options) - 1}"


def add_rule(document: Json, kind: str) -> str:
    """A new rule. Its node."""
    rules = document.setdefault("rules", [])
    code = _free("rule", {str(one.get("code")) for one in rules})
    rules.append({"code": code, "kind": kind, "then": {}})
    return f"rules.{len(rules) - 1}"


def add_record(document: Json, path: str, kind: str) -> None:
    """A new part in a list of a node, such as a charge of that type."""
    owner, _dot, name = path.rpartition(".")
    priced = owner == "prices" or owner.endswith(".prices")
    node = part_of(document, owner.removesuffix("prices").rstrip(".")) if priced else part_of(document, owner)
    if not _PATH.fullmatch(path) or not isinstance(node, dict):
        return
    holder = node
    if priced:
        holder = node["prices"] = node["prices"] if isinstance(node.get("prices"), dict) else {}
    if not isinstance(holder.get(name), list):
        holder[name] = []
    found = holder[name]
    record: Json = {"type": kind} if kind else {}
    if name == "characteristics":
        record |= {"name": _free("answer", _words(found, "name")), "label": {}}
    elif name != "instalments":
        record["code"] = _free(kind.lower() or name.rstrip("s").lower(), _words(found, "code"))
    found.append(record)


def _words(found: list[Any], key: str) -> set[str]:
    return {str(one.get(key)) for one in found if isinstance(one, dict)}


def _free(word: str, taken: set[str]) -> str:
    number = 1
    while f"{word}-{number}" in taken:
        number += 1
    return f"{word}-{number}"


def remove(document: Json, path: str) -> str:
    """Take an entry of a list away; a group with the groups within it. The path of what it was in."""
    owner, _dot, number = path.rpartition(".")
    found = part_of(document, owner)
    if _PATH.fullmatch(path) and isinstance(found, list) and number.isdigit() and int(number) < len(found):
        gone = found.pop(int(number))
        if owner == "groups":
            _remove_below(document, str(gone.get("code")))

    return owner


def _remove_below(document: Json, code: str) -> None:
    for group in [one for one in document["groups"] if one.get("parent") == code]:
        if group in document["groups"]:
            document["groups"].remove(group)
            _remove_below(document, str(group.get("code")))


def move(document: Json, path: str, step: int) -> str:
    """An entry one place up (-1) or down (1); a group past its next sibling. Its path afterwards."""
    owner, _dot, number = path.rpartition(".")
    found = part_of(document, owner)
    if not _PATH.fullmatch(path) or not isinstance(found, list) or not number.isdigit() or int(number) >= len(found):
        return path
    here = int(number)
    there = here + step
    if owner == "groups":
        parent = found[here].get("parent")
        while 0 <= there < len(found) and found[there].get("parent") != parent:
            there += step
    if not 0 <= there < len(found):
        return path
    found[here], found[there] = found[there], found[here]
    return f"{owner}.{there}"
