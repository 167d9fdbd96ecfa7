"""What cannot be priced is refused with a stable code."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from kernel.errors import ApiError
from kernel.money import Money
from plugins.bundles.conditions import Condition, PriceContext
from plugins.bundles.pricing import MOST_UNITS, price_bundle
from plugins.bundles.terms import (
    DEVICE,
    BundleTerms,
    Chosen,
    Credit,
    Deposit,
    Discount,
    InstalmentTerms,
    Ladder,
    On,
    OneTime,
    OptionTerms,
    Penalty,
    Recurring,
    TaxRule,
    TradeInTerms,
)
from tests.bundles.price_examples import FREE, chosen, cny, context, phone, plan, usd

LONG_CREDIT = Credit(code="c", total=usd("24.00"), months=24)
LATE_CREDIT = replace(LONG_CREDIT, months=12, first=2)
TRADE = TradeInTerms(code="old", values=(("good", usd("1.00")),))


@pytest.mark.parametrize(
    ("code", "field", "choice", "asked"),
    [
        ("CURRENCY_MISMATCH", "currency", chosen(plan()), context(currency="CNY")),
        ("PRICE_ENDED", "sku", chosen(plan(until=dt.date(2027, 3, 31))), context()),
        ("PRICE_ENDED", "sku", chosen(plan(since=dt.date(2027, 4, 2))), context()),
        ("INVALID_QUANTITY", "quantity", chosen(plan(), quantity=-1), context()),
        ("INVALID_QUANTITY", "quantity", chosen(plan(), quantity=0), context()),
        ("INVALID_QUANTITY", "quantity", chosen(plan(), quantity=MOST_UNITS + 1), context()),
        ("INVALID_TERM", "term", chosen(phone()), context(term=0)),
        ("INVALID_TERM", "term", chosen(plan(credits=(LONG_CREDIT,))), context(term=0)),
        ("INVALID_TERM", "term", chosen(plan()), context(term=-1)),
        ("INVALID_TERM", "term", chosen(plan()), context(term=121)),
        (
            "INVALID_TERM",
            "term",
            chosen(plan(charges=(Penalty(code="p", months=24, amount=usd("1.00")),))),
            context(term=12),
        ),
        ("CREDIT_BEYOND_TERM", "term", chosen(plan(credits=(LONG_CREDIT,))), context(term=23)),
        ("CREDIT_BEYOND_TERM", "term", chosen(plan(credits=(LATE_CREDIT,))), context(term=12)),
        ("INSTALMENTS_BEYOND_TERM", "term", chosen(phone()), context(term=24)),
        ("CREDIT_EXCEEDS_BILL", "term", chosen(plan("0.99", credits=(LONG_CREDIT,))), context(term=24)),
        (
            "UNKNOWN_GRADE",
            "trade_in",
            chosen(phone(trade_ins=(TRADE,)), trade_in=("old", "drowned")),
            context(),
        ),
        ("UNKNOWN_GRADE", "trade_in", chosen(phone(), trade_in=("old", "good")), context()),
        (
            "INVALID_QUANTITY",
            "quantity",
            chosen(phone(trade_ins=(TRADE,)), trade_in=("old", "good"), quantity=2),
            context(),
        ),
        ("TAX_NOT_KNOWN", "jurisdiction", chosen(plan()), context(jurisdiction="FR")),
        ("TAX_NOT_KNOWN", "jurisdiction", chosen(plan()), context(jurisdiction="US-ORX")),
    ],
)
def test_what_cannot_be_sold_is_refused(code: str, field: str, choice: Chosen, asked: PriceContext) -> None:
    with pytest.raises(ApiError) as refused:
        price_bundle([choice], FREE, asked)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.message.endswith(".")
    assert "%(" not in refused.value.message


def test_terms_of_the_offer_in_another_currency_are_refused() -> None:
    terms = BundleTerms(discounts=(Discount(code="d", on=On.TODAY, amount=cny("1.00")),), taxes=FREE.taxes)

    with pytest.raises(ApiError) as refused:
        price_bundle([chosen(plan())], terms, context())

    assert refused.value.code == "CURRENCY_MISMATCH"


def test_an_option_cannot_mix_currencies() -> None:
    with pytest.raises(ApiError) as refused:
        OptionTerms(charges=(OneTime(code="a", price=usd("1.00")), OneTime(code="b", price=cny("1.00"))))

    assert refused.value.code == "CURRENCY_MISMATCH"


@pytest.mark.parametrize(
    "made",
    [
        lambda: OneTime(code="a", price=usd("-0.01")),
        lambda: OneTime(code="a", price=Money(Decimal("0.5"), "JPY")),
        lambda: Recurring(code="a", price=usd("1.00"), first=0),
        lambda: Recurring(code="a", price=usd("1.00"), months=0),
        lambda: Ladder("a", ()),
        lambda: Ladder("a", (usd("-1.00"),)),
        lambda: Deposit(code="a", amount=usd("-1.00")),
        lambda: Deposit(code="a", amount=usd("1.00"), returned_after=0),
        lambda: Penalty(code="a", months=12),
        lambda: Penalty(code="a", months=12, amount=usd("1.00"), share=Decimal("0.1")),
        lambda: Penalty(code="a", months=0, amount=usd("1.00")),
        lambda: InstalmentTerms(months=0),
        lambda: InstalmentTerms(months=121),
        lambda: InstalmentTerms(months=12, annual_rate=Decimal("-0.1")),
        lambda: InstalmentTerms(months=12, down_share=Decimal("1.1")),
        lambda: Credit(code="a", total=usd("1.00"), months=0),
        lambda: TradeInTerms(code="a", values=()),
        lambda: Discount(code="a", on=On.TODAY, share=Decimal(2)),
        lambda: Discount(code="a", on=On.TODAY),
        lambda: TaxRule(code="a", jurisdiction="US", rate=Decimal(8), categories=frozenset({DEVICE})),
    ],
)
def test_terms_that_cannot_be_are_refused_when_made(made: Callable[[], object]) -> None:
    with pytest.raises(ApiError) as refused:
        made()

    assert refused.value.code == "INVALID_PRICE"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(), True),
        (Condition(channels=frozenset({"web"})), True),
        (Condition(channels=frozenset({"pos"})), False),
        (Condition(segments=frozenset({"student"})), False),
        (Condition(credit_classes=frozenset({"A"})), True),
        (Condition(credit_classes=frozenset({"C"})), False),
        (Condition(terms=frozenset({24})), False),
        (Condition(jurisdictions=frozenset({"US"})), True),
        (Condition(jurisdictions=frozenset({"US-O"})), False),
        (Condition(since=dt.date(2027, 4, 1), until=dt.date(2027, 4, 1)), True),
        (Condition(since=dt.date(2027, 4, 2)), False),
        (Condition(until=dt.date(2027, 3, 31)), False),
    ],
)
def test_a_term_holds_where_every_demand_is_met(condition: Condition, holds: bool) -> None:
    service = plan(charges=(OneTime(code="fee", price=usd("5.00"), when=condition),))

    price = price_bundle([chosen(service)], FREE, context(channel="web", credit_class="A"))

    assert price.due_today == usd("5.00" if holds else "0.00")
