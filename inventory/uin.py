"""The life of a serialised piece: the states of Oracle Store Inventory Management (UIN) and what may follow on each.

Pure. `inventory.units` is the one that changes states, and asks here first.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a piece is in its life."""

    IN_RECEIVING = "IN_RECEIVING"
    IN_STOCK = "IN_STOCK"
    UNAVAILABLE = "UNAVAILABLE"
    CUSTOMER_RESERVED = "CUSTOMER_RESERVED"
    CUSTOMER_FULFILLED = "CUSTOMER_FULFILLED"
    SOLD = "SOLD"
    RESERVED_FOR_SHIPPING = "RESERVED_FOR_SHIPPING"
    SHIPPED_TO_STORE = "SHIPPED_TO_STORE"
    SHIPPED_TO_WAREHOUSE = "SHIPPED_TO_WAREHOUSE"
    SHIPPED_TO_VENDOR = "SHIPPED_TO_VENDOR"
    SHIPPED_TO_FINISHER = "SHIPPED_TO_FINISHER"
    MISSING = "MISSING"
    REMOVE_FROM_INVENTORY = "REMOVE_FROM_INVENTORY"
    UNCONFIRMED = "UNCONFIRMED"
    UNKNOWN = "UNKNOWN"


# Counted as on hand. UNAVAILABLE lies in a room that is not sellable, RESERVED_FOR_SHIPPING waits for its parcel.
PRESENT = frozenset({State.IN_STOCK, State.UNAVAILABLE, State.CUSTOMER_RESERVED, State.RESERVED_FOR_SHIPPING})

# With a customer: it comes back only as a return or a trade-in.
WITH_CUSTOMER = frozenset({State.SOLD, State.CUSTOMER_FULFILLED})

# On its way to, or with, someone else.
SHIPPED = frozenset(
    {State.SHIPPED_TO_STORE, State.SHIPPED_TO_WAREHOUSE, State.SHIPPED_TO_VENDOR, State.SHIPPED_TO_FINISHER}
)

_STOCK = frozenset({State.IN_STOCK, State.UNAVAILABLE})
_LOST = frozenset({State.MISSING, State.REMOVE_FROM_INVENTORY, State.UNKNOWN})

FOLLOWS: dict[State, frozenset[State]] = {
    # A sale of what is not on hand by the books has happened all the same: the books are put right afterwards.
    State.UNKNOWN: _STOCK | {State.IN_RECEIVING, State.UNCONFIRMED, State.SOLD, State.MISSING},
    State.UNCONFIRMED: _STOCK | _LOST | {State.IN_RECEIVING, State.SOLD},
    State.IN_RECEIVING: _STOCK | _LOST | {State.UNCONFIRMED, State.SOLD, State.SHIPPED_TO_STORE},
    State.IN_STOCK: _LOST
    | SHIPPED
    | WITH_CUSTOMER
    | {State.UNAVAILABLE, State.CUSTOMER_RESERVED, State.RESERVED_FOR_SHIPPING, State.UNCONFIRMED},
    State.UNAVAILABLE: _LOST | SHIPPED | {State.IN_STOCK, State.RESERVED_FOR_SHIPPING, State.UNCONFIRMED, State.SOLD},
    State.CUSTOMER_RESERVED: _STOCK | _LOST | WITH_CUSTOMER,
    State.RESERVED_FOR_SHIPPING: _STOCK | _LOST | SHIPPED | {State.SOLD},
    State.SHIPPED_TO_STORE: _STOCK | _LOST | {State.IN_RECEIVING, State.UNCONFIRMED},
    State.SHIPPED_TO_WAREHOUSE: _STOCK | _LOST | {State.IN_RECEIVING},
    State.SHIPPED_TO_FINISHER: _STOCK | _LOST | {State.IN_RECEIVING},
    State.SHIPPED_TO_VENDOR: _STOCK | _LOST | {State.IN_RECEIVING},
    State.CUSTOMER_FULFILLED: _STOCK | {State.SOLD, State.UNCONFIRMED},
    State.SOLD: _STOCK | {State.UNCONFIRMED},
    State.MISSING: _STOCK | {State.IN_RECEIVING, State.SOLD, State.REMOVE_FROM_INVENTORY, State.UNCONFIRMED},
    State.REMOVE_FROM_INVENTORY: _STOCK | {State.IN_RECEIVING, State.SOLD, State.UNCONFIRMED},
}


def may_become(before: str, after: str) -> bool:
    """Whether a piece in state `before` may get into state `after`; staying in a state is always allowed."""
    return before == after or State(after) in FOLLOWS[State(before)]


def may_arrive(state: str, *, returned: bool) -> bool:
    """Whether a piece in this state may come into a store's stock: not while it is on hand or in transit somewhere.

    What is in transit comes in by its transfer alone. From a customer it comes only when it is `returned` (or traded
    in).
    """
    if state in PRESENT or state == State.SHIPPED_TO_STORE:
        return False
    return returned or state not in WITH_CUSTOMER
