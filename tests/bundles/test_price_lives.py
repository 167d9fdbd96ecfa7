"""The life of a bundle after its sale: whatever happens, each line's entries sum to what it cost."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import ApiError
from kernel.money import Money
from plugins.bundles.changes import Kind, Life, begin, bill, change, give_back, leave, remove
from plugins.bundles.conditions import PriceContext
from plugins.bundles.errors import BUNDLE_ENDED, CREDIT_EXCEEDS_BILL, INVALID_QUANTITY, UNKNOWN_LINE
from plugins.bundles.pricing import price_bundle
from plugins.bundles.shares import paid_by, split
from plugins.bundles.terms import (
    DEVICE,
    BundleTerms,
    Chosen,
    Credit,
    Deposit,
    Discount,
    Fee,
    InstalmentTerms,
    On,
    OneTime,
    OnReturn,
    OptionTerms,
    Recurring,
    TradeInTerms,
)
from tests.bundles.price_examples import FAMILY, FREE, TAXES, chosen, context, phone, plan, usd
from tests.bundles.price_strategies import bundle_terms, choices, contexts, devices

DAY = dt.date(2027, 10, 1)
ACTS = st.lists(
    st.tuples(st.sampled_from(["bill", "give back", "change", "upgrade", "remove"]), st.integers(0, 99)), max_size=8
)


@given(choices(), bundle_terms(), contexts(), ACTS, devices())
def test_over_random_lives_every_line_sums_to_the_cent(
    wanted: list[Chosen], terms: BundleTerms, asked: PriceContext, acts: list[tuple[str, int]], newer: OptionTerms
) -> None:
    life = begin(price_bundle(wanted, terms, asked))
    assert_sums(life)

    for act, pick in acts:
        before = life
        life = _done(life, act, pick, newer)
        assert_sums(life)
        if life is not before:
            assert life.entries == before.entries + life.last
        if not life.running:
            break
    if life.running:
        cost, paid = life.exit_cost, total(life)
        life = leave(life)
        assert life.to_pay == cost
        assert total(life) == paid + cost
    with pytest.raises(ApiError) as refused:
        leave(life)
    assert refused.value.code == BUNDLE_ENDED


@given(choices(), contexts(), st.integers(0, 6), st.randoms())
def test_units_come_back_for_the_same_money_in_any_order(
    wanted: list[Chosen], asked: PriceContext, months: int, random: object
) -> None:
    life = begin(price_bundle(wanted, FREE, asked))
    for _ in range(months):
        life = bill(life)
    line = life.running[-1].line  # the case, where there is one: no credit depends on it
    units = line.quantity

    together = give_back(life, {line.key: units}).to_pay
    one_by_one, rest = Money.zero("USD"), life
    for _ in range(units):
        rest = give_back(rest, {line.key: 1})
        one_by_one += rest.to_pay

    assert one_by_one == together


@given(choices(), bundle_terms(), contexts(), st.integers(0, 3))
def test_who_gives_everything_back_has_paid_the_fees_alone(
    wanted: list[Chosen], terms: BundleTerms, asked: PriceContext, months: int
) -> None:
    life = begin(price_bundle(wanted, terms, asked))
    for _ in range(months):
        life = bill(life)
    paid = Counter({each.number: paid_by(each.line, life.month) for each in life.running if each.line.chosen is None})

    life = give_back(life, {each.line.key: each.line.quantity for each in life.running if each.line.chosen is not None})

    assert life.running == ()
    assert not any(entry.kind is Kind.WITHHELD for entry in life.entries)
    assert total(life).amount == Decimal(sum(paid.values())).scaleb(-2)


def assert_sums(life: Life) -> None:
    """Each running line's entries are what it cost so far; a line that came back whole has cost nothing."""
    by_number: Counter[int] = Counter()
    for entry in life.entries:
        by_number[entry.number] += int(entry.amount.amount.scaleb(2))
    for each in life.running:
        assert by_number[each.number] == each.cost(life.month), each.line.key
    assert len({each.number for each in life.running}) == len(life.running)


