"""A bundle's quote in a cart: asked of the offer, kept as a row, and spread over the cart's lines to the cent.

Everything here runs in the caller's transaction, with the cart locked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max

from kernel import clock
from kernel.errors import ApiError, Errors
from plugins.bundles import quotes, selectors, sold
from plugins.bundles.compiled import Selected, Violation
from plugins.bundles.eligibility import Buyer
from plugins.bundles.errors import INVALID_CONFIGURATION
from plugins.bundles.models import OfferVersion
from plugins.bundles.quotes import Asked, Quote
from plugins.bundles.wording import ADDRESS_REQUIRED, TERM_NOT_OFFERED
from plugins.carts import lines
from plugins.carts.models import Cart, CartBundle, CartLine, Line

INPUT: Final = "configuration"
TOLD: Final = 20
PartKey = tuple[str, int, str]  # group, instance, SKU


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose from an offer; `qualification_id` is that of the address where it is to work."""

    offer_code: str
    term: int
    selections: Sequence[Selected]
    qualification_id: str | None = None


def wish_of(bundle: CartBundle) -> Wish:
    """The choice that a bundle was quoted for."""
    chosen = sold.selected(bundle.selections, bundle.characteristics)
    return Wish(bundle.version.offer_id, bundle.term, chosen, bundle.qualification_id or None)


def buyer_of(cart: Cart) -> Buyer:
    """Who buys, as the server knows it: no input says so."""
    return selectors.buyer(cart.channel, cart.sales_channel, store_id=cart.store_id or None, shopper_id=cart.shopper_id)


def holds(bundle: CartBundle, who: Buyer) -> bool:
    """Whether the quote is still good: young enough, and of the same buyer as far as prices go."""
    same = (bundle.basis.get("segment"), bundle.basis.get("creditClass")) == (who.segment, who.credit_class)
    return same and clock.now() < bundle.expires_at


def ask(cart: Cart, wish: Wish, who: Buyer, *, kept: OfferVersion | None = None) -> Asked:
    """Judge a choice by the version that is kept for it, else by the one that is sold now.

    Errors, with fields of `configuration`: OFFER_NOT_FOUND, INVALID_QUANTITY, LIMIT_EXCEEDED, NOT_FOUND,
    QUALIFICATION_EXPIRED, NOT_AVAILABLE.
    """
    try:
        loaded = selectors.load(kept or selectors.sold(cart.channel, wish.offer_code))
        if kept is None:
            selectors.require_available(loaded, who)
        return quotes.ask(
            loaded,
            who,
            language=cart.language,
            term=wish.term,
            selections=wish.selections,
            qualification_id=wish.qualification_id,
        )
    except ApiError as refusal:
        raise _at_input(refusal) from refusal


def price(asked: Asked) -> Quote:
    """Price what was asked. Errors: those of `quotes.quote`."""
    try:
        return quotes.quote(asked)
    except ApiError as refusal:
        raise _at_input(refusal) from refusal


def _at_input(refusal: ApiError) -> ApiError:
    """The refusal with its field in the words of the cart's operations."""
    name, _dot, rest = (refusal.field or "").partition(".")
    if name == "input":
        refusal.field = f"{INPUT}.{rest}"
    return refusal


def require_valid(asked: Asked, wish: Wish) -> None:
    """Errors: INVALID_CONFIGURATION, one for each broken rule with the change that mends it, at most twenty."""
    found = [
        ApiError(
            INVALID_CONFIGURATION,
            said(one),
            field=_field(one, wish),
            params={"violation": one.code, "group": one.group, "instance": one.instance, "sku": one.sku},
        )
        for one in asked.judged.violations[:TOLD]
    ]
    if found:
        raise found[0] if len(found) == 1 else Errors(found)


def said(violation: Violation) -> str:
    """What is wrong, and what mends it. Percent signs stay themselves: nothing is filled in here."""
    return f"{violation.message} {violation.remedy}".replace("%(", "% (")


def _field(violation: Violation, wish: Wish) -> str:
    if violation.code == TERM_NOT_OFFERED:
        return f"{INPUT}.term"
    if violation.code == ADDRESS_REQUIRED:
        return f"{INPUT}.qualificationId"
    for number, one in enumerate(wish.selections):
        if (one.group, one.instance, one.sku) == (violation.group, violation.instance, violation.sku):
            return f"{INPUT}.selections.{number}"
    return f"{INPUT}.selections"


def kept_version(bundle: CartBundle, who: Buyer) -> OfferVersion | None:
    """The version that a bundle goes on with though another is sold now; None when that one decides."""
    version = bundle.version
    return version if version.offer.current_id != version.pk and holds(bundle, who) else None


