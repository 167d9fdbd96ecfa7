"""Prices worked out by hand for offers as operators sell them."""

import datetime as dt
from decimal import Decimal

from kernel.money import Money
from plugins.bundles.changes import begin, bill, remove
from plugins.bundles.price_lines import Rule
from plugins.bundles.pricing import price_bundle
from plugins.bundles.terms import (
    DEVICE,
    SERVICE,
    UNTAXED,
    Allowance,
    BundleTerms,
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
    OptionTerms,
    Penalty,
    Recurring,
    TradeInTerms,
)
from tests.bundles.price_examples import FAMILY, FREE, TAXES, chosen, cny, context, phone, plan, usd


def test_a_device_in_36_instalments_with_credits_on_the_bill_in_california() -> None:
    credit = Credit(code="promo", total=usd("800.00"), months=36)
    bundle = [chosen(phone(credits=(credit,))), chosen(plan(), sku="PLAN", group="plan")]

    price = price_bundle(bundle, FREE, context(jurisdiction="US-CA-LA"))

    # 829.99 x 7.25 % = 60.17 and x 2.25 % = 18.67, on the full price, at the sale.
    assert price.due_today == usd("78.84")
    device, service = price.lines
    assert device.explanation()[0].amount == usd("829.99")
    # 82,999 cents in 36: 19 of 23.06, 17 of 23.05; 80,000 of credit: 8 of 22.23, 28 of 22.22; tax 5.85 on the plan.
    assert device.months == (83,) * 8 + (84,) * 11 + (83,) * 17
    assert service.months == (7085,) * 36
    assert price.monthly == usd("71.68")
    assert price.typical_month == 1
    assert price.instalment(device) == usd("23.06")
    assert price.recurring(device) == usd("-22.23")
    assert price.recurring(service) == usd("70.85")
    # 78.84 + 829.99 - 800 + 36 x 70.85
    assert price.total_over_term == usd("2659.43")
    # Leaving means to pay the rest of the instalments, without the credits that would have come.
    assert price.exit_costs[0] == usd("829.99")
    assert price.exit_costs[18] == usd("829.99") - usd("23.06") * 18
    assert price.exit_costs[36] == usd("0.00")
    assert price.exit_table[18].parts == ((Rule.INSTALMENT, usd("414.91")),)
    assert price.exit_table[18].lost == usd("800.00") - usd("22.23") * 8 - usd("22.22") * 10


def test_tax_by_instalment_comes_with_each_and_with_the_rest_on_leaving() -> None:
    price = price_bundle([chosen(phone("720.00"))], FREE, context(jurisdiction="US-NV"))

    assert price.due_today == usd("0.00")
    assert price.months == [usd("21.60")] * 36
    assert price.exit_costs[0] == usd("777.60")
    assert price.exit_costs[35] == usd("21.60")


def test_a_discount_given_at_the_sale_is_earned_month_by_month() -> None:
    # The operator's own example: a 1,200 telephone, 800 off for the plan, 400 in 36: after 18 months 600 are due.
    credit = Credit(code="plan", total=usd("800.00"), months=36, given=Given.AT_SALE)

    price = price_bundle([chosen(phone("1200.00", credits=(credit,)))], FREE, context())

    assert price.due_today == usd("0.00")
    assert price.exit_costs[0] == usd("1200.00")
    # Six cents less than 600.00: the first instalments and the first months of credit hold a cent more.
    assert price.exit_table[18].parts == ((Rule.INSTALMENT, usd("199.98")), (Rule.CREDIT_REPAID, usd("399.96")))
    assert price.exit_costs[36] == usd("0.00")


