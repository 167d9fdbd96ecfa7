"""Taking a cart to another channel by a short code: eight characters, once, within fifteen minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from kernel import audit, clock, ids
from kernel.errors import ApiError
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import access, attempts, errors, services
from plugins.carts.models import Cart, ShareCode

LIFETIME: Final = timedelta(minutes=15)
CODE_LENGTH: Final = 8
WRONG_CODES: Final = 10
# What people type for characters that Crockford's alphabet leaves out.
_READ_AS: Final = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class Shared:
    """A code to say or type, and until when it works (UTC)."""

    code: str
    expires_at: datetime


@transaction.atomic
def share(*, caller: Caller, cart_id: str) -> Shared:
    """A new code for the cart; earlier codes end. Errors: NOT_FOUND, CART_COMPLETED, CART_BUSY."""
    cart = access.cart_to_change(caller, cart_id)
    now = clock.now()
    ShareCode.objects.filter(cart=cart, used_at=None).delete()
    code = ids.random_code(CODE_LENGTH)
    ShareCode.objects.create(code_hash=_hash(code), cart=cart, expires_at=now + LIFETIME)
    return Shared(code, now + LIFETIME)


def claim(*, caller: Caller, code: str, sales_channel: str, store_id: str | None, place: str) -> Cart:
    """Take the cart over with its code: the cart goes on in this channel, and a shopper's own account.

    `place` is where the caller is (its network address), for the limit on guesses. Errors: SHARE_CODE_INVALID (wrong,
    used or expired), TOO_MANY_ATTEMPTS after ten wrong codes in fifteen minutes, PERMISSION_DENIED, CART_COMPLETED.
    """
    services.require_channel(caller, sales_channel)
    subject = f"cart-claim:{caller.scope if not caller.is_guest else place}"
    attempts.spend(subject, limit=WRONG_CODES)
    cart = _take_over(caller, code, sales_channel, store_id)
    attempts.give_back(subject)
    return cart


@transaction.atomic
def _take_over(caller: Caller, code: str, sales_channel: str, store_id: str | None) -> Cart:
    found = lock_rows(ShareCode.objects.filter(pk=_hash(code), used_at=None, expires_at__gt=clock.now()))
    if not found:
        message = _("This code is wrong, used or expired. Ask for a new one.")
        raise ApiError(errors.SHARE_CODE_INVALID, message, field="code")
    (cart,) = lock_rows(Cart.objects.filter(pk=found[0].cart_id))
    access.refuse_unless_open(cart)
    if store_id and not Store.objects.filter(pk=store_id.replace("\0", ""), is_active=True).exists():
        raise ApiError(errors.STORE_NOT_FOUND, _("There is no such store."), field="storeId")
    place_of_sale = store_id or caller.store_id or ""
    place = Store.objects.filter(pk=place_of_sale).first()
    if place is not None and not cart.channel.holds_in(place):
        message = _("This cart is of another shop: its prices do not hold in this store.")
        raise ApiError(errors.STORE_NOT_FOUND, message, field="storeId")
    found[0].used_at = clock.now()
    found[0].save(update_fields=["used_at"])
    if caller.kind == "shopper":
        cart.shopper_id = caller.id
    elif caller.is_guest:
        # The owner handed it over: without an account it belongs to whoever knows its id.
        cart.shopper_id = ""
    cart.sales_channel, cart.store_id = sales_channel, place_of_sale
    cart.updated_at = clock.now()
    cart.save()
    audit.record(actor=caller.scope, action="cart.claimed", subject=f"cart:{cart.pk[:6]}", detail={"to": sales_channel})
    return cart


def _hash(code: str) -> str:
    spoken = "".join(code.upper().split()).replace("-", "").translate(_READ_AS)
    return hashlib.sha256(f"cart-share:{spoken}".encode()).hexdigest()
