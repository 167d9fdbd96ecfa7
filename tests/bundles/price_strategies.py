"""Random offers that may be sold: prices in cents, credits within the term and below the bill."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.terms import (
    DEVICE,
    SERVICE,
    BundleTerms,
    Chosen,
    Credit,
    Deposit,
    Discount,
    Fee,
    Given,
    InstalmentTerms,
    Ladder,
    On,
    OneTime,
    OnLeave,
    OnReturn,
    OptionTerms,
    Penalty,
    Recurring,
    TradeInTerms,
)
from tests.bundles.price_examples import TAXES, context

TERM = 12
PLACES = ["US-CA-LA", "US-NV", "US-OR"]
RATES = st.sampled_from([Decimal("0.05"), Decimal("0.333"), Decimal("0.1")])


def cents(least: int, most: int) -> st.SearchStrategy[Money]:
    return st.integers(least, most).map(lambda units: Money(Decimal(units).scaleb(-2), "USD"))


PRICES = cents(0, 150_000)
FEES = cents(0, 5_000)


@st.composite
def devices(draw: st.DrawFn) -> OptionTerms:
    price = draw(PRICES)
    down = draw(st.none() | st.sampled_from([Decimal("0"), Decimal("0.3"), Decimal("1")]))
    instalments = InstalmentTerms(
        months=draw(st.integers(1, TERM)),
        annual_rate=draw(st.sampled_from([Decimal(0), Decimal("0.1199")])),
        down_share=down,
    )
    at_sale = Credit(
        code="subsidy",
        total=draw(FEES),
        months=draw(st.integers(1, TERM)),
        given=Given.AT_SALE,
        on_leave=draw(st.sampled_from(OnLeave)),
    )
    old = TradeInTerms(
        code="old",
        values=(("good", draw(cents(0, 20_000))),),
        promotions=(("good", draw(FEES)),),
        promotion_months=TERM,
    )
    return OptionTerms(
        charges=(
            OneTime(code="device", price=price, financed=True),
            OneTime(code="activation", price=draw(FEES), category=SERVICE),
        ),
        instalments=draw(st.sampled_from([(), (instalments,)])),
        credits=draw(st.sampled_from([(), (at_sale,)])),
        trade_ins=(old,),
        category=DEVICE,
    )


@st.composite
def services(draw: st.DrawFn) -> OptionTerms:
    # At least 60 a month, so that no credit is more than the bill.
    rungs = tuple(draw(st.lists(cents(6_000, 9_000), min_size=1, max_size=4)))
    monthly = Credit(
        code="loyalty",
        total=draw(FEES),
        months=draw(st.integers(1, TERM - 2)),
        first=draw(st.integers(1, 3)),
        on_leave=draw(st.sampled_from(OnLeave)),
    )
    penalty = draw(
        st.sampled_from(
            [
                Penalty(code="exit", months=TERM, share=Decimal("0.3")),
                Penalty(code="exit", months=TERM, amount=Money(Decimal("199.99"), "USD"), declining=True),
                Penalty(code="exit", months=6, amount=Money(Decimal("50.00"), "USD")),
            ]
        )
    )
    deposit = Deposit(code="deposit", amount=draw(FEES), returned_after=draw(st.none() | st.integers(1, TERM)))
    return OptionTerms(
        charges=(
            Recurring(code="plan", price=Ladder("family", rungs, volume=draw(st.booleans()))),
            Recurring(
                code="extra", price=draw(FEES), first=draw(st.integers(1, 4)), months=draw(st.none() | st.just(3))
            ),
            penalty,
            deposit,
        ),
        credits=draw(st.sampled_from([(), (monthly,)])),
    )


@st.composite
def choices(draw: st.DrawFn) -> list[Chosen]:
    """One to three lines, each a plan and perhaps a device, and cases."""
    plan, device = draw(services()), draw(devices())
    found = []
    for instance in range(1, draw(st.integers(1, 3)) + 1):
        found.append(Chosen(sku="PLAN", group="line", instance=instance, terms=plan))
        kind = draw(st.sampled_from(["none", "new", "old for new"]))
        if kind != "none":
            trade_in = ("old", "good") if kind == "old for new" else None
            found.append(Chosen(sku="PHONE", group="device", instance=instance, terms=device, trade_in=trade_in))
    case = OptionTerms(charges=(OneTime(code="case", price=draw(FEES)),), category=DEVICE)
    quantity = draw(st.integers(0, 4))
    return found + ([Chosen(sku="CASE", group="extras", terms=case, quantity=quantity)] if quantity else [])


@st.composite
def bundle_terms(draw: st.DrawFn) -> BundleTerms:
    discounts = (
        Discount(
            code="set",
            on=On.TODAY,
            amount=draw(cents(0, 30_000)),
            minimum_units=draw(st.integers(1, 4)),
            on_return=draw(st.sampled_from(OnReturn)),
        ),
        Discount(code="share", on=On.TODAY, share=draw(RATES), groups=frozenset({"extras"})),
        Discount(
            code="monthly", on=On.MONTHLY, amount=draw(cents(0, 1_000)), months=draw(st.none() | st.integers(1, TERM))
        ),
    )
    fees = (
        Fee(code="start", on=On.TODAY, amount=draw(FEES), per_unit=draw(st.booleans()), groups=frozenset({"line"})),
        Fee(code="recovery", on=On.MONTHLY, share=draw(RATES)),
        Fee(code="levy", on=On.TODAY, share=draw(RATES)),
    )
    kept = draw(st.integers(0, 3))
    return BundleTerms(discounts=discounts[:kept], fees=draw(st.sampled_from([(), fees])), taxes=TAXES)


@st.composite
def contexts(draw: st.DrawFn) -> PriceContext:
    return context(
        term=TERM,
        jurisdiction=draw(st.sampled_from(PLACES)),
        date=draw(st.dates(dt.date(2027, 1, 1), dt.date(2029, 12, 31))),
        cycle_day=draw(st.integers(1, 31)),
        in_advance=draw(st.booleans()),
    )
