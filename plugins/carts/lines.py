"""The lines of a cart: what may be in it, in which quantity and at which price.

Problems are told with the field of the caller's own input, such as `lines.0.quantity`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory.models import ReservationLine
from kernel import clock
from kernel.errors import LIMIT_EXCEEDED, NOT_FOUND, ApiError, Message, raise_all
from plugins.carts import errors, pricing
from plugins.carts.models import Cart, CartLine, Line
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.selectors import SellableVariant

# A guest may hold stock without giving a name: so that nobody can empty the shelves, little of it and not for long.
GUEST_UNITS_PER_LINE: Final = 10
GUEST_UNITS_PER_CART: Final = 20
UNITS_PER_LINE: Final = 99
UNITS_PER_CART: Final = 400
LINES_PER_CART: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """A SKU and its quantity in the cart, with the number of the input that asks for it."""

    index: int
    sku: str
    quantity: int


def put(cart: Cart, wanted: Sequence[Wanted], before: Sequence[CartLine]) -> None:
    """Bring each SKU to that quantity in all, at today's price. The cart is locked by the caller; `before` are its
    lines.

    Errors: UNKNOWN_SKU, NOT_SOLD_ALONE, INVALID_QUANTITY, INSUFFICIENT_STOCK (more than all stores have),
    LIMIT_EXCEEDED; several at once when several lines are wrong. Nothing is changed then.
    """
    variants = catalogue.variants_by_skus([entry.sku for entry in wanted], cart.channel)
    raise_all(problem for entry in wanted if (problem := _problem(entry, variants.get(entry.sku), cart.language)))
    bundled = [line for line in before if line.bundle_id]
    _check_stock(cart, wanted, variants, bundled)
    existing = {line.sku: line for line in before if not line.bundle_id}
    _check_caps(cart, wanted, existing, bundled)
    position = max((line.position for line in before), default=0) + 1
    new: list[CartLine] = []
    for offset, entry in enumerate(wanted):
        line = existing.get(entry.sku) or CartLine(cart=cart, sku=entry.sku, position=position + offset)
        line.quantity = entry.quantity
        _set_price(line, variants[entry.sku], cart.language)
        if entry.sku in existing:
            line.save()
        else:
            new.append(line)
    CartLine.objects.bulk_create(new)


def last_day(of_lines: Iterable[Line], collected: date | None = None) -> date | None:
    """The first day on which all of it works or is there, the pickup's too. None where no day is known, and where a
    service at an address has none."""
    days = [line.available_from for line in of_lines if line.service_id or line.available_from]
    days += [collected] if collected else []
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


def rename(cart: Cart) -> None:
    """Call all lines as the cart's language does; what is no longer sold keeps its name."""
    cart_lines = list(cart.lines.all())
    variants = catalogue.variants_by_skus([line.sku for line in cart_lines], cart.channel)
    for line in cart_lines:
        if line.sku in variants:
            line.name = _name(variants[line.sku], cart.language)
    CartLine.objects.bulk_update(cart_lines, ["name"])


def _name(variant: SellableVariant, language: str) -> str:
    return variant.full_name_in(language)[:512]


def _set_price(line: CartLine, variant: SellableVariant, language: str) -> None:
    """Take name, price and tax from the catalogue as it is now."""
    assert variant.price is not None
    set_article(line, variant, variant.price.amount, language)


def set_article(line: CartLine, variant: SellableVariant, unit_price: Decimal, language: str) -> None:
    """Make a line one of this article at this price; tax is the catalogue's. Its quantity is set already."""
    line.variant_id, line.product_id = variant.id, variant.product_id
    line.name, line.kind = _name(variant, language), variant.kind
    line.stocked, line.serialised = variant.stocked, variant.serialised
    line.unit_price, line.tax_rate = unit_price, variant.tax_rate
    line.tax = pricing.line_tax(
        unit_price=line.unit_price,
        quantity=line.quantity,
        rate=line.tax_rate,
        prices_include_tax=variant.channel.prices_include_tax,
        currency=variant.channel.currency,
    )


def _problem(entry: Wanted, variant: SellableVariant | None, language: str) -> ApiError | None:
    if variant is None:
        return ApiError(
            errors.UNKNOWN_SKU,
            _("We do not sell an article %(sku)s."),
            field=f"lines.{entry.index}.sku",
            params={"sku": entry.sku},
        )
    if variant.price is None:
        return ApiError(
            errors.NOT_SOLD_ALONE,
            _("%(name)s is only sold together with a plan."),
            field=f"lines.{entry.index}.sku",
            params={"name": variant.full_name_in(language)},
        )
    if entry.quantity < 1:
        return invalid_quantity(entry.index)
    return None


def invalid_quantity(index: int) -> ApiError:
    """Not a whole number from 1."""
    return ApiError(errors.INVALID_QUANTITY, _("The quantity must be at least 1."), field=f"lines.{index}.quantity")


