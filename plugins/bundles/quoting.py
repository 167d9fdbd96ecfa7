"""The price of a judged choice, and how what is paid today stands in the core: line by line, to the cent. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from kernel.money import Money, round_half_up, tax_on
from plugins.bundles.compiled import Asking, Compiled, Judged, Line
from plugins.bundles.conditions import PriceContext
from plugins.bundles.errors import INVALID_PRICE
from plugins.bundles.price_lines import FEES, BundlePrice, PriceLine, Rule
from plugins.bundles.pricing import price_bundle
from plugins.bundles.rounding import as_money
from plugins.bundles.terms import Chosen

# Characteristics that bear on the price; the document says which options ask for them.
PAYMENT: Final = "payment"
IN_FULL: Final = "FULL"
TRADE_IN: Final = "tradeIn"

# Carriers of what is paid today for no product, beside the codes of fees.
DEPOSIT: Final = "DEPOSIT"
TAX: Final = "TAX"


def price(offer: Compiled, judged: Judged, asking: Asking, term: int) -> BundlePrice:
    """What the choice costs. Errors: those of `pricing.price_bundle`; their fields are those of the input."""
    context = PriceContext(
        currency=offer.document.currency,
        date=asking.buyer.day,
        jurisdiction=f"{asking.country}-{asking.buyer.region}" if asking.buyer.region else asking.country,
        term=term,
        channel=asking.buyer.sales_channel,
        segment=asking.buyer.segment,
        credit_class=asking.buyer.credit_class,
    )
    chosen = [_chosen(offer, line, asking) for line in judged.lines]
    try:
        return price_bundle(chosen, offer.bundle, context)
    except ApiError as refusal:
        refusal.field = f"input.{refusal.field}" if refusal.field else None
        raise


def _chosen(offer: Compiled, line: Line, asking: Asking) -> Chosen:
    code, _colon, grade = line.values.get(TRADE_IN, "").partition(":")
    return Chosen(
        sku=line.sku,
        name=asking.name(line.sku),
        group=line.group,
        instance=line.instance,
        quantity=line.quantity,
        terms=offer.terms[line.option],
        pay_in_full=line.values.get(PAYMENT) == IN_FULL,
        trade_in=(code, grade) if grade else None,
    )


def empty_price(offer: Compiled, asking: Asking, term: int) -> BundlePrice:
    """Nothing: the price of a choice that has none, because it is invalid."""
    return price(offer, Judged((), ()), asking, term)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the core: `unit_price` in the channel's own terms, with or without tax; `monthly` and the day for the
    cart. What carries a fee, a deposit or a tax has no group."""

    sku: str
    quantity: int
    unit_price: Decimal
    monthly: Decimal = Decimal(0)
    group: str = ""
    instance: int = 1


def pieces(offer: Compiled, found: BundlePrice) -> list[Piece]:
    """The lines that are what is paid today: their totals with the core's tax sum to `due_today`.

    Errors: INVALID_PRICE where the core's own taxes on them cannot be made those of the offer. Raises LookupError with
    the code of what no SKU carries; `validation` refuses such offers.
    """
    made: list[Piece] = []
    for line in found.lines:
        made += _of_line(offer, line, found)
    return [*made, *_tax_at_sale(offer, found, made)]


def _of_line(offer: Compiled, line: PriceLine, found: BundlePrice) -> Iterator[Piece]:
    monthly = found.recurring(line).amount
    instalment = found.instalment(line)
    monthly += instalment.amount if instalment else Decimal(0)
    net = line.today - line.of_today(Rule.TAX, Rule.DEPOSIT)
    sku, group = (offer.document.carriers[line.sku], "") if line.group == FEES else (line.sku, line.group)
    rate = Decimal(0) if offer.tax_included else offer.listed[sku].tax_rate
    for number, (count, units) in enumerate(_parts(net, line.quantity, rate, line.currency)):
        yield Piece(
            sku=sku,
            quantity=count,
            unit_price=as_money(units, line.currency).amount,
            monthly=Decimal(0) if number else monthly,
            group=group,
            instance=line.instance,
        )
    if line.of_today(Rule.DEPOSIT):
        yield Piece(offer.document.carriers[DEPOSIT], 1, line.deposit.amount, instance=line.instance)


def _parts(units: int, count: int, rate: Decimal, currency: str) -> list[tuple[int, int]]:
    """Units of a line with the price of each: they sum to the whole, and so does the tax that the core rounds for each.

    What does not go up evenly lies in one unit; the others are a coin or more cheaper until the tax fits. It always
    does: at the latest when they are free.
    """
    each, rest = divmod(units, count)
    if not rest:
        return [(count, each)]
    whole = _tax(units, rate, currency)
    evenly = [(rest, each + 1), (count - rest, each)]
    unevenly = ([(1, units - (count - 1) * less), (count - 1, less)] for less in range(each, -1, -1))
    return next(
        parts
        for parts in (evenly, *unevenly)
        if sum((_tax(number * price, rate, currency) for number, price in parts), Decimal(0)) == whole
    )


def _tax(units: int, rate: Decimal, currency: str) -> Decimal:
    return tax_on(as_money(units, currency).amount, rate, currency)


def _tax_at_sale(offer: Compiled, found: BundlePrice, made: list[Piece]) -> Iterator[Piece]:
    """Tax that the core does not compute by itself, such as that on the whole price of a device in instalments."""
    due = found.due_today.amount - total(offer, made).amount
    if due < 0 or (due and TAX not in offer.document.carriers):
        message = _("The taxes of this offer do not agree with those of the shop. Please contact us.")
        raise ApiError(INVALID_PRICE, message, field="input.offerCode")
    if due:
        yield Piece(offer.document.carriers[TAX], 1, due)


def total(offer: Compiled, made: list[Piece]) -> Money:
    """What the core will ask for these lines."""
    currency = offer.document.currency
    amount = round_half_up(Decimal(0), currency)
    for piece in made:
        whole = piece.unit_price * piece.quantity
        amount += whole
        if not offer.tax_included:
            amount += tax_on(whole, offer.listed[piece.sku].tax_rate, currency)
    return Money(amount, currency)
