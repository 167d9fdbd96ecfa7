"""The eSIMs of an order, shown to whoever bought them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from inventory import esim
from kernel.errors import PERMISSION_DENIED, ApiError
from kernel.identity import Caller
from plugins.carts import access


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


def codes(*, caller: Caller, order_id: str) -> list[EsimCode]:
    """The codes of an order, none while its profiles are on their way or once it is cancelled. Each look is audited.

    To the signed-in shopper who placed it alone: number and contact of a guest's order are known to more people, and
    lead to its id. Errors: NOT_FOUND, PERMISSION_DENIED.
    """
    order = access.order_or_refuse(caller, order_id)
    if not access.is_owner(caller, order):
        raise ApiError(PERMISSION_DENIED, _("Only the customer who ordered it, signed in, may see this code."))
    names = dict(order.lines.values_list("sku", "name"))
    return [
        EsimCode(profile.pool_id, names.get(profile.pool_id, profile.pool_id), profile.iccid, code)
        for profile, code in esim.codes_of(order=order.number, actor=caller.scope)
    ]