def test_a_chinese_contract_phone_with_prepaid_calls_and_tax_contained() -> None:
    # 3,000 prepaid come back as 125 a month for 24 months; the telephone costs 999; the plan 128 a month.
    device = OptionTerms(
        charges=(
            OneTime(code="device", price=cny("999.00")),
            OneTime(code="prepaid", price=cny("3000.00"), category=UNTAXED),
        ),
        credits=(Credit(code="prepaid", total=cny("3000.00"), months=24),),
        category=DEVICE,
    )
    service = OptionTerms(
        charges=(
            Recurring(code="plan", price=cny("128.00")),
            Penalty(code="rest", months=24, share=Decimal("0.3")),
            Allowance(code="data", unit="GB", quantity=Decimal(30)),
        ),
        category=SERVICE,
    )

    price = price_bundle(
        [chosen(device), chosen(service, sku="PLAN", group="plan")],
        BundleTerms(taxes=TAXES),
        context(currency="CNY", jurisdiction="CN-GD", term=24),
    )

    assert price.due_today == cny("3999.00")
    assert price.months == [cny("3.00")] * 24
    assert price.total_over_term == cny("4071.00")
    # 999 / 1.13 leaves 114.93 of tax; 128 / 1.06 leaves 7.25 a month.
    assert price.lines[0].tax_today == cny("114.93")
    contained = next(step for step in price.lines[1].steps if step.rule is Rule.TAX_CONTAINED)
    assert contained.contained == (0, *[725] * 24)
    # After 10 months 14 x 128 x 30 % are owed, and 14 x 125 of prepaid calls are gone.
    assert price.exit_table[10].total == cny("537.60")
    assert price.exit_table[10].lost == cny("1750.00")
    assert [each.amount for each in price.lines[1].explanation() if each.rule is Rule.ALLOWANCE] == [cny("0.00")]


def test_a_family_plan_of_four_lines_has_a_price_for_each() -> None:
    service = OptionTerms(charges=(Recurring(code="line", price=FAMILY),))
    lines = [chosen(service, sku="UNLIMITED", group="line", instance=number) for number in (3, 1, 4, 2)]

    price = price_bundle(lines, FREE, context(term=0))

    assert [(line.instance, price.recurring(line)) for line in price.lines] == [
        (1, usd("65.00")),
        (2, usd("55.00")),
        (3, usd("20.00")),
        (4, usd("20.00")),
    ]
    assert price.monthly == usd("160.00")
    assert price.total_over_term == usd("0.00")
    assert [(each.rule, each.amount, each.facts) for each in price.lines[2].explanation()] == [
        (Rule.RECURRING, usd("65.00"), ()),
        (Rule.LADDER, usd("-45.00"), (("line", 3),)),
    ]


def test_on_a_ladder_of_volume_each_line_costs_what_their_number_tells() -> None:
    ladder = Ladder("volume", (usd("90.00"), usd("75.00"), usd("60.00")), volume=True)
    service = OptionTerms(charges=(Recurring(code="line", price=ladder),))

    price = price_bundle(
        [chosen(service, sku="A", group="line", quantity=2), chosen(service, sku="B", group="line", instance=2)],
        FREE,
        context(term=0),
    )

    assert [price.recurring(line) for line in price.lines] == [usd("120.00"), usd("60.00")]


def test_a_trade_in_lowers_the_price_and_its_promotion_comes_over_24_months() -> None:
    trade = TradeInTerms(
        code="old",
        values=(("good", usd("150.00")), ("cracked", usd("30.00"))),
        promotions=(("good", usd("600.00")),),
        promotion_months=24,
    )
    device = phone("799.00", trade_ins=(trade,), instalments=(InstalmentTerms(months=24),))
    offer = [chosen(plan("60.00"), sku="PLAN", group="plan")]

    good = price_bundle([chosen(device, trade_in=("old", "good")), *offer], FREE, context(term=24))
    cracked = price_bundle([chosen(device, trade_in=("old", "cracked")), *offer], FREE, context(term=24))

    # 649.00 in 24: 27.05 four times, 27.04 twenty times; 25.00 of credit.
    assert good.months == [usd("62.05")] * 4 + [usd("62.04")] * 20
    assert good.due_today == usd("0.00")
    assert good.total_over_term == usd("1489.00")  # 649 + 24 x 60 - 600
    assert good.exit_costs[12] == usd("324.48")
    assert good.exit_table[12].lost == usd("300.00")
    assert cracked.total_over_term == usd("2209.00")


