"""GraphQL of serviceability."""

import datetime as dt
from enum import Enum
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from inventory.schema import GeoPointInput
from kernel.api import ApiErrorType, Info, caller, mutation
from kernel.errors import INVALID, ApiError
from kernel.reuse import ANSWER, Answer
from plugins.serviceability import limits, loader, qualification, selectors, services
from plugins.serviceability.asking import PostalAddress, Question
from plugins.serviceability.messages import reason_label
from plugins.serviceability.models import Qualification


@strawberry.input(description="As Saleor's AddressInput.")
class AddressInput:
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    street_address1: str
    street_address2: str | None = None
    city: str
    city_area: str | None = None
    postal_code: str | None = None
    country_area: str | None = None
    country: str = strawberry.field(description="ISO 3166 alpha-2.")
    phone: str | None = None


@strawberry.enum
class ServiceCategory(Enum):
    BROADBAND = "BROADBAND"
    TV = "TV"
    VOICE = "VOICE"
    MOBILE = "MOBILE"


@strawberry.enum
class QualificationResult(Enum):
    QUALIFIED = "QUALIFIED"
    UNQUALIFIED = "UNQUALIFIED"
    ALTERNATE = "ALTERNATE"


@strawberry.enum
class MatchConfidence(Enum):
    EXACT = "EXACT"
    INTERPOLATED = "INTERPOLATED"
    AREA = "AREA"


@strawberry.input
class QualifyServiceInput:
    premises_id: strawberry.ID | None = None
    address: AddressInput | None = None
    address_text: str | None = strawberry.field(default=None, description="Free text, as a person types it.")
    point: GeoPointInput | None = None
    categories: list[ServiceCategory] | None = strawberry.field(
        default=None, description="Service categories to ask for; all when empty."
    )
    requested_date: dt.date | None = strawberry.field(default=None, description="When the customer wants it to work.")


@strawberry.type
class AddressSuggestion:
    premises_id: strawberry.ID
    label: str


@strawberry.type
class UnavailabilityReason:
    code: str
    label: str


@strawberry.type
class AlternateService:
    category: ServiceCategory
    technology: str
    download_mbps: int | None
    alternate_service_availability_date: dt.date


@strawberry.type
class QualificationItem:
    category: ServiceCategory
    technology: str | None = strawberry.field(description="FTTH, HFC, VDSL, FIXED_WIRELESS, LTE, NR, ...")
    result: QualificationResult
    download_mbps: int | None
    upload_mbps: int | None
    service_availability_date: dt.date | None = strawberry.field(
        description="First day on which it can work, network capacity and installation both counted."
    )
    reasons: list[UnavailabilityReason]
    alternates: list[AlternateService]


@strawberry.type
class ServiceQualification:
    id: strawberry.ID
    premises_id: strawberry.ID | None
    normalised_address: str | None
    match_confidence: MatchConfidence
    result: QualificationResult
    items: list[QualificationItem]
    expiration_date: dt.datetime = strawberry.field(description="After this moment it must be asked again.")

    @classmethod
    def of(cls, kept: Qualification) -> "ServiceQualification":
        return cls(
            id=strawberry.ID(kept.pk),
            premises_id=None if kept.premises_id is None else strawberry.ID(kept.premises_id),
            normalised_address=kept.address or None,
            match_confidence=MatchConfidence(kept.confidence),
            result=QualificationResult(kept.result),
            items=[_item(item) for item in kept.items],
            expiration_date=kept.expires_at,
        )


@strawberry.type
class QualifyServicePayload:
    qualification: ServiceQualification | None
    errors: list[ApiErrorType]
    suggestions: list[AddressSuggestion] = strawberry.field(
        default_factory=list, description="Premises that could be meant, best first, where the match is not EXACT."
    )


@strawberry.type
class ServiceWaitPayload:
    waiting: bool | None
    errors: list[ApiErrorType]


