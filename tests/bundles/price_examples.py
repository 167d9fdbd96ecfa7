"""Offers as operators sell them, for the tests of prices."""

import datetime as dt
from decimal import Decimal

from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.terms import (
    DEVICE,
    FEE,
    PENALTY,
    SERVICE,
    BundleTerms,
    Chosen,
    InstalmentTerms,
    Ladder,
    OneTime,
    OptionTerms,
    Recurring,
    TaxBase,
    TaxDue,
    TaxRule,
)

# California taxes the unbundled price of a telephone when it is sold; an old one given for it lowers nothing.
CALIFORNIA = TaxRule(
    code="sales",
    jurisdiction="US-CA",
    rate=Decimal("0.0725"),
    categories=frozenset({DEVICE}),
    due=TaxDue.AT_SALE,
    base=TaxBase.LIST,
)
LOS_ANGELES = TaxRule(
    code="district",
    jurisdiction="US-CA-LA",
    rate=Decimal("0.0225"),
    categories=frozenset({DEVICE}),
    due=TaxDue.AT_SALE,
    base=TaxBase.LIST,
)
CALIFORNIA_SERVICE = TaxRule(
    code="utility", jurisdiction="US-CA", rate=Decimal("0.09"), categories=frozenset({SERVICE, FEE, PENALTY})
)
# Elsewhere the tax comes with each instalment.
NEVADA = TaxRule(
    code="sales",
    jurisdiction="US-NV",
    rate=Decimal("0.08"),
    categories=frozenset({DEVICE}),
    due=TaxDue.BY_INSTALMENT,
    trade_in_reduces=True,
)
OREGON = TaxRule(code="none", jurisdiction="US-OR", rate=Decimal(0), categories=frozenset({DEVICE}))
CHINA = [
    TaxRule(
        code="vat", jurisdiction="CN", rate=rate, categories=frozenset({category}), inclusive=True, due=TaxDue.AT_SALE
    )
    for category, rate in ((DEVICE, Decimal("0.13")), (SERVICE, Decimal("0.06")))
]
TAXES = (CALIFORNIA, LOS_ANGELES, CALIFORNIA_SERVICE, NEVADA, OREGON, *CHINA)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def context(**changes: object) -> PriceContext:
    usual: dict[str, object] = {"currency": "USD", "date": dt.date(2027, 4, 1), "jurisdiction": "US-OR", "term": 36}
    return PriceContext(**{**usual, **changes})  # type: ignore[arg-type]


def phone(price: str = "829.99", **changes: object) -> OptionTerms:
    usual: dict[str, object] = {
        "charges": (OneTime(code="device", price=usd(price), financed=True),),
        "instalments": (InstalmentTerms(months=36),),
        "category": DEVICE,
    }
    return OptionTerms(**{**usual, **changes})  # type: ignore[arg-type]


def plan(price: str = "65.00", **changes: object) -> OptionTerms:
    return OptionTerms(**{"charges": (Recurring(code="plan", price=usd(price)),), **changes})  # type: ignore[arg-type]


def chosen(terms: OptionTerms, sku: str = "PHONE", group: str = "device", **changes: object) -> Chosen:
    return Chosen(sku=sku, group=group, terms=terms, **changes)  # type: ignore[arg-type]


FAMILY = Ladder("family", (usd("65.00"), usd("55.00"), usd("20.00"), usd("20.00"), usd("15.00")))
FREE = BundleTerms(taxes=TAXES)
