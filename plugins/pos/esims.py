"""The eSIMs that were sold at a register, for the receipt."""

from datetime import timedelta
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from inventory.models import EsimPool
from kernel import clock
from kernel.devices import parse_id, register_of
from kernel.errors import NOT_FOUND, ApiError
from kernel.identity import Caller
from plugins.carts import esims
from plugins.carts.models import Order
from plugins.pos.models import Sale
from plugins.staff.permissions import ESIM_SHOW, POS_OVERRIDE

SHOWN_TO_CLERKS: Final = timedelta(days=1)


def codes(*, caller: Caller, client_id: str) -> list[esims.EsimCode]:
    """The activation codes of a sale of the caller's store, none while its profiles are on their way.

    A day after it was recorded a manager alone may see them: the customer has left with the receipt. Each look is
    audited. Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID (no id), NOT_FOUND (also for another store's sale).
    """
    _register, store_id = register_of(caller, ESIM_SHOW)
    key = parse_id(client_id, field="clientId")
    sale = Sale.objects.select_related("order").filter(client_id=key, store_id=store_id).first()
    if sale is None or sale.order is None:
        raise ApiError(NOT_FOUND, _("This store has recorded no such sale."), field="clientId")
    if sale.recorded_at < clock.now() - SHOWN_TO_CLERKS:
        caller.require(POS_OVERRIDE)
    return esims.of_order(sale.order, actor=caller.scope)


def pieces_of(order: Order) -> int:
    """How many pieces of the order are eSIMs from a pool."""
    pools = EsimPool.objects.values("item_id")
    return order.lines.filter(sku__in=pools).aggregate(pieces=Sum("quantity"))["pieces"] or 0
