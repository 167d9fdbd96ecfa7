"""Writes: qualifications that are kept and asked again, and the waiting list."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, group_commit, outbox
from kernel.errors import INVALID, NOT_FOUND, ApiError
from kernel.locks import lock_rows
from plugins.serviceability import asking, changes, errors, loader
from plugins.serviceability.asking import Found, Question
from plugins.serviceability.index import Line
from plugins.serviceability.models import CapacityReservation, DemandEntry, Premises, Qualification
from plugins.serviceability.network import NOWHERE
from plugins.serviceability.qualification import Answer, Category, Confidence, Drop, Item

KEPT = dt.timedelta(days=90)


def qualify(question: Question) -> tuple[Qualification, Found]:
    """Answer what can be had at a place and keep the answer: one row, which no transaction need hold together.

    Errors: as `asking.locate` and `asking.answer`.
    """
    index, network = loader.index(), loader.network()
    found = asking.locate(index, network, question)
    answer = asking.answer(network, found, question)
    now = clock.now()
    kept = Qualification(
        premises_id=found.premises_id,
        address=found.label[:300],
        country=found.country,
        latitude=found.latitude,
        longitude=found.longitude,
        confidence=found.confidence,
        categories=[item.category for item in answer.items],
        requested_date=question.requested,
        result=answer.result,
        items=[item_data(item) for item in answer.items],
        created_at=now,
        checked_at=now,
        expires_at=now + dt.timedelta(days=answer.days),
    )
    group_commit.insert(kept)
    return kept, found


@transaction.atomic
def ask_again(*, qualification_id: str) -> Qualification:
    """Ask a kept question again, before an order and after a change of the network; a new expiry either way.

    What differs in result or day is announced as QUALIFICATION_CHANGED. Errors: NOT_FOUND.
    """
    rows = lock_rows(Qualification.objects.filter(pk=qualification_id))
    if not rows:
        raise ApiError(NOT_FOUND, _("There is no such qualification."), field="qualificationId")
    kept = rows[0]
    answer = answer_now(kept)
    before = _essence(kept.items)
    kept.items = [item_data(item) for item in answer.items]
    kept.result = answer.result
    kept.checked_at = clock.now()
    kept.expires_at = kept.checked_at + dt.timedelta(days=answer.days)
    kept.save(update_fields=["items", "result", "checked_at", "expires_at"])
    if _essence(kept.items) != before:
        outbox.publish(
            topic=changes.QUALIFICATION_CHANGED,
            aggregate=f"qualification:{kept.pk}",
            payload={"qualification_id": kept.pk, "result": kept.result, "day": last_day(kept)},
        )
    return kept


def answer_now(kept: Qualification) -> Answer:
    """What a kept question is answered now; keeps nothing. From the table's premises: a worker need not hold all."""
    lines = NOWHERE if kept.premises_id is None else lines_of(Premises.objects.get(pk=kept.premises_id))
    found = Found(Confidence(kept.confidence), kept.latitude, kept.longitude, kept.country, kept.address,
                  kept.premises_id, lines)  # fmt: skip
    network = loader.network()
    today = network.calendar(kept.country).today(clock.now())
    wanted = kept.requested_date if kept.requested_date and kept.requested_date >= today else None
    categories = tuple(Category(one) for one in kept.categories)
    return asking.answer(network, found, Question(categories=categories, requested=wanted), _kept_ports(kept))


def _kept_ports(kept: Qualification) -> dict[str, dt.date]:
    """The days of the ports that are reserved for the premises: they are not gone for who has them."""
    held = CapacityReservation.objects.filter(premises_id=kept.premises_id, state__in=CapacityReservation.ACTIVE)
    return dict(held.order_by("-opening__opens_on").values_list("technology", "opening__opens_on"))


def lines_of(premises: Premises) -> tuple[Line, Line, Line]:
    """Fibre, cable and copper of a row of the table."""
    return (
        Line(Drop(premises.fibre), premises.fibre_node_id or ""),
        Line(Drop(premises.coax), premises.coax_node_id or ""),
        Line(Drop(premises.copper), premises.copper_node_id or "", premises.loop_metres),
    )


def item_data(item: Item) -> dict[str, Any]:
    """An item as it is kept."""
    return {
        "category": item.category,
        "result": item.result,
        "technology": item.technology,
        "download": item.download,
        "upload": item.upload,
        "day": item.day.isoformat() if item.day else None,
        "reasons": list(item.reasons),
        "alternates": [
            {"technology": one.technology, "download": one.download, "upload": one.upload, "day": one.day.isoformat()}
            for one in item.alternates
        ],
    }


def last_day(kept: Qualification) -> str | None:
    """The first day on which all that can be had works, as an ISO date."""
    return max((item["day"] for item in kept.items if item["day"]), default=None)


def _essence(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(item["category"], item["result"], item["technology"], item["day"]) for item in items]


@transaction.atomic
def wait(*, qualification_id: str, category: Category, email: str) -> DemandEntry:
    """Put somebody on the waiting list for what cannot be had at a qualified address; twice is once.

    Errors: NOT_FOUND, INVALID (e-mail address; a service that can be had there).
    """
    kept = Qualification.objects.select_related("premises").filter(pk=qualification_id).first()
    if kept is None:
        raise ApiError(NOT_FOUND, _("There is no such qualification."), field="qualificationId")
    try:
        validate_email(email)
    except ValidationError:
        raise ApiError(INVALID, _("This e-mail address is not complete."), field="email") from None
    if any(item["category"] == category and item["result"] == "QUALIFIED" for item in kept.items):
        raise ApiError(INVALID, _("This service can be had there already."), field="category")
    premises = kept.premises
    entry, _created = DemandEntry.objects.get_or_create(
        email=email.strip().lower(),
        category=category,
        address=kept.address,
        defaults={
            "premises": premises,
            "country": kept.country,
            "area": premises.area if premises else "",
            "city": premises.city if premises else "",
            "postal_code": premises.postal_code if premises else "",
            "latitude": kept.latitude,
            "longitude": kept.longitude,
        },
    )
    return entry


def require_valid(kept: Qualification) -> None:
    """Refuse an answer that no longer holds. Errors: QUALIFICATION_EXPIRED."""
    if kept.expires_at <= clock.now():
        message = _("This answer no longer holds: check the address again.")
        raise ApiError(errors.QUALIFICATION_EXPIRED, message, field="qualificationId")


@transaction.atomic
def forget_old(*, limit: int = 10_000) -> int:
    """Delete qualifications that ran out 90 days ago; returns how many."""
    old = Qualification.objects.filter(expires_at__lt=clock.now() - KEPT).order_by("expires_at")
    deleted, _models = Qualification.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    if deleted:
        audit.record(
            actor="system", action="qualifications.forgotten", subject="serviceability", detail={"count": deleted}
        )
    return deleted