def test_an_old_device_worth_more_than_the_new_one_is_paid_out_for_the_rest() -> None:
    trade = TradeInTerms(code="old", values=(("mint", usd("900.00")),))

    price = price_bundle([chosen(phone("799.00", trade_ins=(trade,)), trade_in=("old", "mint"))], FREE, context())

    assert (price.due_today, price.paid_out) == (usd("0.00"), usd("101.00"))
    assert price.total_over_term == usd("-101.00")


def test_a_state_may_tax_less_for_an_old_device() -> None:
    trade = TradeInTerms(code="old", values=(("good", usd("100.00")),))
    bundle = [chosen(phone("500.00", trade_ins=(trade,)), trade_in=("old", "good"), pay_in_full=True)]

    assert price_bundle(bundle, FREE, context(jurisdiction="US-NV")).due_today == usd("432.00")
    assert price_bundle(bundle, FREE, context(jurisdiction="US-CA")).due_today == usd("436.25")


def test_deposit_fees_and_a_bundle_discount_are_allocated_to_the_cent() -> None:
    case = OptionTerms(charges=(OneTime(code="price", price=usd("29.99")),), category=DEVICE)
    internet = OptionTerms(
        charges=(Recurring(code="line", price=usd("50.00")), Deposit(code="router", amount=usd("40.00")))
    )
    terms = BundleTerms(
        discounts=(
            Discount(code="set", on=On.TODAY, amount=usd("10.00"), groups=frozenset({"extras"}), minimum_units=3),
            Discount(code="both", on=On.MONTHLY, share=Decimal("0.1"), months=12),
        ),
        fees=(
            Fee(code="activation", on=On.TODAY, amount=usd("35.00"), per_unit=True, groups=frozenset({"plan"})),
            Fee(code="recovery", on=On.MONTHLY, share=Decimal("0.02")),
        ),
        taxes=TAXES,
    )

    price = price_bundle(
        [
            chosen(case, sku="CASE", group="extras", quantity=2),
            chosen(case, sku="FILM", group="extras"),
            chosen(plan("33.33"), sku="PLAN", group="plan"),
            chosen(internet, sku="NET", group="home"),
        ],
        terms,
        context(term=24),
    )

    # 10.00 over 59.98 and 29.99: 6.67 and 3.33. 8.33 over 33.33 and 50.00: 3.33 and 5.00.
    assert [line.one_time for line in price.lines] == [
        usd("53.31"),
        usd("26.66"),
        usd("0.00"),
        usd("0.00"),
        usd("35.00"),
        usd("0.00"),
    ]
    assert price.lines[0].unit_prices() == [usd("26.66"), usd("26.65")]
    assert price.lines[2].months == (3000,) * 12 + (3333,) * 12
    assert price.lines[3].months == (4500,) * 12 + (5000,) * 12
    assert price.lines[5].months == (150,) * 12 + (167,) * 12
    assert price.deposits == usd("40.00")
    assert price.due_today == usd("154.97")
    assert price.exit_costs == [usd("-40.00")] * 25


def test_a_first_bill_by_the_day_in_advance() -> None:
    bundle = [chosen(phone("720.00")), chosen(plan("60.00"), sku="PLAN", group="plan")]

    price = price_bundle(bundle, FREE, context(date=dt.date(2027, 4, 21), cycle_day=1))

    bill = price.first_bill
    assert (bill.date, bill.days, bill.of_days) == (dt.date(2027, 5, 1), 10, 30)
    assert bill.total == usd("100.00")  # 20.00 for ten days, 60.00 for May, 20.00 of instalment
    assert [amount for _key, amount in bill.lines] == [usd("20.00"), usd("80.00")]
    assert Money.total(price.bills, "USD") == Money.total(price.months, "USD")


def test_a_deposit_that_comes_back_early_is_not_in_the_way_of_leaving_later() -> None:
    service = plan(
        charges=(Recurring(code="plan", price=usd("30.00")), Deposit(code="d", amount=usd("50.00"), returned_after=6))
    )

    price = price_bundle([chosen(service)], FREE, context(term=12))

    assert price.exit_costs == [usd("-50.00")] * 6 + [usd("0.00")] * 7
    assert price.total_over_term == usd("360.00")


