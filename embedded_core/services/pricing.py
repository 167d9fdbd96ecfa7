"""Flat-rate taxes: a rate per tax class and country, rounded half up for each line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from embedded_core.models import Channel, Checkout, CheckoutLine, Product
from embedded_core.services import promotions

# ISO 4217 currencies whose smallest unit is not a hundredth.
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3, "JOD": 3}
HUNDRED = Decimal(100)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole smallest units of the currency, halves rounded up."""
    return amount.quantize(Decimal(1).scaleb(-_EXPONENTS.get(currency, 2)), ROUND_HALF_UP)


@dataclass(frozen=True)
class Taxed:
    """An amount without tax and with it."""

    net: Decimal
    gross: Decimal
    currency: str

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net + other.net, self.gross + other.gross, self.currency)


def taxed(amount: Decimal, rate: Decimal, channel: Channel) -> Taxed:
    """The net and gross of an amount entered in this channel; `rate` is a fraction (0.0825)."""
    currency = channel.currency_code
    amount = quantize(amount, currency)
    if channel.prices_entered_with_tax:
        return Taxed(quantize(amount / (1 + rate), currency), amount, currency)
    return Taxed(amount, amount + quantize(amount * rate, currency), currency)


def tax_rate(product: Product, country: str, channel: Channel) -> Decimal:
    """The rate (a fraction) of a product's tax class in a country; nothing when the channel charges no tax."""
    if not channel.charge_taxes or product.tax_class is None:
        return Decimal(0)
    for row in product.tax_class.rates.all():
        if row.country == country:
            return row.rate / HUNDRED
    return Decimal(0)


def tax_country(checkout: Checkout) -> str:
    """The country whose taxes apply: where the goods change hands, else where the bill goes."""
    for address in (checkout.shipping_address, checkout.billing_address):
        if address and address.get("country"):
            return str(address["country"])
    return checkout.channel.default_country


@dataclass(frozen=True)
class PricedLine:
    """A checkout line with its prices: for one unit before reductions, for one unit, and for all units."""

    line: CheckoutLine
    rate: Decimal
    undiscounted_unit: Taxed
    unit: Taxed
    total: Taxed


def price_lines(checkout: Checkout, lines: Iterable[CheckoutLine]) -> list[PricedLine]:
    """The lines that have a price: by override, else by the channel's listing (`lines` with their listings).

    Promotions reduce the one as the other.
    """
    country = tax_country(checkout)
    channel = checkout.channel
    lines = list(lines)
    rules = promotions.rules_of((line.variant_id for line in lines), channel)
    priced = []
    for line in lines:
        prices = _unit_prices(line, channel)
        if prices is None:
            continue
        undiscounted, before = prices
        price = quantize(promotions.reduced(before, rules.get(line.variant_id, ())), channel.currency_code)
        rate = tax_rate(line.variant.product, country, channel)
        priced.append(
            PricedLine(
                line=line,
                rate=rate,
                undiscounted_unit=taxed(undiscounted, rate, channel),
                unit=taxed(price, rate, channel),
                total=taxed(price * line.quantity, rate, channel),
            )
        )
    return priced


def _unit_prices(line: CheckoutLine, channel: Channel) -> tuple[Decimal, Decimal] | None:
    if line.price_override is not None:
        return line.price_override, line.price_override
    for listing in line.variant.listings.all():
        if listing.channel_id == channel.pk:
            return listing.undiscounted_price or listing.price, listing.price
    return None


def total(lines: Iterable[PricedLine], currency: str) -> Taxed:
    """The sum of the lines."""
    return sum((line.total for line in lines), Taxed(Decimal(0), Decimal(0), currency))
