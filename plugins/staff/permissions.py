"""What each role may do. A permission is a word that services ask for; a role is a set of them."""

from typing import Final

PICKUP_HANDLE: Final = "pickup.handle"
POS_SELL: Final = "pos.sell"
POS_SHIFT: Final = "pos.shift"
STOCK_VIEW: Final = "stock.view"
CUSTOMER_VIEW: Final = "customer.view"
POS_OVERRIDE: Final = "pos.override"
STOCK_ADJUST: Final = "stock.adjust"
STOCK_RESOLVE: Final = "stock.resolve"
AUDIT_VIEW: Final = "audit.view"
SEARCH_PREVIEW: Final = "search.preview"

CLERK: Final = "clerk"
MANAGER: Final = "manager"

_CLERK_MAY = frozenset({PICKUP_HANDLE, POS_SELL, POS_SHIFT, STOCK_VIEW, CUSTOMER_VIEW})
_ROLES = {
    CLERK: _CLERK_MAY,
    MANAGER: _CLERK_MAY | {POS_OVERRIDE, STOCK_ADJUST, STOCK_RESOLVE, AUDIT_VIEW, SEARCH_PREVIEW},
}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role; KeyError for a role that does not exist."""
    return _ROLES[role]