@strawberry.type
class Query:
    @strawberry.field(description="Addresses that complete the text typed so far, each with its premises id.")
    def address_suggestions(self, info: Info, text: str, first: int | None = 8) -> list[AddressSuggestion]:
        count = 8 if first is None else first
        if not 0 <= count <= selectors.SUGGESTIONS:
            message = _("Ask for 0 to %(max)s entries.")
            raise ApiError(INVALID, message, field="first", params={"max": selectors.SUGGESTIONS})
        limits.spend("suggestion", _who(info))
        return _suggestions(selectors.suggestions(text, count))

    @strawberry.field
    def service_qualification(self, id: strawberry.ID) -> ServiceQualification | None:
        kept = selectors.qualification(id)
        return None if kept is None else ServiceQualification.of(kept)


# One row is written, and asked twice means kept twice: the first is told to nobody.
_ASKED = Answer(in_memory=lambda _given: loader.follower.following, is_repeatable=True)


@strawberry.type
class Mutation:
    @mutation(payload=QualifyServicePayload, atomic=False, metadata={ANSWER: _ASKED})
    def qualify_service(self, info: Info, input: QualifyServiceInput) -> QualifyServicePayload:
        limits.spend("qualification", _who(info))
        kept, found = services.qualify(_question(input))
        meant = _suggestions(selectors.labels(found.candidates))
        return QualifyServicePayload(qualification=ServiceQualification.of(kept), errors=[], suggestions=meant)

    @mutation(
        payload=ServiceWaitPayload,
        description="Puts an e-mail address on the waiting list for a service that the address cannot have yet.",
    )
    def service_wait(
        self, info: Info, qualification_id: strawberry.ID, category: ServiceCategory, email: str
    ) -> ServiceWaitPayload:
        limits.spend("waiting", _who(info))
        wanted = qualification.Category(category.value)
        services.wait(qualification_id=qualification_id, category=wanted, email=email)
        return ServiceWaitPayload(waiting=True, errors=[])


def _who(info: Info) -> str:
    """A guest is known by his address, everyone else by himself."""
    who = caller(info)
    return f"guest:{info.context.remote_address}" if who.is_guest else who.scope


def _question(given: QualifyServiceInput) -> Question:
    categories = tuple(dict.fromkeys(qualification.Category(one.value) for one in given.categories or ()))
    return Question(
        premises_id=given.premises_id,
        address=None if given.address is None else _postal(given.address),
        text=given.address_text,
        point=None if given.point is None else (given.point.latitude, given.point.longitude),
        categories=categories or tuple(qualification.Category),
        requested=given.requested_date,
    )


def _postal(given: AddressInput) -> PostalAddress:
    return PostalAddress(
        street=given.street_address1.strip(),
        unit=(given.street_address2 or "").strip(),
        city=given.city.strip(),
        district=(given.city_area or "").strip(),
        area=(given.country_area or "").strip(),
        postal_code=(given.postal_code or "").strip(),
        country=given.country.strip().upper(),
    )


def _suggestions(found: list[tuple[str, str]]) -> list[AddressSuggestion]:
    return [AddressSuggestion(premises_id=strawberry.ID(code), label=label) for code, label in found]


def _item(kept: dict[str, Any]) -> QualificationItem:
    category = ServiceCategory(kept["category"])
    return QualificationItem(
        category=category,
        technology=kept["technology"],
        result=QualificationResult(kept["result"]),
        download_mbps=kept["download"],
        upload_mbps=kept["upload"],
        service_availability_date=None if kept["day"] is None else dt.date.fromisoformat(kept["day"]),
        reasons=[UnavailabilityReason(code=code, label=reason_label(code)) for code in kept["reasons"]],
        alternates=[
            AlternateService(
                category=category,
                technology=one["technology"],
                download_mbps=one["download"],
                alternate_service_availability_date=dt.date.fromisoformat(one["day"]),
            )
            for one in kept["alternates"]
        ],
    )
