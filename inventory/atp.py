"""The arithmetic of what may be promised. Pure."""


def available_to_promise(*, on_hand: int, reserved: int) -> int:
    """Pieces that may still be promised: sellable on hand less reserved, never negative."""
    return max(on_hand - reserved, 0)


def core_quantity(*, on_hand: int, unknown_holds: int) -> int:
    """The quantity shown to the core: on hand less the holds that it cannot know (register, transfer).

    Cart and order holds are left in, since the core subtracts its own orders itself.
    """
    return max(on_hand - unknown_holds, 0)
