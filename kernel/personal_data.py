"""Personal data: one register of where it is, and what is done when a person asks for it or for its erasure.

Each app registers its holdings in AppConfig.ready: the fields, how a person's rows are found by e-mail address, and
what erasure does to them. docs/personal-data.md lists the register, and a test keeps the two the same.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import JSONField, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.crypto import salted_hmac

from kernel import audit
from kernel.locks import lock_rows
from kernel.sealing import SealedJSONField

Find = Callable[[str], QuerySet[Any]]
Blocked = Callable[[Any], str | None]


class Erasure(StrEnum):
    """What erasure does to a person's rows."""

    DELETE = "deleted"
    BLANK = "blanked"
    KEEP = "kept"


@dataclass(frozen=True, slots=True)
class Holding:
    """One model that holds personal data in `fields`. Without `find` it is not a customer's: `note` says whose."""

    model: type[Model]
    fields: tuple[str, ...]
    erasure: Erasure
    find: Find | None
    shown: tuple[str, ...]
    blocked: Blocked | None
    note: str

    @property
    def label(self) -> str:
        """As the export and the documentation name it: "carts.Order"."""
        return self.model._meta.label


class ErasureRefused(Exception):
    """Something about the person is still under way; `reasons` are sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


_holdings: dict[type[Model], Holding] = {}


def register(
    model: type[Model],
    fields: Sequence[str],
    *,
    find: Find | None = None,
    erasure: Erasure = Erasure.KEEP,
    shown: Sequence[str] = (),
    blocked: Blocked | None = None,
    note: str = "",
) -> None:
    """Declare what `model` holds of a person. Rows are locked in the order of registration: cart before order.

    `shown` are further fields that the export gives. `blocked(row)` is a sentence while the row forbids erasure.
    Raises FieldDoesNotExist for a wrong name, ValueError for a model declared before or a holding that nobody can find.
    """
    for name in (*fields, *shown):
        model._meta.get_field(name)
    if model in _holdings or (find is None and erasure is not Erasure.KEEP):
        raise ValueError(f"The personal data of {model._meta.label} cannot be declared like this.")
    _holdings[model] = Holding(model, tuple(fields), erasure, find, tuple(shown), blocked, note)


def holdings() -> list[Holding]:
    """The register, in the order of registration."""
    return list(_holdings.values())


def text_holds(model: type[Model], field: str) -> Find:
    """Find rows whose text or JSON in `field` holds the address. It reads the whole table."""

    def find(email: str) -> QuerySet[Any]:
        rows = model._default_manager.annotate(searched=Cast(field, TextField()))
        return rows.filter(searched__icontains=email)

    return find


def sealed_text_holds(model: type[Model], field: str) -> Find:
    """The same of sealed JSON: it reads and opens the whole table."""

    def find(email: str) -> QuerySet[Any]:
        rows = model._default_manager.exclude(**{field: None}).values_list("pk", field)
        held = [pk for pk, value in rows.iterator() if email.lower() in json.dumps(value, ensure_ascii=False).lower()]
        return model._default_manager.filter(pk__in=held)

    return find


@transaction.atomic
def export(*, email: str, actor: str) -> dict[str, list[dict[str, Any]]]:
    """All that is held of the person with this address, by model; the act is audited. ValueError: no address."""
    address = _checked(email)
    found = {}
    for holding in holdings():
        if holding.find and (rows := list(holding.find(address).order_by("pk"))):
            found[holding.label] = [_shown(holding, row) for row in rows]
    _record(address, actor, "personal_data.exported", {label: len(rows) for label, rows in found.items()})
    return found


@transaction.atomic
def erase(*, email: str, actor: str) -> dict[str, int]:
    """Erase the person with this address; returns the rows deleted or blanked by model. The act is audited.

    Raises ErasureRefused while something is under way; nothing is changed then. ValueError: no address.
    """
    address = _checked(email)
    # All are found before any is changed: some are found by way of others.
    found = [(holding, lock_rows(holding.find(address))) for holding in holdings() if holding.find]
    reasons = [
        reason
        for holding, rows in found
        if (blocked := holding.blocked)
        for row in rows
        if (reason := blocked(row)) is not None
    ]
    if reasons:
        raise ErasureRefused(reasons)
    changed = [(holding, rows) for holding, rows in found if rows and holding.erasure is not Erasure.KEEP]
    for holding, rows in changed:
        _erase(holding, [row.pk for row in rows])
    counts = {holding.label: len(rows) for holding, rows in changed}
    _record(address, actor, "personal_data.erased", counts)
    return counts


def subject(email: str) -> str:
    """The person in the audit trail: tells whether an address was exported or erased, and not which addresses were."""
    return f"person:{salted_hmac('kernel.personal_data', _checked(email)).hexdigest()[:16]}"


def _checked(email: str) -> str:
    address = email.strip().casefold()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise ValueError(f"{email!r} is not an e-mail address.")
    return address


def _shown(holding: Holding, row: Model) -> dict[str, Any]:
    names: Iterable[str] = dict.fromkeys(["pk", *holding.shown, *holding.fields])
    return {name: getattr(row, name) for name in names}


def _erase(holding: Holding, keys: list[Any]) -> None:
    rows = holding.model._default_manager.filter(pk__in=keys)
    if holding.erasure is Erasure.DELETE:
        rows.delete()
    else:
        rows.update(**{name: _blank(holding.model, name) for name in holding.fields})


def _blank(model: type[Model], name: str) -> Any:
    field = model._meta.get_field(name)
    if field.null:
        return None
    return {} if isinstance(field, (JSONField, SealedJSONField)) else ""


def _record(address: str, actor: str, action: str, counts: dict[str, int]) -> None:
    audit.record(actor=actor, action=action, subject=subject(address), detail=counts)