def total(life: Life) -> Money:
    return Money.total((entry.amount for entry in life.entries), "USD")


def _done(life: Life, act: str, pick: int, newer: OptionTerms) -> Life:
    lines = [each.line for each in life.running if each.line.chosen is not None]
    line = lines[pick % len(lines)]
    now = [each for line in lines if (each := line.chosen) is not None]
    try:
        match act:
            case "bill":
                return bill(life)
            case "give back":
                return give_back(life, {line.key: 1 + pick % line.quantity})
            case "remove":
                return remove(life, line.key)
            case "upgrade":
                return change(life, [*now, Chosen(sku=f"NEW{pick}", group="device", instance=5, terms=newer)], DAY)
            case _:
                rest = [replace(each, quantity=1 + pick % 5) if each.group == "extras" else each for each in now]
                return change(life, [each for each in rest if each.group != "device"] or rest, DAY)
    except ApiError as refused:
        # Credits that are more than what is left of the bill; a commitment that is over. Nothing changed.
        if refused.code not in (CREDIT_EXCEEDS_BILL, BUNDLE_ENDED):
            raise
        return life


def test_a_discount_that_the_rest_no_longer_deserves_is_kept_from_the_refund() -> None:
    case = OptionTerms(charges=(OneTime(code="price", price=usd("30.00")),), category=DEVICE)
    wanted = [chosen(case, sku="CASE", group="extras", quantity=2), chosen(case, sku="FILM", group="extras")]

    def refund(on_return: OnReturn) -> Money:
        any_three = Discount(code="three", on=On.TODAY, amount=usd("20.00"), minimum_units=3, on_return=on_return)
        terms = BundleTerms(discounts=(any_three,), taxes=TAXES)
        life = begin(price_bundle(wanted, terms, context(jurisdiction="US-OR", term=0)))
        assert life.to_pay == usd("70.00")
        after = give_back(life, {("extras", 1, "FILM"): 1})
        assert_sums(after)
        return after.to_pay

    # FILM bears 6.67 of the discount; the cases' 13.33 goes with it where the rest must deserve it.
    assert refund(OnReturn.SHARE) == usd("-23.33")
    assert refund(OnReturn.REPRICE) == usd("-10.00")


def test_leaving_a_line_of_a_family_prices_the_others_anew() -> None:
    service = OptionTerms(charges=(Recurring(code="line", price=FAMILY), Deposit(code="d", amount=usd("25.00"))))
    wanted = [chosen(service, sku="UNLIMITED", group="line", instance=number) for number in (1, 2, 3)]
    life = bill(bill(begin(price_bundle(wanted, FREE, context(term=12)))))
    assert life.to_pay == usd("140.00")

    life = remove(life, ("line", 1, "UNLIMITED"))

    assert life.to_pay == usd("-25.00")
    assert bill(life).to_pay == usd("120.00")  # 65 and 55: the second line is the first now
    assert_sums(bill(life))


def test_an_upgrade_pays_the_old_device_off_and_begins_a_term_of_its_own() -> None:
    wanted = [chosen(phone("720.00"), sku="OLD"), chosen(plan("50.00"), sku="PLAN", group="plan")]
    life = begin(price_bundle(wanted, FREE, context(term=36)))
    for _ in range(18):
        life = bill(life)

    newer = chosen(phone("1080.00"), sku="NEW")
    life = change(life, [newer, wanted[1]], DAY)

    assert life.to_pay == usd("360.00")
    assert [each.line.sku for each in life.running] == ["PLAN", "NEW"]
    for _ in range(36):
        life = bill(life)
        assert life.to_pay == usd("80.00")
    assert life.exit_cost == usd("0.00")
    with pytest.raises(ApiError) as refused:
        bill(life)
    assert refused.value.code == BUNDLE_ENDED


