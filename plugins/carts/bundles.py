"""Bundles in a cart: added, changed and removed as one. Each is one transaction; a refusal changes nothing."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_FOUND, ApiError, raise_all
from kernel.identity import Caller
from plugins.carts import access, bundle_quotes, errors, services
from plugins.carts import lines as cart_lines
from plugins.carts.bundle_quotes import INPUT, Wish
from plugins.carts.models import Cart, CartBundle, CartLine


@transaction.atomic
def add_bundle(*, caller: Caller, cart_id: str, wish: Wish, language: str | None = None) -> Cart:
    """Put a configured bundle in the cart, at the price that it has now, kept for 24 hours.

    Errors: NOT_FOUND, CART_COMPLETED, CART_BUSY, OFFER_NOT_FOUND, INVALID_CONFIGURATION (each broken rule),
    INVALID_QUANTITY, LIMIT_EXCEEDED, INSUFFICIENT_STOCK, QUALIFICATION_EXPIRED and those of the price.
    """
    cart = _cart_to_change(caller, cart_id, language)
    bundle = CartBundle(cart=cart)
    _quote(cart, bundle, wish, kept=False)
    return cart


@transaction.atomic
def update_bundle(*, caller: Caller, cart_id: str, bundle_id: str, wish: Wish, language: str | None = None) -> Cart:
    """Another choice for a bundle of the cart. Its version of the offer stays while its quote holds.

    Errors: NOT_FOUND (`bundleId`) and those of `add_bundle`.
    """
    cart = _cart_to_change(caller, cart_id, language)
    bundle = _bundle_of(cart, bundle_id)
    _quote(cart, bundle, wish, kept=bundle.version.offer_id == wish.offer_code)
    return cart


@transaction.atomic
def remove_bundle(*, caller: Caller, cart_id: str, bundle_id: str, language: str | None = None) -> Cart:
    """Take a bundle out with all its lines. Errors: NOT_FOUND (`bundleId`), CART_COMPLETED, CART_BUSY."""
    cart = _cart_to_change(caller, cart_id, language)
    bundle = _bundle_of(cart, bundle_id)
    CartLine.objects.filter(cart=cart, bundle_id=str(bundle.pk)).delete()
    bundle.delete()
    services.rehold(cart)
    return cart


def _cart_to_change(caller: Caller, cart_id: str, language: str | None) -> Cart:
    services.lock_slots_of(cart_id)
    cart = access.cart_to_change(caller, cart_id)
    services.speak(cart, language)
    return cart


def _bundle_of(cart: Cart, bundle_id: str) -> CartBundle:
    # The cart's lock is its bundles' too.
    found = next((one for one in bundle_quotes.bundles_of(cart) if str(one.pk) == bundle_id.lower()), None)
    if found is None:
        raise ApiError(NOT_FOUND, _("There is no such bundle in this cart."), field="bundleId")
    return found


def _quote(cart: Cart, bundle: CartBundle, wish: Wish, *, kept: bool) -> None:
    who = bundle_quotes.buyer_of(cart)
    version = bundle_quotes.kept_version(bundle, who) if kept else None
    asked = bundle_quotes.ask(cart, wish, who, kept=version)
    bundle_quotes.require_valid(asked, wish)
    bundle_quotes.keep(cart, bundle, bundle_quotes.price(asked), wish, kept=version is not None)
    at_input = _located(wish)
    raise_all(at_input(sku, refusal) for sku, refusal in bundle_quotes.insufficient(cart, bundle))
    cart_lines.check_all_caps(cart, field=f"{INPUT}.selections")
    try:
        services.rehold(cart)
    except ApiError as refusal:
        raise at_input(str(refusal.params.get("sku", "")), refusal) from refusal


def _located(wish: Wish) -> Callable[[str, ApiError], ApiError]:
    def at_input(sku: str, refusal: ApiError) -> ApiError:
        index = next((number for number, one in enumerate(wish.selections) if one.sku == sku), None)
        if refusal.code == errors.INSUFFICIENT_STOCK and index is not None:
            refusal.field = f"{INPUT}.selections.{index}.quantity"
        return refusal

    return at_input
