"""The arithmetic of what may be promised, in Python, in SQL and for Django: the one place that spells it out."""

from typing import Final

from django.db.models import F, Q


def free(*, on_hand: int, unsellable: int, reserved: int) -> int:
    """Pieces that the register or a transfer may take: sellable on hand less reserved.

    Below nought where a sale that had happened took what was promised.
    """
    return on_hand - unsellable - reserved


def promisable(*, on_hand: int, unsellable: int, reserved: int, safety: int) -> int:
    """What may be promised to a customer who does not see the goods: `free` less the safety stock; may be negative."""
    return free(on_hand=on_hand, unsellable=unsellable, reserved=reserved) - safety


def available_to_promise(*, on_hand: int, unsellable: int, reserved: int, safety: int) -> int:
    """`promisable`, never negative: what people and other systems are told."""
    return max(promisable(on_hand=on_hand, unsellable=unsellable, reserved=reserved, safety=safety), 0)


def core_quantity(*, on_hand: int, unsellable: int, safety: int, unknown_holds: int) -> int:
    """The quantity shown to the core: sellable on hand less what it cannot know (register, transfer, safety).

    Cart and order holds are left in, since the core subtracts its own orders itself.
    """
    return max(on_hand - unsellable - safety - unknown_holds, 0)


# The same of a row of `inventory_balance` that is called `balance`.
PROMISABLE: Final = "(balance.on_hand - balance.unsellable - balance.reserved - balance.safety)"
AVAILABLE: Final = f"GREATEST({PROMISABLE}, 0)"

# Of a `Balance`: whether at least one piece may be promised.
ANY_AVAILABLE: Final = Q(on_hand__gt=F("unsellable") + F("reserved") + F("safety"))

# Of a `Balance`: whether the register may sell at least one piece.
ANY_FREE: Final = Q(on_hand__gt=F("unsellable") + F("reserved"))

# The safety stock that applies to a row `place` of (store_id, item_id), whose item is `item`: the most specific rule's.
SAFETY: Final = """coalesce((
    SELECT rule.quantity
      FROM inventory_safetystock rule
     WHERE (rule.store_id IS NULL OR rule.store_id = place.store_id)
       AND (rule.item_id = place.item_id
            OR (rule.category <> '' AND starts_with(item.category || '/', rule.category || '/')))
     ORDER BY rule.item_id IS NOT NULL DESC, rule.store_id IS NOT NULL DESC, length(rule.category) DESC
     LIMIT 1), 0)"""