def keep(cart: Cart, bundle: CartBundle, quote: Quote, wish: Wish, *, kept: bool) -> None:
    """Write the quote and its lines. Lines that stay what they are keep their id, their place and their delivery.

    The quote of a `kept` version ends when the one before would have: nobody keeps it by changing.
    """
    now, version = clock.now(), quote.asked.loaded.version
    if not kept:
        bundle.quoted_at, bundle.expires_at = now, now + quotes.HOLDS
    bundle.version, bundle.term = version, wish.term
    bundle.selections = sold.selections_of(quote.asked.judged)
    bundle.characteristics = sold.personal_of(quote.asked.judged)
    bundle.qualification_id = wish.qualification_id or ""
    bundle.basis = quote.basis
    bundle.due_today = quote.price.due_today.amount
    bundle.monthly_price = quote.price.monthly.amount
    bundle.total_over_term = quote.price.total_over_term.amount
    bundle.promise_date = quote.asked.judged.promise_date
    bundle.save()
    _write_lines(cart, bundle, quote)


def _write_lines(cart: Cart, bundle: CartBundle, quote: Quote) -> None:
    before = list(cart.lines.filter(bundle_id=str(bundle.pk)))
    free: defaultdict[PartKey, list[CartLine]] = defaultdict(list)
    for line in before:
        free[key_of(line)].append(line)
    position = _position(cart, before, len(quote.pieces))
    parts = {line.key: line for line in quote.asked.judged.lines}
    variants = quote.asked.loaded.variants
    for offset, piece in enumerate(quote.pieces):
        key = (piece.group, piece.instance, piece.sku)
        line = free[key].pop(0) if free[key] else CartLine(cart=cart, bundle_id=str(bundle.pk), sku=piece.sku)
        line.bundle_group, line.bundle_instance = piece.group, piece.instance
        line.position, line.quantity, line.bundle_monthly = position + offset, piece.quantity, piece.monthly
        part = parts.get(key)
        line.available_from, line.technology = (part.available_from, part.technology) if part else (None, "")
        lines.set_article(line, variants[piece.sku], piece.unit_price, cart.language)
        line.delivery = line.delivery or next((one.delivery for one in before if key_of(one) == key), None)
        line.save()
    CartLine.objects.filter(pk__in=[line.pk for rest in free.values() for line in rest]).delete()


def key_of(line: Line) -> PartKey:
    """Which part of its bundle a line is; several lines are one part where its price does not go up evenly."""
    return (line.bundle_group, line.bundle_instance, line.sku)


def _position(cart: Cart, before: Sequence[CartLine], count: int) -> int:
    if before and count <= len(before):
        return min(line.position for line in before)
    return (cart.lines.aggregate(last=Max("position"))["last"] or 0) + 1


def insufficient(cart: Cart, bundle: CartBundle) -> Iterator[tuple[str, ApiError]]:
    """The SKUs of a bundle of which the cart now wants more than all stores have, with the refusal."""
    found = list(cart.lines.all())
    own = {line.sku: line for line in found if line.bundle_id == str(bundle.pk) and line.stocked}
    wanted: Counter[str] = Counter()
    for line in found:
        if line.sku in own:
            wanted[line.sku] += line.quantity
    available = lines.available_anywhere(cart, own)
    for sku, line in own.items():
        if wanted[sku] > available[sku]:
            yield sku, lines.insufficient(0, sku, line.name, available[sku])


@dataclass(frozen=True, slots=True)
class Difference:
    """What a bundle would cost and when it would work if it were quoted now; `refusal` says why it cannot be."""

    due_today: Decimal | None = None
    monthly: Decimal | None = None
    total_over_term: Decimal | None = None
    promise_date: date | None = None
    refusal: str = ""


def difference(bundle: CartBundle) -> Difference | None:
    """What a quote that has run out would be today; None while it holds. Changes nothing.

    No query while it holds but those that tell who buys.
    """
    cart = bundle.cart
    who = buyer_of(cart)
    if holds(bundle, who):
        return None
    wish = wish_of(bundle)
    try:
        asked = ask(cart, wish, who)
        require_valid(asked, wish)
        found = price(asked)
    except (ApiError, Errors) as refusal:
        first = refusal.errors[0] if isinstance(refusal, Errors) else refusal
        return Difference(refusal=first.message)
    return Difference(
        found.price.due_today.amount,
        found.price.monthly.amount,
        found.price.total_over_term.amount,
        asked.judged.promise_date,
    )


def bundles_of(cart: Cart) -> list[CartBundle]:
    """The bundles of a cart with their versions and offers. One query."""
    found = list(cart.bundles.select_related("version__offer__channel"))
    for bundle in found:
        bundle.cart = cart
    return found


def details(bundle: CartBundle) -> dict[str, Any]:
    """What the core is told of a bundle's lines, beside their prices."""
    return {"suite.bundle": str(bundle.pk), "suite.offer": f"{bundle.version.offer_id}:{bundle.version.number}"}
