"""GraphQL of bundles. Offers can be asked for, and are answered NOT_AVAILABLE in this version."""

import datetime as dt
from typing import NoReturn

import strawberry
from django.utils.translation import gettext_lazy as _

from kernel.api import MoneyType, PageInfo
from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.catalogue.schema import ContextInput, MonthlyPrice


@strawberry.input
class CharacteristicInput:
    name: str
    value: str


@strawberry.input
class BundleSelectionInput:
    group: str
    instance: int = strawberry.field(
        default=1, description="Which instance of a group that may be taken more than once."
    )
    sku: str
    quantity: int = 1
    characteristics: list[CharacteristicInput] | None = strawberry.field(
        default=None, description="Validated by the product: telephone number, port-in details, EID, ..."
    )


@strawberry.input
class BundleConfigurationInput:
    offer_code: str
    term: int
    selections: list[BundleSelectionInput]
    qualification_id: strawberry.ID | None = strawberry.field(
        default=None, description="A saved qualification of the address, where a selection depends on it."
    )


@strawberry.type
class BundleOption:
    sku: str
    name: str
    lower_limit: int
    upper_limit: int
    default: int


@strawberry.type
class BundleGroup:
    code: str
    label: str
    parent: str | None = strawberry.field(description="Code of the group that holds it.")
    lower_limit: int = strawberry.field(
        description="How many units in all one instance of this group needs and allows, its sub-groups counted."
    )
    upper_limit: int
    maximum_instances: int = strawberry.field(
        description="How many times the group may be taken, for example the lines of a family plan; 1 for most."
    )
    options: list[BundleOption]


@strawberry.type
class BundleOffer:
    id: strawberry.ID
    code: str
    name: str
    version: int
    terms: list[int] = strawberry.field(description="Commitment lengths in months that may be chosen; 0 is none.")
    groups: list[BundleGroup] = strawberry.field(description="All groups, parents before children.")
    monthly_price_from: MonthlyPrice


@strawberry.type
class BundleOfferEdge:
    cursor: str
    node: BundleOffer


@strawberry.type
class BundleOfferConnection:
    edges: list[BundleOfferEdge]
    page_info: PageInfo


@strawberry.type
class BundleViolation:
    code: str
    message: str
    group: str | None
    instance: int | None
    sku: str | None
    remedy: str


@strawberry.type
class PriceStep:
    label: str
    amount: MoneyType


@strawberry.type
class BundlePriceLine:
    sku: str
    name: str
    group: str
    instance: int
    quantity: int
    one_time: MoneyType
    recurring: MoneyType
    instalment_months: int | None = strawberry.field(description="Set when the device is paid in instalments.")
    instalment: MoneyType | None
    available_from: dt.date | None
    explanation: list[PriceStep] = strawberry.field(description="Why this price: list price, then each adjustment.")


@strawberry.type
class BundleConfiguration:
    valid: bool
    violations: list[BundleViolation] = strawberry.field(
        description="Every broken rule, each with the smallest change that mends it."
    )
    due_today: MoneyType
    monthly: MoneyType = strawberry.field(
        description="What is paid each month once everything works; first months that differ are in `lines`."
    )
    total_over_term: MoneyType = strawberry.field(description="Everything paid over the term.")
    lines: list[BundlePriceLine]
    promise_date: dt.date | None = strawberry.field(
        description="First day on which all of it works, the latest of its lines; null while invalid."
    )
    exit_costs: list[MoneyType] = strawberry.field(
        description="What leaving after each month would cost, month 0 to the term."
    )


@strawberry.type
class Query:
    @strawberry.field(
        description="Device-plus-plan offers that may be sold in this context; those that can hold `sku` when it is "
        "given."
    )
    def bundle_offers(
        self, context: ContextInput, sku: str | None = None, first: int | None = 20, after: str | None = None
    ) -> BundleOfferConnection:
        refuse()

    @strawberry.field(description="Validates and prices a configuration. Changes nothing.")
    def configure_bundle(self, context: ContextInput, input: BundleConfigurationInput) -> BundleConfiguration:
        refuse()


def refuse() -> NoReturn:
    """Raise NOT_AVAILABLE: the answer of every bundle operation, the cart's too, in this version."""
    raise ApiError(NOT_AVAILABLE, _("Bundles of devices and plans are not available in this version."))
