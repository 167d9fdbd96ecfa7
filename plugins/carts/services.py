"""Changes to a cart. Each is one transaction and refuses with an ApiError, changing nothing then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from kernel import clock
from kernel.errors import INVALID, NOT_AVAILABLE, REQUIRED, ApiError
from kernel.identity import Caller
from plugins.carts import access, bundle_parts, errors, holds
from plugins.carts import lines as cart_lines
from plugins.carts.bundle_parts import Changed
from plugins.carts.contact import ContactChange, changes
from plugins.carts.lines import Wanted
from plugins.carts.models import Cart, CartDelivery, CartLine, Customer
from plugins.catalogue.models import Channel, SalesChannel
from plugins.staff.permissions import POS_SELL

NO_SHIPPING = _("Delivery to an address is not available in this version. Choose a store to collect.")


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """How lines reach the customer. No `line_ids` means all; no slot means the first free one."""

    pickup_store_id: str | None
    pickup_slot_id: str | None = None
    line_ids: Sequence[str] = ()


@transaction.atomic
def create_cart(
    *,
    caller: Caller,
    channel: Channel,
    sales_channel: str,
    store_id: str | None = None,
    contact: ContactChange | None = None,
    lines: Sequence[tuple[str, int]] = (),
    language: str = "en",
) -> Cart:
    """A new cart, the caller's own when signed in as a shopper.

    Errors: those of `update_contact` and `add_lines`; PERMISSION_DENIED for a staff channel without staff.
    """
    require_channel(caller, sales_channel)
    cart = Cart(
        channel=channel,
        sales_channel=sales_channel,
        store_id=_known_store_id(store_id, channel),
        language=language,
        **_known_shopper(caller),
    )
    if contact is not None:
        _set_contact(cart, contact)
    cart.save(force_insert=True)
    if lines:
        cart_lines.put(cart, _sums(lines, ()), ())
    return cart


def _known_shopper(caller: Caller) -> dict[str, str]:
    if caller.kind != "shopper":
        return {}
    known = Customer.objects.filter(pk=caller.id).first() or Customer(email=caller.email)
    return {
        "shopper_id": caller.id,
        "email": known.email,
        "first_name": known.first_name[:120],
        "last_name": known.last_name[:120],
    }


def require_channel(caller: Caller, sales_channel: str) -> None:
    """Errors: UNAUTHENTICATED or PERMISSION_DENIED when only staff may sell in this channel."""
    if sales_channel in (SalesChannel.POS, SalesChannel.CALL_CENTER):
        caller.require(POS_SELL)


def _known_store_id(store_id: str | None, channel: Channel) -> str:
    if not store_id:
        return ""
    known = Store.objects.filter(is_active=True, pk=store_id.replace("\0", "")).first()
    if not (known and channel.holds_in(known)):
        raise ApiError(errors.STORE_NOT_FOUND, _("There is no such store."), field="context.storeId")
    return store_id


@transaction.atomic
def update_contact(*, caller: Caller, cart_id: str, contact: ContactChange, language: str) -> Cart:
    """Change who buys. Errors: INVALID_EMAIL, INVALID_PHONE, REQUIRED, INVALID."""
    cart = access.cart_to_change(caller, cart_id)
    speak(cart, language)
    _set_contact(cart, contact)
    cart.save()
    return cart


def speak(cart: Cart, language: str | None) -> None:
    """From now on the cart, and the order that it becomes, read in this language: that of whoever changed it last."""
    if language is not None and language != cart.language:
        cart.language = language
        cart.save(update_fields=["language"])
        cart_lines.rename(cart)


def _set_contact(cart: Cart, contact: ContactChange) -> None:
    for name, value in changes(contact, region=cart.channel.country).items():
        setattr(cart, name, value)


@transaction.atomic
def add_lines(*, caller: Caller, cart_id: str, lines: Sequence[tuple[str, int]], language: str | None = None) -> Cart:
    """Add quantities of SKUs; what is in the cart already grows. Errors: see `lines.put`."""
    if not lines:
        raise ApiError(REQUIRED, _("Name at least one article."), field="lines")
    lock_slots_of(cart_id)
    cart = access.cart_to_change(caller, cart_id)
    speak(cart, language)
    before = list(cart.lines.all())
    wanted = _sums(lines, before)
    cart_lines.put(cart, wanted, before)
    _rehold_at(cart, [(entry.index, entry.sku) for entry in wanted])
    return cart


def _sums(lines: Sequence[tuple[str, int]], cart_lines_before: Sequence[CartLine]) -> list[Wanted]:
    """The quantities in all after adding; a SKU named twice counts once, at its first input."""
    before = {line.sku: line.quantity for line in cart_lines_before if not line.bundle_id}
    wanted: dict[str, Wanted] = {}
    for index, (sku, quantity) in enumerate(lines):
        if quantity < 1:
            raise cart_lines.invalid_quantity(index)
        earlier = wanted.get(sku)
        start = earlier.quantity if earlier else before.get(sku, 0)
        wanted[sku] = Wanted(earlier.index if earlier else index, sku, start + quantity)
    return list(wanted.values())


@transaction.atomic
def update_lines(
    *, caller: Caller, cart_id: str, lines: Sequence[tuple[str, int]], language: str | None = None
) -> Cart:
    """Set quantities by line id; 0 removes the line. A part of a bundle has the rest of it priced anew.

    Errors: NOT_FOUND (line), those of `lines.put` and of `bundle_parts.change`.
    """
    lock_slots_of(cart_id)
    cart = access.cart_to_change(caller, cart_id)
    speak(cart, language)
    before = list(cart.lines.all())
    wanted: list[Wanted] = []
    removed: dict[UUID, CartLine] = {}
    bundled: list[Changed] = []
    for index, (line_id, quantity) in enumerate(lines):
        line = cart_lines.line_of(before, line_id, field=f"lines.{index}.lineId")
        if line.bundle_id:
            bundled.append(Changed(index, line, quantity))
        elif quantity == 0:
            removed[line.pk] = line
        else:
            wanted.append(Wanted(index, line.sku, quantity))
    kept = [line for line in before if line.pk not in removed]
    for line in removed.values():
        line.delete()
    if wanted:
        cart_lines.put(cart, wanted, kept)
    if bundled:
        bundle_parts.change(cart, bundled)
    _rehold_at(cart, [(entry.index, entry.sku) for entry in wanted] + [(one.index, one.line.sku) for one in bundled])
    return cart


def add_promo_code(*, caller: Caller, cart_id: str, code: str) -> Cart:
    """Promotion codes come with a later version. Errors: NOT_AVAILABLE."""
    access.cart_or_refuse(caller, cart_id)
    raise ApiError(NOT_AVAILABLE, _("Promotion codes are not available in this version."), field="code")


@transaction.atomic
def update_delivery(*, caller: Caller, cart_id: str, choice: DeliveryChoice) -> Cart:
    """Choose where and when goods are collected, and keep stock and slot for fifteen minutes.

    A guest's cart keeps stock for thirty minutes in all; after that the choice stands but nothing is kept until the
    order is placed. Errors: REQUIRED, STORE_NOT_FOUND, PICKUP_NOT_OFFERED, STORE_CLOSED, SLOT_NOT_AVAILABLE, SLOT_FULL,
    INSUFFICIENT_STOCK, NOT_FOUND (line), NOT_AVAILABLE (a second store).
    """
    store = _pickup_store(choice.pickup_store_id)
    holds.lock_slots(store.pk)
    cart = access.cart_to_change(caller, cart_id)
    if not cart.channel.sells_from(store):
        message = _("This shop does not sell from this store. Choose another one.")
        raise ApiError(errors.PICKUP_NOT_OFFERED, message, field="delivery.pickupStoreId")
    now = clock.now()
    collected = _lines_to_collect(cart, choice.line_ids)
    delivery = _only_delivery(cart, collected)
    slot = holds.choose_slot(store, choice.pickup_slot_id, now, besides=delivery)
    delivery = delivery or CartDelivery(cart=cart)
    delivery.store, delivery.slot_start, delivery.slot_end = store, slot.start, slot.end
    delivery.reserved_until = None
    if not _hold(cart, delivery, collected, now):
        delivery.save()
    CartLine.objects.filter(pk__in=[line.pk for line in collected]).update(delivery=delivery)
    return cart


def _pickup_store(store_id: str | None) -> Store:
    field = "delivery.pickupStoreId"
    if not store_id:
        raise ApiError(REQUIRED, _("Choose the store where you want to collect."), field=field)
    store = Store.objects.filter(pk=store_id.replace("\0", ""), is_active=True).first()
    if store is None:
        raise ApiError(errors.STORE_NOT_FOUND, _("There is no such store."), field=field)
    if not holds.is_pickup_store(store):
        message = _("This store does not hand over online orders. Choose another one.")
        raise ApiError(errors.PICKUP_NOT_OFFERED, message, field=field)
    return store


def _lines_to_collect(cart: Cart, line_ids: Sequence[str]) -> list[CartLine]:
    found = list(cart.lines.all())
    for index, line_id in enumerate(line_ids):
        cart_lines.line_of(found, line_id, field=f"delivery.lineIds.{index}")
    asked = {line_id.lower() for line_id in line_ids}
    goods = [line for line in found if line.stocked and (not asked or str(line.pk) in asked)]
    if not goods:
        code = INVALID if found else errors.CART_EMPTY
        raise ApiError(code, _("There is nothing in this cart to collect."), field="delivery.lineIds")
    return goods


def _only_delivery(cart: Cart, collected: Sequence[CartLine]) -> CartDelivery | None:
    """The delivery to change. The core knows one collection point an order, so in this version a cart has one."""
    delivery = cart.deliveries.first()
    if delivery is None:
        return None
    chosen = {line.pk for line in collected}
    if delivery.lines.exclude(pk__in=chosen).exists():
        message = _("In this version everything is collected together. Choose the time for all articles.")
        raise ApiError(NOT_AVAILABLE, message, field="delivery.lineIds")
    return delivery


def lock_slots_of(cart_id: str) -> None:
    """Have the slots of the store where a cart is collected to oneself."""
    # Before the cart's row, as everyone does; should the store change in between, the hold itself is still exact.
    delivery = CartDelivery.objects.filter(cart_id=cart_id.replace("\0", "")).first()
    if delivery is not None:
        holds.lock_slots(delivery.store_id)


def rehold(cart: Cart) -> None:
    """After lines changed: new goods join the pickup if the store has them; the live hold follows the quantities.

    Errors: INSUFFICIENT_STOCK at the cart's line.
    """
    delivery = cart.deliveries.first()
    if delivery is None:
        return
    now = clock.now()
    is_live = delivery.reserved_until is not None and delivery.reserved_until > now
    if is_live and _join_new_goods(cart, delivery):
        return
    if not delivery.lines.exists():
        holds.drop(delivery, reason="nothing left to collect")
    elif is_live:
        _hold(cart, delivery, _collected(delivery), now)


def _rehold_at(cart: Cart, changed: Sequence[tuple[int, str]]) -> None:
    """The same with refusals told of the input: its number and SKU."""
    try:
        rehold(cart)
    except ApiError as refusal:
        index = next((index for index, sku in changed if sku == refusal.params.get("sku")), None)
        if index is not None:
            refusal.field = f"lines.{index}.quantity"
        raise


def _join_new_goods(cart: Cart, delivery: CartDelivery) -> bool:
    """Whether the new goods could join. If the store lacks them they stay without delivery, for the customer to see."""
    new = [line.pk for line in cart.lines.filter(stocked=True, delivery=None)]
    if not new:
        return False
    try:
        with transaction.atomic():
            CartLine.objects.filter(pk__in=new).update(delivery=delivery)
            _hold(cart, delivery, _collected(delivery), clock.now())
    except ApiError as refusal:
        if refusal.code != errors.INSUFFICIENT_STOCK:
            raise
        return False
    return True


def _collected(delivery: CartDelivery) -> list[CartLine]:
    return list(delivery.lines.all())


def _hold(cart: Cart, delivery: CartDelivery, collected: Sequence[CartLine], now: datetime) -> bool:
    """Whether the cart may still keep stock, and now does; `delivery` is saved then."""
    until = holds.hold_until(cart, now)
    if until is None:
        return False
    holds.hold(cart, delivery, collected, until=until)
    return True
