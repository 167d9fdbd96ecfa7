from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CurrencyMismatchError, Money, allocate, quantum, round_half_up, tax_on

CURRENCIES = st.sampled_from(["USD", "CNY", "JPY", "KWD"])
UNITS = st.integers(min_value=-(10**10), max_value=10**10)


def money(units: int, currency: str) -> Money:
    return Money(units * quantum(currency), currency)


@given(CURRENCIES, st.lists(UNITS, max_size=20))
def test_a_sum_of_money_is_exact_in_any_order(currency: str, units: list[int]) -> None:
    items = [money(each, currency) for each in units]

    assert Money.total(items, currency) == Money.total(reversed(items), currency) == money(sum(units), currency)


@given(CURRENCIES, UNITS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_allocated_parts_sum_exactly_and_stay_within_one_unit_of_their_share(
    currency: str, units: int, weights: list[int]
) -> None:
    amount = money(units, currency)

    parts = allocate(amount, weights)

    assert Money.total(parts, currency) == amount
    for part, weight in zip(parts, weights, strict=True):
        share = amount.amount * weight / sum(weights)
        assert abs(part.amount - share) <= quantum(currency)
        assert part.quantized() == part
        assert weight or part == Money.zero(currency)


def test_what_rounding_leaves_goes_to_the_first_among_equals() -> None:
    assert [part.amount for part in allocate(Money(Decimal("1.00"), "USD"), [1, 1, 1])] == [
        Decimal("0.34"),
        Decimal("0.33"),
        Decimal("0.33"),
    ]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_allocating_by_impossible_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        allocate(Money(Decimal("1.00"), "USD"), weights)


def test_allocating_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(ValueError):
        allocate(Money(Decimal("0.001"), "USD"), [1])


@pytest.mark.parametrize(
    ("currency", "amount", "rounded"),
    [
        ("USD", "0.005", "0.01"),
        ("USD", "-0.005", "-0.01"),
        ("USD", "2.675", "2.68"),
        ("JPY", "100.5", "101"),
        ("KWD", "1.0005", "1.001"),
    ],
)
def test_halves_are_rounded_away_from_zero_at_the_currency_s_precision(
    currency: str, amount: str, rounded: str
) -> None:
    assert str(round_half_up(Decimal(amount), currency)) == rounded


def test_tax_is_rounded_per_line() -> None:
    assert tax_on(Decimal("499.00"), Decimal("0.0825"), "USD") == Decimal("41.17")


@pytest.mark.parametrize("amount", [1.5, 1, "1.00", None])
def test_only_a_decimal_makes_money(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(("amount", "currency"), [("NaN", "USD"), ("Infinity", "USD"), ("1", "usd"), ("1", "DOLLAR")])
def test_nonsense_is_no_money(amount: str, currency: str) -> None:
    with pytest.raises(ValueError):
        Money(Decimal(amount), currency)


def test_two_currencies_never_meet() -> None:
    dollars, yuan = Money(Decimal("1"), "USD"), Money(Decimal("1"), "CNY")

    assert dollars != yuan
    for mix in (lambda: dollars + yuan, lambda: dollars - yuan, lambda: dollars < yuan):
        with pytest.raises(CurrencyMismatchError):
            mix()


def test_money_is_ordered_multiplied_and_negated() -> None:
    one = Money(Decimal("1.10"), "USD")

    assert one < 2 * one == one * 2
    assert -one + one == Money.zero("USD")
    with pytest.raises(TypeError):
        one * Decimal("0.5")  # type: ignore[operator]
