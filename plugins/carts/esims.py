"""The eSIMs of an order, shown to whoever bought them."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inventory import esim
from kernel.codes import derive, matches
from kernel.errors import PERMISSION_DENIED, ApiError
from kernel.identity import Caller
from plugins.carts import access, attempts, errors
from plugins.carts.models import Order

WRONG_CODES_AN_ORDER: Final = 5
WRONG_CODES_FROM_ONE_PLACE: Final = 30


@dataclass(frozen=True, slots=True)
class EsimCode:
    """What a device needs to load an eSIM; `name` is the article's, as it was ordered."""

    sku: str
    name: str
    iccid: str
    activation_code: str

    def __repr__(self) -> str:
        # Whoever has the code has the line: it gets into no log by a careless print.
        return f"EsimCode({self.iccid})"


def guest_code(order: Order) -> str | None:
    """The code by which whoever ordered without an account shows that the order is theirs; None of an account's order.

    Derived, never stored. It is told in the answer that places the order, and to the order's e-mail address.
    """
    return None if order.shopper_id else derive(settings.SECRET_KEY.encode(), f"order:{order.pk}")


def codes(*, caller: Caller, order_id: str, code: str | None, place: str) -> list[EsimCode]:
    """The activation codes of an order, none while its profiles are on their way or once it is cancelled.

    To the signed-in shopper who placed it; of a guest's order to whoever has its `guest_code`, since its number and
    contact are known to more people, and lead to its id. Each look is audited. `place` is where the caller is (its
    network address), for the limit on guesses. It must not run inside a transaction, which would forget them.

    Errors: NOT_FOUND, PERMISSION_DENIED, ORDER_CODE_INVALID, TOO_MANY_ATTEMPTS after five wrong codes for an order, or
    thirty from one place, in fifteen minutes.
    """
    order = access.order_or_refuse(caller, order_id)
    if not access.is_owner(caller, order):
        _check_code(caller, order, code, place)
    return of_order(order, actor=caller.scope)


def of_order(order: Order, *, actor: str) -> list[EsimCode]:
    """The activation codes of an order, for `actor`, whose right the caller has checked. Each look is audited."""
    names = dict(order.lines.values_list("sku", "name"))
    return [
        EsimCode(profile.pool_id, names.get(profile.pool_id, profile.pool_id), profile.iccid, code)
        for profile, code in esim.codes_of(order=order.number, actor=actor)
    ]


def _check_code(caller: Caller, order: Order, typed: str | None, place: str) -> None:
    right = guest_code(order)
    if right is None or caller.kind == "staff":
        raise ApiError(PERMISSION_DENIED, _("Only the customer who ordered it, signed in, may see this code."))
    if not typed:
        raise ApiError(
            PERMISSION_DENIED, _("Only the customer who ordered it, by the code of the order, may see this.")
        )
    subjects = {f"order-code:{order.pk}": WRONG_CODES_AN_ORDER, f"order-code-from:{place}": WRONG_CODES_FROM_ONE_PLACE}
    for subject, limit in subjects.items():
        attempts.spend(subject, limit=limit)
    if not matches(right, typed[:40]):
        message = _("This is not the code of this order. You find it in the e-mail about your eSIM.")
        raise ApiError(errors.ORDER_CODE_INVALID, message, field="code")
    for subject in subjects:
        attempts.give_back(subject)
