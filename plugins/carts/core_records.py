"""Between a cart and the core's records of it: what is sent, and what the core's answers mean for the cart."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from commerce.errors import CoreRefused
from commerce.records import CheckoutDraft, CheckoutLineDraft, CoreAddress, CoreCheckout, CoreOrder
from inventory.models import Store
from kernel.errors import ApiError
from plugins.carts import bundle_quotes, errors
from plugins.carts.models import Cart, CartBundle, CartLine
from plugins.order_guard import verdict

LINE_KEY = "suite.line"
NUMBER_KEY = "suite.number"
_NOT_SOLD = frozenset({"UNAVAILABLE_VARIANT_IN_CHANNEL", "PRODUCT_NOT_PUBLISHED", "PRODUCT_UNAVAILABLE_FOR_PURCHASE"})


def checkout_draft(cart: Cart, cart_lines: Sequence[CartLine], *, number: str, store: Store | None) -> CheckoutDraft:
    """The checkout that records this cart in the core. Prices are left to the core, so that it can contradict ours;
    those of a bundle's lines are the quote's.
    """
    bundled = any(line.bundle_id for line in cart_lines)
    bundles = {str(bundle.pk): bundle for bundle in bundle_quotes.bundles_of(cart)} if bundled else {}
    return CheckoutDraft(
        channel=cart.channel_id,
        email=cart.email,
        lines=tuple(_line(line, bundles.get(line.bundle_id)) for line in cart_lines),
        billing_address=_billing_address(cart, store),
        language="ZH_HANS" if cart.language.lower().startswith("zh") else "EN",
        metadata={NUMBER_KEY: number},
    )


def _line(line: CartLine, bundle: CartBundle | None) -> CheckoutLineDraft:
    metadata = {LINE_KEY: str(line.pk)}
    if bundle is None:
        return CheckoutLineDraft(line.variant_id, line.quantity, metadata=metadata)
    return CheckoutLineDraft(
        line.variant_id,
        line.quantity,
        price=line.unit_price,
        price_reason=f"Bundle {bundle.version.offer_id} {bundle.version.number}",
        metadata=metadata | bundle_quotes.details(bundle),
    )


def _billing_address(cart: Cart, store: Store | None) -> CoreAddress:
    names = {"first_name": cart.first_name or "-", "last_name": cart.last_name or cart.email}
    if cart.billing_address:
        given = {name: value for name, value in cart.billing_address.items() if value}
        given.pop("city_area", None)
        return CoreAddress(**{**names, **given}, skip_validation=True)
    assert store is not None
    return CoreAddress(
        **names,
        street_address_1=store.street_address,
        city=store.city,
        postal_code=store.postal_code,
        country_area=store.country_area,
        country=store.country,
        phone=cart.phone,
        skip_validation=True,
    )


def refusal(refused: CoreRefused, cart_lines: Sequence[CartLine]) -> ApiError:
    """The core's refusal in the cart's words: INSUFFICIENT_STOCK, UNKNOWN_SKU, else ORDER_REFUSED."""
    index = next((n for n, line in enumerate(cart_lines) if line.variant_id in refused.variants), None)
    name = cart_lines[index].name if index is not None else ""
    at = None if index is None else f"lines.{index}"
    if refused.code == "INSUFFICIENT_STOCK":
        return ApiError(
            errors.INSUFFICIENT_STOCK,
            _("%(name)s is no longer in stock in this quantity.") if name else _("An article is no longer in stock."),
            field=at and f"{at}.quantity",
            params={"name": name},
        )
    # The guard borrows a code of the core: nothing is wrong with the goods then.
    guarded = refused.message in (verdict.UNSEALED, verdict.BROKEN)
    if (not guarded and refused.code in _NOT_SOLD) or (refused.code == "NOT_FOUND" and at):
        message = _("%(name)s is no longer sold. Remove it from the cart.")
        if not name:
            message = _("An article in the cart is no longer sold.")
        return ApiError(errors.UNKNOWN_SKU, message, field=at and f"{at}.sku", params={"name": name})
    return ApiError(
        errors.ORDER_REFUSED,
        _("The order could not be placed. Nothing was charged. Please contact us."),
        params={"reason": f"{refused.code}: {refused.message}"},
    )


def reprice(cart: Cart, cart_lines: Sequence[CartLine], checkout: CoreCheckout) -> None:
    """Take the core's prices and taxes for the lines, to the cent; for a bundle's lines its taxes alone.

    Errors: ORDER_REFUSED when the core asks another price than the quote's for a bundle's line: a promotion there
    applies on top of it, and would again on top of any other.
    """
    by_id = {line.metadata.get(LINE_KEY, ""): line for line in checkout.lines}
    for line in cart_lines:
        found = by_id.get(str(line.pk))
        if found is None:
            continue
        unit, whole = found.unit_price, found.total
        price = unit.gross if cart.channel.prices_include_tax else unit.net
        if line.bundle_id and price != line.unit_price:
            raise ApiError(
                errors.ORDER_REFUSED,
                _("The order could not be placed. Nothing was charged. Please contact us."),
                params={"reason": f"{line.sku} in a bundle: {price} in the core, {line.unit_price} quoted"},
            )
        line.unit_price = price
        line.tax = whole.tax
        line.save(update_fields=["unit_price", "tax"])


def core_line_ids(order: CoreOrder) -> dict[str, str]:
    """The core's order line for each of our lines, by our line's id; by SKU where the core dropped the id."""
    return {line.metadata.get(LINE_KEY) or (line.sku or ""): line.id for line in order.lines}
