"""Rounding, instalments and proration: the parts sum to the whole."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.money import allocate as allocate_money
from plugins.bundles.instalments import down_payment, schedule
from plugins.bundles.proration import bill_date, cycle_of, on_bills
from plugins.bundles.rounding import allocate, as_money, first_of, minor, ratio_of, share_of, spread
from plugins.bundles.terms import InstalmentTerms

UNITS = st.integers(-(10**9), 10**9)
DATES = st.dates(dt.date(2023, 1, 1), dt.date(2032, 12, 31))


@given(UNITS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_parts_sum_to_the_whole_and_are_those_of_money(units: int, weights: list[int]) -> None:
    parts = allocate(units, weights)

    assert sum(parts) == units
    assert [as_money(part, "USD") for part in parts] == allocate_money(as_money(units, "USD"), weights)


@given(st.integers(0, 12), st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any))
def test_no_other_split_into_whole_coins_is_nearer_to_the_exact_shares(units: int, weights: list[int]) -> None:
    def distance(parts: tuple[int, ...]) -> int:
        return sum(abs(part * sum(weights) - units * weight) for part, weight in zip(parts, weights, strict=True))

    others = (each for each in itertools.product(range(units + 1), repeat=len(weights)) if sum(each) == units)

    assert distance(tuple(allocate(units, weights))) == min(map(distance, others))


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_impossible_weights_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        allocate(100, weights)


@given(UNITS, st.integers(1, 60))
def test_even_parts_differ_by_one_coin_and_their_beginnings_add_up(units: int, count: int) -> None:
    parts = spread(units, count)

    assert sum(parts) == units
    assert max(parts) - min(parts) <= 1
    assert list(parts) == allocate(units, [1] * count)
    assert [first_of(units, taken, count) for taken in range(count + 1)] == [sum(parts[:n]) for n in range(count + 1)]


@given(UNITS, st.integers(0, 31), st.integers(1, 31))
def test_a_ratio_rounds_halves_away_from_zero_as_a_share_does(units: int, part: int, whole: int) -> None:
    exact = Decimal(units * part) / whole
    assert abs(exact - ratio_of(units, part, whole)) <= Decimal("0.5")
    assert share_of(units, Decimal("0.5")) == ratio_of(units, 1, 2)
    assert share_of(-units, Decimal("0.0825")) == -share_of(units, Decimal("0.0825"))


@pytest.mark.parametrize(("currency", "amount"), [("USD", "1.23"), ("JPY", "123"), ("KWD", "0.123")])
def test_each_currency_has_its_own_smallest_coin(currency: str, amount: str) -> None:
    money = Money(Decimal(amount), currency)

    assert minor(money) == 123
    assert as_money(123, currency) == money


def test_what_is_finer_than_the_smallest_coin_is_refused() -> None:
    with pytest.raises(ValueError):
        minor(Money(Decimal("0.5"), "JPY"))


@given(st.integers(0, 10**8), st.integers(1, 120), st.decimals(0, 1, places=4))
def test_instalments_sum_to_principal_and_interest(principal: int, months: int, rate: Decimal) -> None:
    found = schedule(principal, months, rate)

    assert sum(found.payments) == principal + sum(found.interest)
    assert sum(found.principal) == principal
    assert len(found.payments) == months
    assert min(found.payments) >= 0
    assert min(found.principal) >= 0
    assert min(found.interest) >= 0
    assert rate or sum(found.interest) == 0


@given(st.integers(0, 10**8), st.integers(1, 60), st.decimals(0, 1, places=4))
def test_what_is_still_owed_falls_to_nothing(principal: int, months: int, rate: Decimal) -> None:
    remaining = schedule(principal, months, rate).remaining

    assert remaining[0] == principal
    assert remaining[-1] == 0
    assert all(later <= earlier for earlier, later in itertools.pairwise(remaining))


def test_a_loan_with_interest_matches_the_textbook() -> None:
    # 1,000.00 at 12 % a year over 12 months: 88.85 a month, 66.19 of interest in all.
    found = schedule(100_000, 12, Decimal("0.12"))

    assert found.payments[:11] == (8885,) * 11
    assert found.payments[11] == 8884
    assert (found.interest[0], sum(found.interest)) == (1000, 6619)


@pytest.mark.parametrize(
    ("terms", "paid"),
    [
        (InstalmentTerms(months=12), 0),
        (InstalmentTerms(months=12, down_payment=Money(Decimal("200.00"), "USD")), 40_000),
        (InstalmentTerms(months=12, down_payment=Money(Decimal("900.00"), "USD")), 150_001),
        (InstalmentTerms(months=12, down_share=Decimal("0.3")), 45_000),
    ],
)
def test_a_down_payment_is_an_amount_for_each_or_a_share_and_at_most_the_price(
    terms: InstalmentTerms, paid: int
) -> None:
    assert down_payment(150_001, terms, quantity=2) == paid


@given(
    DATES, st.integers(1, 31), st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.booleans(), st.booleans()
)
def test_first_bill_and_following_are_the_whole(
    start: dt.date, day: int, months: list[int], prorated: bool, in_advance: bool
) -> None:
    cycle = cycle_of(start, day)

    bills = on_bills(months, cycle, prorated=prorated, in_advance=in_advance)

    assert sum(bills) == sum(months)
    assert min(bills) >= 0
    assert len(bills) == len(months) + (not in_advance and not cycle.whole)
    assert cycle.period_start <= start < cycle.period_end
    assert 28 <= cycle.length <= 31
    assert bill_date(cycle, in_advance=in_advance) >= start


@pytest.mark.parametrize(
    ("start", "day", "period_start", "period_end", "days"),
    [
        ("2028-02-15", 1, "2028-02-01", "2028-03-01", 15),  # a leap year
        ("2027-02-15", 1, "2027-02-01", "2027-03-01", 14),
        ("2027-02-28", 31, "2027-02-28", "2027-03-31", 31),  # the last day of a short month
        ("2027-02-27", 31, "2027-01-31", "2027-02-28", 1),
        ("2028-02-29", 30, "2028-02-29", "2028-03-30", 30),
        ("2027-04-30", 31, "2027-04-30", "2027-05-31", 31),
        ("2027-01-01", 15, "2026-12-15", "2027-01-15", 14),  # across the year
        ("2026-12-20", 15, "2026-12-15", "2027-01-15", 26),
    ],
)
def test_a_cycle_knows_leap_years_and_short_months(
    start: str, day: int, period_start: str, period_end: str, days: int
) -> None:
    cycle = cycle_of(dt.date.fromisoformat(start), day)

    assert (cycle.period_start.isoformat(), cycle.period_end.isoformat(), cycle.days) == (
        period_start,
        period_end,
        days,
    )


def test_a_day_that_no_month_has_is_refused() -> None:
    with pytest.raises(ValueError):
        cycle_of(dt.date(2027, 1, 1), 32)


def test_in_advance_the_first_bill_holds_the_days_and_the_month_to_come() -> None:
    cycle = cycle_of(dt.date(2027, 4, 21), 1)  # 10 of 30 days

    assert on_bills([3000] * 3, cycle, prorated=True, in_advance=True) == (4000, 3000, 2000)
    assert on_bills([3000] * 3, cycle, prorated=True, in_advance=False) == (1000, 3000, 3000, 2000)
    assert on_bills([500] * 3, cycle, prorated=False, in_advance=False) == (0, 500, 500, 500)