def _check_stock(
    cart: Cart, wanted: Sequence[Wanted], variants: dict[str, SellableVariant], bundled: Sequence[CartLine]
) -> None:
    stocked = [entry for entry in wanted if variants[entry.sku].stocked]
    available = available_anywhere(cart, [entry.sku for entry in stocked])
    for line in bundled:
        if line.sku in available:
            available[line.sku] -= line.quantity
    raise_all(
        insufficient(entry.index, entry.sku, _name(variants[entry.sku], cart.language), available[entry.sku])
        for entry in stocked
        if entry.quantity > available[entry.sku]
    )


def insufficient(index: int, sku: str, name: str, available: int) -> ApiError:
    """Less of it can be had than is wanted."""
    message = _("%(name)s is out of stock.") if available <= 0 else _("Only %(available)s of %(name)s can be had.")
    return ApiError(
        errors.INSUFFICIENT_STOCK,
        message,
        field=f"lines.{index}.quantity",
        params={"sku": sku, "name": name, "available": max(available, 0)},
    )


def available_anywhere(cart: Cart, skus: Iterable[str]) -> Counter[str]:
    """What all stores that the channel sells from can still promise of each SKU, with what this cart holds itself."""
    asked = list(skus)
    total: Counter[str] = Counter(held_by(cart, asked))
    if asked:
        store_ids = [store.pk for store in stock.places_of_sale() if cart.channel.sells_from(store)]
        for (sku, _store_id), quantity in stock.availability(asked, store_ids).items():
            total[sku] += quantity
    return total


def held_by(cart: Cart, skus: Iterable[str]) -> dict[str, int]:
    """What the cart's own live hold keeps of each SKU."""
    if cart.first_held_at is None:
        return {}
    reservations = [
        delivery.reservation_id
        for delivery in cart.deliveries.filter(reserved_until__gt=clock.now())
        if delivery.reservation_id
    ]
    rows = ReservationLine.objects.filter(
        reservation_id__in=reservations, reservation__state="HELD", item_id__in=list(skus)
    )
    return {row.item_id: row.quantity for row in rows}


def _check_caps(
    cart: Cart, wanted: Sequence[Wanted], existing: dict[str, CartLine], bundled: Sequence[CartLine]
) -> None:
    per_line, per_cart = caps(cart)
    for entry in wanted:
        if entry.quantity > per_line:
            raise _limit(_("At most %(limit)s of one article."), per_line, f"lines.{entry.index}.quantity")
    after = {line.sku: line.quantity for line in existing.values()}
    after |= {entry.sku: entry.quantity for entry in wanted}
    if sum(after.values()) + sum(line.quantity for line in bundled if line.stocked) > per_cart:
        raise _limit(_("At most %(limit)s articles in one order."), per_cart, "lines")
    if len(after) + len(bundled) > LINES_PER_CART:
        raise _limit(_("At most %(limit)s different articles in one order."), LINES_PER_CART, "lines")


def check_all_caps(cart: Cart, *, field: str) -> None:
    """The same of the cart as it has become by a bundle: of that only goods count. Errors: LIMIT_EXCEEDED."""
    per_line, per_cart = caps(cart)
    found = list(cart.lines.all())
    goods: Counter[str] = Counter()
    for line in found:
        if line.stocked or not line.bundle_id:
            goods[line.sku] += line.quantity
    if any(quantity > per_line for quantity in goods.values()):
        raise _limit(_("At most %(limit)s of one article."), per_line, field)
    if goods.total() > per_cart:
        raise _limit(_("At most %(limit)s articles in one order."), per_cart, field)
    if len(found) > LINES_PER_CART:
        raise _limit(_("At most %(limit)s different articles in one order."), LINES_PER_CART, field)


def caps(cart: Cart) -> tuple[int, int]:
    """The most units in a line and in the cart."""
    if cart.shopper_id or cart.sales_channel in ("POS", "CALL_CENTER"):
        return UNITS_PER_LINE, UNITS_PER_CART
    return GUEST_UNITS_PER_LINE, GUEST_UNITS_PER_CART


def _limit(message: Message, limit: int, field: str) -> ApiError:
    return ApiError(LIMIT_EXCEEDED, message, field=field, params={"limit": limit})


def line_of(cart_lines: Iterable[CartLine], line_id: str, *, field: str) -> CartLine:
    """One of a cart's lines by its id. Errors: NOT_FOUND."""
    for line in cart_lines:
        if str(line.pk) == line_id.lower():
            return line
    raise ApiError(NOT_FOUND, _("There is no such line in this cart."), field=field)


def totals_of(lines: Iterable[CartLine], cart: Cart) -> pricing.Totals:
    """What these lines cost together."""
    return pricing.totals(
        [(line.total, line.tax) for line in lines],
        prices_include_tax=cart.channel.prices_include_tax,
        currency=cart.currency,
    )


def monthly_of(lines: Iterable[CartLine]) -> Decimal:
    """What these cost every month; the first month of a plan outside a bundle is part of what is due today."""
    return sum((line.monthly for line in lines), Decimal(0))
