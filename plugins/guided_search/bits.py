"""Sets of slots as whole numbers: bit n is set when slot n is in the set. Python's integers do the rest."""

from collections.abc import Iterable, Iterator


def of(slots: Iterable[int], size: int) -> int:
    """The set of `slots`, each below `size`."""
    field = bytearray(size // 8 + 1)
    for slot in slots:
        field[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(field, "little")


def members(bits: int) -> Iterator[int]:
    """The slots of the set, ascending."""
    digits = bin(bits)[:1:-1]
    position = digits.find("1")
    while position >= 0:
        yield position
        position = digits.find("1", position + 1)
