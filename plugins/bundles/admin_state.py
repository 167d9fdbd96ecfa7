"""What the editor's page sends with every click: the document, the test cases, the part shown and the choice tried.

The page keeps all of it, so that nothing is written before it is saved.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from kernel.errors import INVALID, LIMIT_EXCEEDED, ApiError
from plugins.bundles import editing
from plugins.bundles.cases import CaseBuyer, CaseSelection
from plugins.bundles.document import MAX_BYTES
from plugins.bundles.drafting import Asked
from plugins.bundles.editor_values import Json

MAX_ROWS: Final = 60
_BUYER: Final = {
    "salesChannel": "sales_channel", "store": "store", "region": "region", "city": "city", "segment": "segment",
    "creditClass": "credit_class", "age": "age", "day": "day",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A line of the choice that is tried, as it stands in the form."""

    option: str
    instance: str = "1"
    quantity: str = "1"
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Trial:
    """The form of the preview as text."""

    term: str = ""
    buyer: dict[str, str] = field(default_factory=dict)
    address_day: str = ""
    rows: list[Row] = field(default_factory=list)

    def asked(self) -> Asked:
        """The choice. Errors: INVALID (a field that cannot be read)."""
        told = {_BUYER[name]: value for name, value in self.buyer.items() if value}
        try:
            rows = tuple(_selection(row) for row in self.rows if row.option)
            return Asked(
                term=int(self.term),
                selections=rows,
                buyer=CaseBuyer(**told),  # type: ignore[arg-type]
                address_day=CaseBuyer(day=self.address_day).day if self.address_day else None,  # type: ignore[arg-type]
            )
        except (ValidationError, ValueError) as error:
            raise ApiError(INVALID, _("Look at the numbers and days of the preview: one of them is none.")) from error

    @classmethod
    def of(cls, asked: Asked) -> "Trial":
        """The form that holds a choice."""
        buyer = asked.buyer.model_dump(by_alias=True, mode="json")
        return cls(
            term=str(asked.term),
            buyer={name: str(value) for name, value in buyer.items() if value not in (None, "")},
            address_day=asked.address_day.isoformat() if asked.address_day else "",
            rows=[
                Row(f"{one.group}|{one.sku}", str(one.instance), str(one.quantity), dict(one.characteristics))
                for one in asked.selections
            ],
        )


def _selection(row: Row) -> CaseSelection:
    group, _bar, sku = row.option.partition("|")
    values = {name: value for name, value in row.values.items() if value}
    return CaseSelection(
        group=group, sku=sku, instance=int(row.instance), quantity=int(row.quantity), characteristics=values
    )


@dataclass(slots=True)
class State:
    """What is edited, and where."""

    document: Json
    cases: list[Any]
    node: str = "offer"
    seen: int = 0
    note: str = ""
    find: str = ""
    trial: Trial = field(default_factory=Trial)

    @property
    def document_json(self) -> str:
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    @property
    def cases_json(self) -> str:
        return json.dumps(self.cases, ensure_ascii=False, separators=(",", ":"))


def read_state(sent: QueryDict) -> State:
    """The state with what was typed in it. Errors: LIMIT_EXCEEDED; BadRequest for what no form of ours sends."""
    document, cases = _json(sent, "document"), _json(sent, "cases")
    if not isinstance(document, dict) or not isinstance(cases, list) or not is_plain(document):
        raise BadRequest("no document")
    node = editing.known_node(document, sent.get("node", ""))
    editing.fill(document, cases, node, sent.getlist)
    return State(
        document=document,
        cases=cases,
        node=node,
        seen=int(sent.get("seen", "0")) if sent.get("seen", "0").isdigit() else 0,
        note=sent.get("note", "")[:200],
        find=sent.get("find", "").strip()[:100],
        trial=_trial(sent),
    )


def _json(sent: QueryDict, name: str) -> Any:
    text = sent.get(name, "")
    if len(text.encode()) > MAX_BYTES:
        message = _("An offer has at most %(most)s kilobytes.")
        raise ApiError(LIMIT_EXCEEDED, message, params={"most": MAX_BYTES // 1000})
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest("no JSON") from error


def is_plain(document: Json) -> bool:
    """Whether the lists that the tree walks are lists of objects; what is in them may be wrong in any other way."""
    groups, rules = document.get("groups", []), document.get("rules", [])
    return all(
        isinstance(one, list) and all(isinstance(each, dict) for each in one) for one in (groups, rules)
    ) and all(
        isinstance(group.get("options", []), list) and all(isinstance(each, dict) for each in group.get("options", []))
        for group in groups
    )


def _trial(sent: QueryDict) -> Trial:
    count = int(sent.get("try.count", "0")) if sent.get("try.count", "0").isdigit() else 0
    if count > MAX_ROWS:
        raise ApiError(LIMIT_EXCEEDED, _("Choose at most %(most)s parts at once."), params={"most": MAX_ROWS})
    rows = []
    for number in range(count):
        start = f"try.{number}."
        values = {
            name.removeprefix(f"{start}value."): sent.get(name, "")[:200]
            for name in sent
            if name.startswith(f"{start}value.")
        }
        rows.append(
            Row(
                sent.get(f"{start}option", ""),
                sent.get(f"{start}instance", "1"),
                sent.get(f"{start}quantity", "1"),
                values,
            )
        )
    return Trial(
        term=sent.get("try.term", ""),
        buyer={name: sent.get(f"try.{name}", "").strip() for name in _BUYER},
        address_day=sent.get("try.addressDay", ""),
        rows=rows,
    )