def test_what_becomes_of_a_credit_on_leaving_is_the_offers_choice() -> None:
    def costs(given: Given, on_leave: OnLeave) -> list[Money]:
        credit = Credit(code="c", total=usd("30.00"), months=3, given=given, on_leave=on_leave)
        one_time = OneTime(code="box", price=usd("100.00"))
        service = OptionTerms(charges=(one_time, Recurring(code="p", price=usd("20.00"))), credits=(credit,))
        return price_bundle([chosen(service)], FREE, context(term=3)).exit_costs

    assert costs(Given.MONTHLY, OnLeave.FORFEITED) == [usd("0.00")] * 4
    assert costs(Given.MONTHLY, OnLeave.KEPT) == [usd("-30.00"), usd("-20.00"), usd("-10.00"), usd("0.00")]
    assert costs(Given.MONTHLY, OnLeave.REPAID) == [usd("0.00"), usd("10.00"), usd("20.00"), usd("0.00")]
    assert costs(Given.AT_SALE, OnLeave.KEPT) == [usd("0.00")] * 4
    assert costs(Given.AT_SALE, OnLeave.FORFEITED) == [usd("30.00"), usd("20.00"), usd("10.00"), usd("0.00")]
    assert costs(Given.AT_SALE, OnLeave.REPAID) == [usd("30.00")] * 3 + [usd("0.00")]


def test_interest_and_a_share_paid_down() -> None:
    device = phone(
        "1000.00", instalments=(InstalmentTerms(months=12, annual_rate=Decimal("0.12"), down_share=Decimal("0.3")),)
    )

    price = price_bundle([chosen(device)], FREE, context(term=12))

    assert price.due_today == usd("300.00")
    assert price.months[0] == usd("62.19")
    assert price.months == [usd("62.19")] * 11 + [usd("62.25")]
    assert price.total_over_term == usd("1046.34")
    assert price.exit_costs[0] == usd("700.00")  # interest is owed as it falls due, not before


def test_yen_have_no_cents() -> None:
    device = OptionTerms(
        charges=(OneTime(code="device", price=Money(Decimal(100001), "JPY"), financed=True),),
        instalments=(InstalmentTerms(months=24),),
        category=DEVICE,
    )
    price = price_bundle([chosen(device)], FREE, context(currency="JPY", term=24))

    assert price.months == [Money(Decimal(4167), "JPY")] * 17 + [Money(Decimal(4166), "JPY")] * 7


def test_the_example_of_the_documentation() -> None:
    credit = Credit(code="promo", total=usd("400.00"), months=24)
    instalments = InstalmentTerms(months=24, down_payment=usd("49.99"))
    service = OptionTerms(
        charges=(
            Recurring(code="line", price=FAMILY),
            Penalty(code="leave", months=24, amount=usd("240.00"), declining=True),
            Deposit(code="deposit", amount=usd("100.00")),
        )
    )
    bundle = [chosen(phone(credits=(credit,), instalments=(instalments,)))]
    bundle += [chosen(service, sku="UNLIMITED", group="line", instance=number) for number in (1, 2)]

    price = price_bundle(bundle, FREE, context(jurisdiction="US-CA-LA", term=24, date=dt.date(2027, 4, 21)))

    assert [line.due_today for line in price.lines] == [usd("128.83"), usd("100.00"), usd("100.00")]
    assert (price.due_today, price.deposits) == (usd("328.83"), usd("200.00"))
    assert [price.recurring(line) for line in price.lines] == [usd("-16.67"), usd("70.85"), usd("59.95")]
    assert (price.monthly, price.total_over_term) == (usd("146.63"), usd("3648.03"))
    assert [amount for _key, amount in price.first_bill.lines] == [usd("15.83"), usd("94.47"), usd("79.93")]
    assert [price.exit_costs[month] for month in (0, 12, 24)] == [usd("1103.20"), usd("451.60"), usd("-200.00")]
    assert price.exit_table[12].lost == usd("199.96")
    life = begin(price)
    for _ in range(12):
        life = bill(life)
    life = remove(life, ("line", 2, "UNLIMITED"))
    assert (life.to_pay, bill(life).to_pay) == (usd("30.80"), usd("86.68"))
