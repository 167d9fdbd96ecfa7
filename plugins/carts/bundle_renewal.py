"""Bundles right before their order: the address is asked again, and what has run out is quoted anew.

What differs is kept in the cart first and then told: who completes the cart again has accepted it.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, NOT_FOUND, ApiError, raise_all
from kernel.locks import lock_rows
from plugins.bundles.eligibility import Buyer
from plugins.bundles.errors import INVALID_CONFIGURATION, OFFER_NOT_FOUND
from plugins.carts import at_address, bundle_quotes, errors
from plugins.carts.models import Cart, CartBundle
from plugins.serviceability import services as serviceability


def renew(cart_id: str) -> None:
    """See that every bundle of an open cart can be ordered as it was shown.

    A day that the customer agreed with beforehand (`at_address.accept`) is not told again. Errors, with what is new
    kept in the cart: PRICE_CHANGED, DATE_CHANGED. With nothing changed: NOT_AVAILABLE (the offer is no longer sold),
    INVALID_CONFIGURATION (it does not allow the choice any more), SERVICE_NOT_AVAILABLE (the address does not).
    """
    if not CartBundle.objects.filter(cart=cart_id).exists():
        return
    told: list[ApiError] = []
    with transaction.atomic():
        (cart,) = lock_rows(Cart.objects.filter(pk=cart_id))
        if cart.state != Cart.State.OPEN:
            return
        who = bundle_quotes.buyer_of(cart)
        for bundle in bundle_quotes.bundles_of(cart):
            told += _renewed(cart, bundle, who)
    raise_all(told)


def _renewed(cart: Cart, bundle: CartBundle, who: Buyer) -> list[ApiError]:
    if bundle.qualification_id:
        _ask_address_again(cart, bundle)
    before = at_address.agreed_day(list(cart.lines.filter(bundle_id=str(bundle.pk))))
    try:
        if bundle_quotes.holds(bundle, who):
            _renew_dates(cart, bundle, who)
            found = []
        else:
            found = _renew_price(cart, bundle, who)
    except ApiError as refusal:
        # As Cart.problems calls it, whoever finds it first.
        if refusal.code != errors.SERVICE_NOT_AVAILABLE:
            raise
        raise _refused(cart, bundle, refusal.message, code=refusal.code) from refusal
    after = bundle.promise_date
    if after is not None and (before is None or after > max(before, who.day)):
        found.append(_date_changed(cart, bundle, after))
    return found


def _ask_address_again(cart: Cart, bundle: CartBundle) -> None:
    try:
        serviceability.ask_again(qualification_id=bundle.qualification_id)
    except ApiError as refusal:
        if refusal.code != NOT_FOUND:
            raise
        raise _refused(cart, bundle, str(_("Check the address where it is to work."))) from refusal


def _renew_dates(cart: Cart, bundle: CartBundle, who: Buyer) -> None:
    """The days as of now; price and version stay, whatever the offer says today."""
    wish = bundle_quotes.wish_of(bundle)
    asked = bundle_quotes.ask(cart, wish, who, kept=bundle.version)
    for part in asked.judged.lines:
        if part.available_from is None and bundle_quotes.needs_address(asked, part):
            message = _("%(name)s cannot be had at this address any more.")
            raise ApiError(errors.SERVICE_NOT_AVAILABLE, message, params={"name": asked.asking.name(part.sku)})
    bundle_quotes.date(cart, bundle, asked)


def _renew_price(cart: Cart, bundle: CartBundle, who: Buyer) -> list[ApiError]:
    wish = bundle_quotes.wish_of(bundle)
    before = (bundle.due_today, bundle.monthly_price, bundle.total_over_term)
    try:
        asked = bundle_quotes.ask(cart, wish, who)
        if asked.judged.violations:
            raise _refused(cart, bundle, bundle_quotes.said(asked.judged.violations[0]))
        bundle_quotes.keep(cart, bundle, bundle_quotes.price(asked), wish, kept=False)
    except ApiError as refusal:
        if refusal.code != OFFER_NOT_FOUND:
            raise
        message = _("“%(bundle)s” is no longer sold. Remove it from the cart.")
        raise ApiError(
            NOT_AVAILABLE, message, field="cartId", params={"bundle": bundle.name_in(cart.language)}
        ) from refusal
    if (bundle.due_today, bundle.monthly_price, bundle.total_over_term) == before:
        return []
    return [_price_changed(cart, bundle, before[0], before[1])]


def _price_changed(cart: Cart, bundle: CartBundle, due_before: Decimal, monthly_before: Decimal) -> ApiError:
    message = _(
        "The price of “%(bundle)s” has changed: %(due)s today and %(monthly)s a month instead of %(due_before)s and "
        "%(monthly_before)s. Please check the cart and confirm again."
    )
    params = {
        "bundle": bundle.name_in(cart.language),
        "due": str(cart.money(bundle.due_today)),
        "monthly": str(cart.money(bundle.monthly_price)),
        "due_before": str(cart.money(due_before)),
        "monthly_before": str(cart.money(monthly_before)),
    }
    return ApiError(errors.PRICE_CHANGED, message, field="cartId", params=params)


def _date_changed(cart: Cart, bundle: CartBundle, day: date) -> ApiError:
    message = _("All of “%(bundle)s” works from %(day)s on. Please check the cart and confirm again.")
    params = {"bundle": bundle.name_in(cart.language), "day": date_format(day, "DATE_FORMAT")}
    return ApiError(errors.DATE_CHANGED, message, field="cartId", params=params)


def _refused(cart: Cart, bundle: CartBundle, said: str, *, code: str = INVALID_CONFIGURATION) -> ApiError:
    message = _("“%(bundle)s” cannot be ordered like this any more: %(said)s")
    params = {"bundle": bundle.name_in(cart.language), "said": said}
    return ApiError(code, message, field="cartId", params=params)
