"""TM Forum's TMF645 v4: checkServiceQualification and queryServiceQualification, answered at once.

Translates between the resources and `services`; the door (`storefront_api.tmf645`) knows HTTP. The shapes keep to the
published definition; `@type`, `@baseType` and what is not used here are not echoed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from kernel import group_commit
from kernel.errors import INVALID, NOT_FOUND, REQUIRED, ApiError
from kernel.identity import Caller
from plugins.serviceability import limits, services
from plugins.serviceability.asking import PostalAddress, Question
from plugins.serviceability.messages import reason_label
from plugins.serviceability.models import Qualification, QualificationTask
from plugins.serviceability.qualification import Category

ROOT: Final = "/tmf-api/serviceQualificationManagement/v4"
NAMES: Final = {
    QualificationTask.Kind.CHECK: "checkServiceQualification",
    QualificationTask.Kind.QUERY: "queryServiceQualification",
}
MAX_ITEMS: Final = 50
MAX_PAGE: Final = 100
CHANGEABLE: Final = frozenset({"description", "externalId"})
# The code of TM Forum's own example; the others are named as in GraphQL.
CODES: Final = {"CAPACITY_OPENS_LATER": "26-001"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Place(_Part):
    """A RelatedPlaceRefOrValue: premises by id, an address by its parts or by name, or a position."""

    role: str
    id: str | None = None
    name: str | None = None
    streetNr: str | None = None
    streetName: str | None = None
    city: str | None = None
    locality: str | None = None
    stateOrProvince: str | None = None
    postcode: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class _Ref(_Part):
    id: str | None = None
    name: str | None = None


class _Service(_Part):
    id: str | None = None
    category: str | None = None
    name: str | None = None
    place: list[_Place] = Field(default_factory=list)


class _Item(_Part):
    id: str | None = None
    category: _Ref | None = None
    service: _Service | None = None
    expectedServiceAvailabilityDate: AwareDatetime | None = Field(default=None, strict=False)


class _Header(_Part):
    description: str | None = Field(default=None, max_length=1000)
    externalId: str | None = Field(default=None, max_length=200)
    expectedQualificationDate: AwareDatetime | None = Field(default=None, strict=False)
    instantSyncQualification: bool | None = None


class _Check(_Header):
    provideAlternative: bool | None = None
    provideUnavailabilityReason: bool | None = None
    serviceQualificationItem: list[_Item] = Field(min_length=1)


class _Query(_Header):
    searchCriteria: _Item


class _Change(_Part):
    description: str | None = Field(default=None, max_length=1000)
    externalId: str | None = Field(default=None, max_length=200)


def create(*, kind: QualificationTask.Kind, owner: str, body: Any) -> QualificationTask:
    """Answer a check or query and keep it for its owner, a caller's scope, with what was qualified for it.

    Errors: REQUIRED, INVALID, and those of `asking.locate`.
    """
    with group_commit.atomic():
        return _created(kind, owner, body)


def _created(kind: QualificationTask.Kind, owner: str, body: Any) -> QualificationTask:
    if kind == QualificationTask.Kind.CHECK:
        asked = _read(_Check, body)
        resource, kept = _checked(asked, owner)
    else:
        query = _read(_Query, body)
        asked = query
        resource, kept = _queried(query, owner)
    expires_at = min(one.expires_at for one in kept)
    now = kept[0].created_at
    task = QualificationTask(kind=kind, owner=owner, created_at=now, expires_at=expires_at)
    header = {
        "id": task.pk,
        "href": f"{ROOT}/{NAMES[kind]}/{task.pk}",
        "description": asked.description,
        "externalId": asked.externalId,
        "expectedQualificationDate": _moment(asked.expectedQualificationDate),
        "instantSyncQualification": asked.instantSyncQualification is not False,
        f"{NAMES[kind]}Date": _moment(now),
        "effectiveQualificationDate": _moment(now),
        "expirationDate": _moment(expires_at),
        "state": "done",
        "@type": NAMES[kind][0].upper() + NAMES[kind][1:],
    }
    task.resource = {key: value for key, value in (header | resource).items() if value is not None}
    group_commit.insert(task)
    return task


def _checked(asked: _Check, owner: str) -> tuple[dict[str, Any], list[Qualification]]:
    items, kept = [], []
    if len(asked.serviceQualificationItem) > MAX_ITEMS:
        message = _("At most %(max)s items at once.")
        raise ApiError(INVALID, message, field="serviceQualificationItem", params={"max": MAX_ITEMS})
    for number, item in enumerate(asked.serviceQualificationItem):
        field = f"serviceQualificationItem.{number}"
        category = _category(item, field)
        if category is None:
            raise ApiError(REQUIRED, _("This category of services is not known."), field=f"{field}.category")
        found = _ask(item, (category,), owner, field)
        kept.append(found)
        items.append(
            {"id": item.id or str(number + 1)}
            | _item(found, found.items[0], item)
            | _outcome(found.items[0], asked.provideAlternative, asked.provideUnavailabilityReason)
        )
    results = {item["qualificationResult"] for item in items}
    whole = next((one for one in ("unqualified", "alternate") if one in results), "qualified")
    wished = {
        "provideAlternative": asked.provideAlternative is not False,
        "provideUnavailabilityReason": asked.provideUnavailabilityReason is not False,
    }
    return wished | {"qualificationResult": whole, "serviceQualificationItem": items}, kept


def _queried(asked: _Query, owner: str) -> tuple[dict[str, Any], list[Qualification]]:
    """What can be had at the place: services that cannot are left out, as the resource has no results."""
    item = asked.searchCriteria
    category = _category(item, "searchCriteria")
    categories = tuple(Category) if category is None else (category,)
    kept = _ask(item, categories, owner, "searchCriteria")
    had = [one for one in kept.items if one["result"] != "UNQUALIFIED"]
    items = [{"id": str(number)} | _item(kept, one, item) for number, one in enumerate(had, start=1)]
    criteria = {"service": {"place": [_place(place) for place in _places(item)]}}
    return {"searchCriteria": criteria, "serviceQualificationItem": items}, [kept]


def _ask(item: _Item, categories: tuple[Category, ...], owner: str, field: str) -> Qualification:
    limits.spend("qualification", owner)
    places = _places(item)
    if not places:
        message = _("The item names no place: give its id, name or address.")
        raise ApiError(REQUIRED, message, field=f"{field}.service.place")
    wanted = item.expectedServiceAvailabilityDate
    question = _question(places[0], categories, wanted.date() if wanted else None, f"{field}.service.place.0")
    try:
        kept, _found = services.qualify(question)
    except ApiError as refusal:
        refusal.field = f"{field}.expectedServiceAvailabilityDate" if refusal.field == "input.requestedDate" else (
            f"{field}.service.place.0"
        )  # fmt: skip
        raise
    return kept


def _question(place: _Place, categories: tuple[Category, ...], wanted: dt.date | None, field: str) -> Question:
    if place.id is not None:
        return Question(premises_id=place.id, categories=categories, requested=wanted)
    if place.latitude is not None and place.longitude is not None:
        point = (place.latitude, place.longitude)
        return Question(point=point, categories=categories, requested=wanted)
    if place.streetName and place.city:
        address = PostalAddress(
            street=f"{place.streetNr or ''} {place.streetName}".strip(),
            city=place.city,
            district=place.locality or "",
            area=place.stateOrProvince or "",
            postal_code=place.postcode or "",
            country=(place.country or "US").upper(),
        )
        return Question(address=address, categories=categories, requested=wanted)
    if place.name:
        return Question(text=place.name, categories=categories, requested=wanted)
    raise ApiError(REQUIRED, _("The item names no place: give its id, name or address."), field=field)


def _category(item: _Item, field: str) -> Category | None:
    """The category that is named; None when none is. Errors: INVALID."""
    named = [item.category.name or item.category.id] if item.category else []
    named += [item.service.category] if item.service else []
    word = next((one for one in named if one), None)
    if word is None:
        return None
    try:
        return Category(word.strip().upper())
    except ValueError:
        message = _("This category of services is not known.")
        raise ApiError(INVALID, message, field=f"{field}.category") from None


def _places(item: _Item) -> list[_Place]:
    return item.service.place if item.service else []


def _place(place: _Place) -> dict[str, Any]:
    return place.model_dump(include={"role", "id", "name"}, exclude_none=True)


def _item(kept: Qualification, answered: Mapping[str, Any], asked: _Item) -> dict[str, Any]:
    place = {"role": _places(asked)[0].role, "@type": "GeographicAddress"}
    if kept.premises_id:
        place["id"] = kept.premises_id
    if kept.address:
        place["name"] = kept.address
    made: dict[str, Any] = {
        "service": _service(answered["category"], answered) | {"place": [place]},
        "category": {"id": answered["category"], "name": answered["category"]},
        "expirationDate": _moment(kept.expires_at),
    }
    characteristics = made["service"].setdefault("serviceCharacteristic", [])
    characteristics.append({"name": "matchConfidence", "valueType": "string", "value": kept.confidence})
    if answered["day"]:
        made["expectedServiceAvailabilityDate"] = made["expectedActivationDate"] = _day(answered["day"])
    return made


def _outcome(answered: Mapping[str, Any], alternatives: bool | None, reasons: bool | None) -> dict[str, Any]:
    made: dict[str, Any] = {"qualificationResult": answered["result"].lower(), "state": "done"}
    if reasons is not False and answered["reasons"]:
        made["eligibilityUnavailabilityReason"] = [
            {"code": CODES.get(code, code), "label": reason_label(code)} for code in answered["reasons"]
        ]
    if alternatives is not False and answered["alternates"]:
        made["alternateServiceProposal"] = [
            {
                "id": str(number),
                "alternateService": _service(answered["category"], one),
                "alternateServiceAvailabilityDate": _day(one["day"]),
            }
            for number, one in enumerate(answered["alternates"], start=1)
        ]
    return made


def _service(category: str, answered: Mapping[str, Any]) -> dict[str, Any]:
    """A service with what it carries, as characteristics."""
    named = (("technology", "string", "technology"), ("downloadMbps", "integer", "download"))
    named += (("uploadMbps", "integer", "upload"),)  # type: ignore[assignment]
    found = [
        {"name": name, "valueType": kind, "value": answered[key]} for name, kind, key in named if answered.get(key)
    ]
    return {"name": category, "category": category} | ({"serviceCharacteristic": found} if found else {})


def _read(model: type[Any], body: Any) -> Any:
    try:
        return model.model_validate(body)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        code = REQUIRED if first["type"] == "missing" else INVALID
        raise ApiError(code, _("The body does not fit the resource."), field=field) from problem


def _moment(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _day(value: str) -> str:
    return f"{value}T00:00:00Z"


def find(*, kind: QualificationTask.Kind, caller: Caller, task_id: str) -> QualificationTask:
    """The caller's own task. Errors: NOT_FOUND."""
    task = QualificationTask.objects.filter(pk=task_id[:60], kind=kind, owner=caller.scope).first()
    if task is None:
        raise ApiError(NOT_FOUND, _("There is no such resource."), field="id")
    return task


