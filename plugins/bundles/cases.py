"""Test cases of a draft: a choice with what it should come to. They run before the draft can be published. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from kernel.errors import ApiError
from plugins.bundles import configurator, quoting
from plugins.bundles.compiled import Asking, Compiled, Selected
from plugins.bundles.document import Amount, malformed

MAX_CASES: Final = 200


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class CaseSelection(_Part):
    """One part of the choice."""

    group: str
    sku: str
    instance: int = 1
    quantity: int = 1
    characteristics: dict[str, str] = {}


class CaseBuyer(_Part):
    """Who asks in the test."""

    sales_channel: str = "WEB"
    store: str = ""
    region: str = ""
    city: str = ""
    segment: str = ""
    credit_class: str = ""
    age: int | None = None
    day: dt.date | None = Field(default=None, description="Today when it is missing")


class Case(_Part):
    """A choice and what is expected of it; what is not said may be anything."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    term: int
    selections: list[CaseSelection] = Field(max_length=configurator.MAX_SELECTIONS)
    buyer: CaseBuyer = CaseBuyer()
    valid: bool = True
    violations: list[str] | None = None
    due_today: Amount | None = None
    monthly: Amount | None = None
    total_over_term: Amount | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went; no `failures`: as expected."""

    name: str
    failures: tuple[str, ...] = ()


_CASES: Final[TypeAdapter[list[Case]]] = TypeAdapter(Annotated[list[Case], Field(max_length=MAX_CASES)])


def read(raw: object) -> list[Case]:
    """The cases. Raises MalformedError."""
    try:
        return _CASES.validate_python(raw)
    except ValidationError as error:
        raise malformed(error, within="testCases") from error


def run(offer: Compiled, cases: list[Case], asking_of: Callable[[CaseBuyer], Asking]) -> list[Outcome]:
    """Every case with what differs from what it expects."""
    return [Outcome(case.name, tuple(_differences(offer, case, asking_of(case.buyer)))) for case in cases]


def _differences(offer: Compiled, case: Case, asking: Asking) -> list[str]:
    selections = [
        Selected(one.group, one.sku, one.instance, one.quantity, tuple(one.characteristics.items()))
        for one in case.selections
    ]
    try:
        judged = configurator.judge(offer, case.term, selections, asking)
        codes = sorted({violation.code for violation in judged.violations} - {"ADDRESS_REQUIRED"})
        found: list[str] = []
        if (not codes) != case.valid:
            said = ", ".join(f"{one.code}: {one.message}" for one in judged.violations)
            words = _("valid"), _("invalid")
            found.append(f"{words[not case.valid]} ≠ {words[bool(codes)]} {said}".rstrip())
        if case.violations is not None and sorted(set(case.violations)) != codes:
            found.append(_("violations") + f": {', '.join(sorted(case.violations)) or '–'} ≠ {', '.join(codes) or '–'}")
        if not codes:
            found += _price_differences(case, quoting.price(offer, judged, asking, case.term))
    except ApiError as refusal:
        return [str(refusal)]
    return found


def _price_differences(case: Case, price: Any) -> list[str]:
    expected: Mapping[str, tuple[Decimal | None, Decimal]] = {
        _("due today"): (case.due_today, price.due_today.amount),
        _("monthly"): (case.monthly, price.monthly.amount),
        _("total over the term"): (case.total_over_term, price.total_over_term.amount),
    }
    return [
        f"{name}: {wanted} ≠ {amount}"
        for name, (wanted, amount) in expected.items()
        if wanted is not None and wanted != amount
    ]
