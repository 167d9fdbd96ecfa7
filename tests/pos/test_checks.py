"""What makes an entry malformed, and what a person should look at: pure."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.devices import check_moment
from kernel.errors import INVALID, NOT_AVAILABLE, REQUIRED, ApiError, Errors
from plugins.pos import errors
from plugins.pos.checks import (
    Listed,
    SaleDraft,
    TenderDraft,
    check_sale,
    clock_exceptions,
    price_exceptions,
)
from tests.pos.sales import codes, line, sale

NOON = dt.datetime(2026, 3, 2, 18, tzinfo=dt.UTC)
AMOUNT = st.decimals("0", "2000", places=2)


class Shift:
    client_id = uuid.uuid4()


def told(*lines, **values) -> SaleDraft:
    return sale(*lines, shift=Shift, **({"occurred_at": NOON} | values))


def problems(draft, **options) -> list[tuple[str, str | None]]:
    try:
        check_sale(draft, **({"currency": "USD", "prices_include_tax": False} | options))
    except ApiError as refusal:
        return [(refusal.code, refusal.field)]
    except Errors as refusals:
        return [(error.code, error.field) for error in refusals.errors]
    return []


CASE = line("CASE")
PAID = Decimal("21.64")


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (told(CASE), []),
        (told(line("PHONE", 2, discount="100"), CASE, line("PLAN")), []),
        (told(CASE, tenders=(TenderDraft("CASH", Decimal("1.64")), TenderDraft("CARD", Decimal(20), "slip"))), []),
        (told(line("CASE", price="0")), []),
        (told(CASE, currency="EUR"), [(errors.WRONG_CURRENCY, "currency")]),
        (told(), [(REQUIRED, "lines")]),
        (told(CASE, order_id="o-1"), [(INVALID, "lines")]),
        (told(order_id="o\0"), [(INVALID, "orderId")]),
        (told(line("CASE", -1)), [(NOT_AVAILABLE, "lines.0.originalLineId")]),
        (told(line("CASE", -1, original_line_id="1"), CASE), [(INVALID, "lines.1.quantity")]),
        (told(replace(CASE, original_line_id="1")), [(INVALID, "lines.0.quantity")]),
        (told(CASE, replace(CASE, quantity=0, unit_price=Decimal(0), tax=Decimal(0))),
         [(errors.INVALID_QUANTITY, "lines.1.quantity")]),
        (told(replace(CASE, quantity=10_001)), [(errors.INVALID_QUANTITY, "lines.0.quantity")]),
        (told(replace(CASE, discount=Decimal(20))), [(errors.INVALID_AMOUNT, "lines.0.discount")]),
        (told(replace(CASE, sku=" ")), [(REQUIRED, "lines.0.sku")]),
        (told(replace(CASE, serials=("1\0",))), [(INVALID, "lines.0.serials.0")]),
        (told(replace(CASE, price_reason="x" * 201)), [(INVALID, "lines.0.priceReason")]),
        (told(CASE, total=Decimal("21.641")), [(errors.INVALID_AMOUNT, "total")]),
        (told(CASE, total=Decimal("21.65")), [(errors.TOTAL_MISMATCH, "total"), (errors.TENDER_MISMATCH, "tenders")]),
        (told(CASE, tax_total=Decimal(0)), [(errors.TOTAL_MISMATCH, "taxTotal")]),
        (told(CASE, tenders=()), [(errors.TENDER_MISMATCH, "tenders")]),
        (told(CASE, tenders=(TenderDraft("CARD", PAID),)), [(REQUIRED, "tenders.0.reference")]),
        (told(CASE, tenders=(TenderDraft("GIFT_CARD", PAID, "1"),)), [(NOT_AVAILABLE, "tenders.0.method")]),
        (told(CASE, tenders=(TenderDraft("CASH", PAID), TenderDraft("CASH", Decimal(0)))),
         [(errors.INVALID_AMOUNT, "tenders.1.amount")]),
        (told(*[CASE] * 201), [(INVALID, "lines")]),
        (told(CASE, tenders=(TenderDraft("CASH", Decimal("2.00")),) * 11), [(INVALID, "tenders")]),
    ],
)  # fmt: skip
def test_what_is_malformed(draft, found):
    assert sorted(problems(draft)) == sorted(found)


def test_prices_that_include_tax_add_none():
    draft = told(
        replace(CASE, tax=Decimal("1.52")), total=Decimal("19.99"), tenders=(TenderDraft("CASH", Decimal("19.99")),)
    )

    assert problems(draft, prices_include_tax=True) == []
    assert problems(draft)[0][0] == errors.TOTAL_MISMATCH


@given(
    lines=st.lists(
        st.tuples(AMOUNT, st.integers(1, 20), st.sampled_from(["PHONE", "CASE", "PLAN"])), min_size=1, max_size=9
    ),
    off=st.decimals("0.01", "9", places=2),
)
def test_a_sale_that_sums_up_is_well_formed_and_one_cent_more_is_not(lines, off):
    draft = told(*(line(sku, quantity, price=str(price)) for price, quantity, sku in lines))

    assert problems(draft) == []
    assert errors.TOTAL_MISMATCH in dict(problems(replace(draft, total=draft.total + off)))


def test_the_digest_is_the_sales_and_not_how_it_was_sent():
    draft = told(CASE)

    assert draft.digest == replace(draft, offline=True, total=draft.total * Decimal("1.00")).digest
    assert draft.digest == replace(draft, occurred_at=NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))).digest
    assert draft.digest != replace(draft, total=draft.total + 1).digest
    assert draft.digest != replace(draft, lines=(CASE, CASE)).digest


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_a_moment_far_away_is_malformed(year):
    with pytest.raises(ApiError):
        check_moment(dt.datetime(year, 1, 1, tzinfo=dt.UTC), field="occurredAt")


@pytest.mark.parametrize(
    ("minutes", "skewed"), [(0, False), (4, False), (6, True), (-60, False), (-64, False), (-66, True)]
)
def test_a_clock_ahead_or_before_its_shift_is_noticed(minutes, skewed):
    found = clock_exceptions(
        NOON + dt.timedelta(minutes=minutes), now=NOON, shift_opened_at=NOON - dt.timedelta(hours=1)
    )

    assert codes(found) == ([errors.CLOCK_SKEW] if skewed else [])


LISTED = {"CASE": Listed(Decimal("19.99"), Decimal("0.0825")), "PHONE": Listed(None, Decimal("0.0825"))}


@pytest.mark.parametrize(
    ("entry", "manager", "found"),
    [
        (line("CASE", 3), False, []),
        (line("CASE", price="18.00"), False, [errors.PRICE_DIFFERS]),
        (line("CASE", discount="1.00"), False, [errors.PRICE_DIFFERS]),
        (line("CASE", price="20.99", discount="1.00"), False, []),
        (line("CASE", price="18.00", price_reason="scratched"), False, [errors.PRICE_DIFFERS]),
        (line("CASE", price="18.00", price_reason="scratched"), True, []),
        (line("CASE", price="18.00"), True, [errors.PRICE_DIFFERS]),
        (line("CASE", tax=Decimal("1.66")), False, []),
        (line("CASE", tax=Decimal("1.67")), False, [errors.TAX_DIFFERS]),
        (line("CASE", tax=Decimal("0.00")), True, [errors.TAX_DIFFERS]),
        (line("PHONE"), False, [errors.NOT_SOLD]),
    ],
)
def test_another_price_than_the_catalogues_is_noticed(entry, manager, found):
    noticed = price_exceptions([entry], LISTED, currency="USD", prices_include_tax=False, may_override=manager)

    assert codes(noticed) == found
    assert all("%(" not in error.message for error in noticed)
