"""What an offer does not say about its prices is taken from the catalogue: the price alone, and the tax. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kernel.money import Money
from plugins.bundles import price_document
from plugins.bundles.document import OfferDocument, Option
from plugins.bundles.structure import Product
from plugins.bundles.terms import UNTAXED, BundleTerms, OneTime, OptionTerms, Recurring, TaxRule

MONTHLY_KINDS = frozenset({"PLAN", "SERVICE"})
PRICE = "price"


@dataclass(frozen=True, slots=True)
class Listed:
    """A product as the channel sells it. `price` is None for what is only sold in a bundle."""

    product: Product
    price: Decimal | None = None
    tax_rate: Decimal = Decimal(0)


def of_option(option: Option, document: OfferDocument, listed: Mapping[str, Listed]) -> OptionTerms:
    """The terms of an option: its own, or the price that it has alone; with the category of its rate of tax."""
    terms = price_document.option_terms(option.prices, document.currency, option.sku)
    known = listed.get(option.sku, Listed(Product()))
    if known.price is not None and not any(isinstance(one, OneTime | Recurring) for one in terms.charges):
        terms = replace(terms, charges=(_price_alone(known, document.currency), *terms.charges))
    return terms if "taxes" in document.prices else replace(terms, category=category(known.tax_rate))


def _price_alone(known: Listed, currency: str) -> OneTime | Recurring:
    price = Money(known.price or Decimal(0), currency).quantized()
    if known.product.kind in MONTHLY_KINDS:
        return Recurring(code=PRICE, price=price)
    return OneTime(code=PRICE, price=price, financed=known.product.kind == "DEVICE")


def of_bundle(
    document: OfferDocument, listed: Mapping[str, Listed], *, country: str, tax_included: bool
) -> BundleTerms:
    """The terms of the whole offer; without taxes of its own those of the catalogue, in the whole country."""
    terms = price_document.bundle_terms(document.prices, document.currency)
    if "taxes" in document.prices:
        return terms
    fees = tuple(replace(fee, category=category(_rate(document.carriers.get(fee.code), listed))) for fee in terms.fees)
    rates = [_rate(sku, listed) for sku in document.all_skus]
    return replace(terms, fees=fees, taxes=tuple(_rules(rates, country, tax_included)))


def _rate(sku: str | None, listed: Mapping[str, Listed]) -> Decimal:
    return listed[sku].tax_rate if sku is not None and sku in listed else Decimal(0)


def _rules(rates: Iterable[Decimal], country: str, tax_included: bool) -> Iterable[TaxRule]:
    """One rule for each rate; that of nothing says that what has no rate is known to be free."""
    # The core knows one rate for each country, and a channel is one country.
    for rate in sorted({Decimal(0), *rates}):
        yield TaxRule(
            code="tax",
            jurisdiction=country,
            rate=rate,
            categories=frozenset({category(rate)}),
            inclusive=tax_included and rate > 0,
        )


def category(rate: Decimal) -> str:
    """The category of what is taxed at this rate."""
    return f"rate-{rate.normalize():f}" if rate else UNTAXED
