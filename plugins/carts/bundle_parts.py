"""One part of a bundle changed or taken out by its line: the rest is priced anew, or it is refused by the offer's
limits. In the caller's transaction, with the cart locked."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.bundles.errors import INVALID_CONFIGURATION
from plugins.carts import bundle_quotes
from plugins.carts import lines as cart_lines
from plugins.carts.bundle_quotes import PartKey, Wish
from plugins.carts.models import Cart, CartBundle, CartLine


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of a bundle with the quantity that is wanted of it, and the number of the input that asks for it."""

    index: int
    line: CartLine
    quantity: int


def change(cart: Cart, wanted: Sequence[Changed]) -> None:
    """Bring each line to its quantity; a bundle without parts leaves the cart.

    Errors: INVALID_QUANTITY, NOT_AVAILABLE (a line that carries a fee, a deposit or a tax), INVALID_CONFIGURATION (the
    offer does not allow the rest; the sentence names the bundle), INSUFFICIENT_STOCK, LIMIT_EXCEEDED.
    """
    by_bundle: defaultdict[str, list[Changed]] = defaultdict(list)
    for one in wanted:
        if one.quantity < 0:
            raise cart_lines.invalid_quantity(one.index)
        by_bundle[one.line.bundle_id].append(one)
    bundles = {str(bundle.pk): bundle for bundle in bundle_quotes.bundles_of(cart)}
    for key, parts in by_bundle.items():
        _change(cart, bundles[key], parts)


def _change(cart: Cart, bundle: CartBundle, parts: Sequence[Changed]) -> None:
    name, first = bundle.name_in(cart.language), parts[0].index
    carrier = next((one for one in parts if not one.line.bundle_group), None)
    if carrier is not None:
        message = _("%(line)s belongs to “%(bundle)s” and changes with it.")
        params = {"line": carrier.line.name, "bundle": name}
        raise ApiError(NOT_AVAILABLE, message, field=f"lines.{carrier.index}.lineId", params=params)
    wish = _with(cart, bundle, parts)
    if not wish.selections:
        CartLine.objects.filter(cart=cart, bundle_id=str(bundle.pk)).delete()
        bundle.delete()
        return
    who = bundle_quotes.buyer_of(cart)
    kept = bundle_quotes.kept_version(bundle, who)
    try:
        asked = bundle_quotes.ask(cart, wish, who, kept=kept)
        if asked.judged.violations:
            message = _("“%(bundle)s” cannot be changed like this: %(said)s")
            params = {"bundle": name, "said": bundle_quotes.said(asked.judged.violations[0])}
            raise ApiError(INVALID_CONFIGURATION, message, params=params)
        bundle_quotes.keep(cart, bundle, bundle_quotes.price(asked), wish, kept=kept is not None)
        for _sku, refusal in bundle_quotes.insufficient(cart, bundle):
            raise refusal
        cart_lines.check_all_caps(cart, field=f"lines.{first}.quantity")
    except ApiError as refusal:
        refusal.field = f"lines.{first}.quantity"
        raise


def _with(cart: Cart, bundle: CartBundle, parts: Sequence[Changed]) -> Wish:
    """The bundle's choice with these quantities."""
    more: Counter[PartKey] = Counter()
    for one in parts:
        more[bundle_quotes.key_of(one.line)] += one.quantity - one.line.quantity
    wish = bundle_quotes.wish_of(bundle)
    chosen = [replace(one, quantity=one.quantity + more[one.group, one.instance, one.sku]) for one in wish.selections]
    return replace(wish, selections=[one for one in chosen if one.quantity > 0])