def test_a_plan_that_is_sold_no_more_goes_on_for_who_has_it() -> None:
    old = chosen(plan("50.00", until=dt.date(2027, 4, 30)), sku="OLD", group="plan")
    life = begin(price_bundle([old], FREE, context(term=12)))

    life = change(life, [old, chosen(plan("9.00"), sku="MORE", group="addon")], DAY)

    assert bill(life).to_pay == usd("59.00")


def test_one_more_line_pays_its_own_activation() -> None:
    terms = BundleTerms(
        fees=(Fee(code="start", on=On.TODAY, amount=usd("35.00"), per_unit=True, groups=frozenset({"line"})),),
        taxes=TAXES,
    )
    service = OptionTerms(charges=(Recurring(code="line", price=FAMILY),))
    first, second = (chosen(service, sku="U", group="line", instance=number) for number in (1, 2))
    life = begin(price_bundle([first], terms, context(jurisdiction="US-CA", term=12)))
    assert life.to_pay == usd("38.15")

    life = change(life, [first, second], DAY)

    assert life.to_pay == usd("38.15")
    assert_sums(life)


def test_the_value_of_an_old_device_comes_back_in_money() -> None:
    trade = TradeInTerms(code="old", values=(("good", usd("100.00")),))
    device = phone("700.00", trade_ins=(trade,), instalments=(InstalmentTerms(months=12),))
    life = begin(price_bundle([chosen(device, trade_in=("old", "good"))], FREE, context(term=12)))
    life = bill(life)
    assert life.to_pay == usd("50.00")

    assert give_back(life, {("device", 1, "PHONE"): 1}).to_pay == usd("-150.00")


def test_a_deposit_comes_back_when_its_months_are_over() -> None:
    service = plan(
        charges=(Recurring(code="plan", price=usd("30.00")), Deposit(code="d", amount=usd("50.00"), returned_after=2))
    )
    life = bill(begin(price_bundle([chosen(service)], FREE, context(term=12))))

    life = bill(life)

    assert [(entry.kind, entry.amount) for entry in life.last] == [
        (Kind.BILL, usd("30.00")),
        (Kind.DEPOSIT_RETURNED, usd("-50.00")),
    ]
    assert leave(life).to_pay == usd("0.00")


def test_a_part_taken_from_a_line_and_what_stays_are_the_whole() -> None:
    credit = Credit(code="c", total=usd("10.01"), months=3)
    line = price_bundle(
        [chosen(phone("100.00", credits=(credit,)), quantity=3), chosen(plan(), sku="P", group="p")], FREE, context()
    ).lines[0]

    gone, kept = split(line, 2)

    assert (gone.quantity, kept.quantity) == (2, 1)
    assert gone.due_today + kept.due_today == line.due_today
    assert [a + b for a, b in zip(gone.months, kept.months, strict=True)] == list(line.months)
    assert [a + b for a, b in zip(gone.exit_costs, kept.exit_costs, strict=True)] == list(line.exit_costs)


@pytest.mark.parametrize("units", [0, -1, 3])
def test_units_that_are_not_there_cannot_come_back(units: int) -> None:
    life = begin(price_bundle([chosen(phone(), quantity=2)], FREE, context()))

    with pytest.raises(ApiError) as refused:
        give_back(life, {("device", 1, "PHONE"): units})

    assert refused.value.code == INVALID_QUANTITY


def test_a_line_that_is_not_there_cannot_be_left() -> None:
    life = begin(price_bundle([chosen(phone())], FREE, context()))

    with pytest.raises(ApiError) as refused:
        remove(life, ("device", 2, "PHONE"))

    assert refused.value.code == UNKNOWN_LINE


def test_a_change_to_a_negative_quantity_is_refused() -> None:
    life = begin(price_bundle([chosen(phone())], FREE, context()))

    with pytest.raises(ApiError) as refused:
        change(life, [chosen(phone(), quantity=-1)], DAY)

    assert refused.value.code == INVALID_QUANTITY
