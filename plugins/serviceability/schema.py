"""GraphQL of serviceability. The questions can be asked, and are answered NOT_AVAILABLE in this version."""

import datetime as dt
from enum import Enum
from typing import NoReturn

import strawberry
from django.utils.translation import gettext_lazy as _

from inventory.schema import GeoPointInput
from kernel.api import ApiErrorType, mutation
from kernel.errors import NOT_AVAILABLE, ApiError


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


@strawberry.type
class QualifyServicePayload:
    qualification: ServiceQualification | None
    errors: list[ApiErrorType]


@strawberry.type
class Query:
    @strawberry.field(description="Addresses that complete the text typed so far, each with its premises id.")
    def address_suggestions(self, text: str, first: int | None = 8) -> list[AddressSuggestion]:
        _refuse()

    @strawberry.field
    def service_qualification(self, id: strawberry.ID) -> ServiceQualification | None:
        _refuse()


@strawberry.type
class Mutation:
    @mutation(payload=QualifyServicePayload)
    def qualify_service(self, input: QualifyServiceInput) -> QualifyServicePayload:
        _refuse()


def _refuse() -> NoReturn:
    raise ApiError(NOT_AVAILABLE, _("Checking services at an address is not available in this version."))
