"""A revision as people read it: what stood where before and after, in the names of the form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plugins.merchandising.models import Revision
from plugins.merchandising.records import MODELS


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that differs; each side is lines."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def named(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """With `user_name` of the admin's users, in the same query."""
    users = User.objects.annotate(scope=Concat(Value("admin:"), Cast("pk", CharField())))
    return revisions.annotate(user_name=Subquery(users.filter(scope=OuterRef("actor")).values("username")[:1]))


def who(revision: Revision) -> str:
    """The user's name, or the actor as it is recorded."""
    return getattr(revision, "user_name", None) or revision.actor


def differences(revision: Revision) -> list[Difference]:
    """The columns that differ, in the order of the table; of a new or deleted row those with something in them."""
    return list(_differences(revision))


def _differences(revision: Revision) -> Iterator[Difference]:
    before, after = revision.before or {}, revision.after or {}
    for column in MODELS[revision.model].columns():
        one, other = (_lines(column, side.get(column.name)) for side in (before, after))
        if one != other:
            yield Difference(capfirst(str(column.verbose_name)), one, other)


def _lines(column: models.Field[Any, Any], value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return (_("Yes") if value else _("No"),)
    if isinstance(value, list):
        return tuple(_entry(item) for item in value)
    if isinstance(value, dict):
        return tuple(f"{name}: {wanted}" for name, entries in value.items() for wanted in _wanted(entries))
    if isinstance(column, models.DateTimeField):
        return (str(localize(localtime(datetime.fromisoformat(str(value))))),)
    choices = dict(column.flatchoices)
    return (str(choices.get(value, value)),)


def _entry(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    return f"{item['sku']} @ {item['position']}" if "position" in item else str(item["sku"])


def _wanted(entries: Any) -> Iterable[str]:
    if isinstance(entries, dict):
        return [f"{entries.get('minimum') or ''}..{entries.get('maximum') or ''}"]
    return entries or ["*"]
