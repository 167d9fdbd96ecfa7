"""What each role may do. A permission is a word that services ask for; a role is a set of them."""

from typing import Final

PICKUP_HANDLE: Final = "pickup.handle"
POS_SELL: Final = "pos.sell"
POS_SHIFT: Final = "pos.shift"
# Taking sold goods back within the time for returns; after it POS_OVERRIDE.
POS_RETURN: Final = "pos.return"
# Whoever sees the activation code can load the line: of sales of the own store.
ESIM_SHOW: Final = "esim.show"
STOCK_VIEW: Final = "stock.view"
CUSTOMER_VIEW: Final = "customer.view"
POS_OVERRIDE: Final = "pos.override"
STOCK_RECEIVE: Final = "stock.receive"
STOCK_TRANSFER: Final = "stock.transfer"
STOCK_COUNT: Final = "stock.count"
# Up to the pieces from which the reason asks for a second person; beyond them STOCK_AUTHORISE.
STOCK_ADJUST: Final = "stock.adjust"
STOCK_AUTHORISE: Final = "stock.authorise"
STOCK_RETURN_VENDOR: Final = "stock.return_vendor"
STOCK_RESOLVE: Final = "stock.resolve"
AUDIT_VIEW: Final = "audit.view"
# Letting an order on hold go on by hand, and reporting that a service works at an address.
ORDER_HOLD: Final = "order.hold"
SEARCH_PREVIEW: Final = "search.preview"
# Asking through the TM Forum facade, on behalf of customers.
SERVICE_QUALIFY: Final = "service.qualify"

CLERK: Final = "clerk"
MANAGER: Final = "manager"

_CLERK_MAY = frozenset(
    {
        PICKUP_HANDLE, POS_SELL, POS_SHIFT, POS_RETURN, ESIM_SHOW, CUSTOMER_VIEW,
        STOCK_VIEW, STOCK_RECEIVE, STOCK_TRANSFER, STOCK_COUNT, STOCK_ADJUST, SERVICE_QUALIFY,
    }
)  # fmt: skip
_MANAGER_MAY = frozenset(
    {POS_OVERRIDE, AUDIT_VIEW, SEARCH_PREVIEW, STOCK_AUTHORISE, STOCK_RETURN_VENDOR, STOCK_RESOLVE, ORDER_HOLD}
)
_ROLES = {CLERK: _CLERK_MAY, MANAGER: _CLERK_MAY | _MANAGER_MAY}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role; KeyError for a role that does not exist."""
    return _ROLES[role]