def page(
    *, kind: QualificationTask.Kind, caller: Caller, offset: int, limit: int
) -> tuple[Sequence[QualificationTask], int]:
    """The caller's own tasks, the newest first, and how many there are in all. Errors: INVALID."""
    if not (0 <= offset <= 100_000 and 1 <= limit <= MAX_PAGE):
        raise ApiError(INVALID, _("A page has 1 to %(max)s entries."), field="limit", params={"max": MAX_PAGE})
    own = QualificationTask.objects.filter(kind=kind, owner=caller.scope)
    return list(own[offset : offset + limit]), own.count()


@transaction.atomic
def change(*, kind: QualificationTask.Kind, caller: Caller, task_id: str, body: Any) -> QualificationTask:
    """Change what a person wrote on a task; what was answered stands. Errors: NOT_FOUND, INVALID."""
    task = find(kind=kind, caller=caller, task_id=task_id)
    if not isinstance(body, dict) or not set(body) <= CHANGEABLE:
        raise ApiError(INVALID, _("Only description and externalId can be changed."))
    given = _read(_Change, body).model_dump(exclude_none=True)
    task.resource = {**task.resource, **given}
    task.save(update_fields=["resource"])
    return task


def delete(*, kind: QualificationTask.Kind, caller: Caller, task_id: str) -> None:
    """Forget a task. Errors: NOT_FOUND."""
    find(kind=kind, caller=caller, task_id=task_id).delete()


def selected(resource: Mapping[str, Any], fields: str) -> dict[str, Any]:
    """The attributes named in `fields`, with commas; the id and address always. All when none is named."""
    wanted = {name.strip() for name in fields.split(",") if name.strip()}
    if not wanted:
        return dict(resource)
    return {key: value for key, value in resource.items() if key in wanted | {"id", "href"}}
