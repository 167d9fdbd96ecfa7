"""Chance that is the same at every run: each decision has a name and draws from a stream of its own.

Adding a product or a store thus changes nothing about the others.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SEED = "kestrel-1"


def stream(*names: object) -> random.Random:
    """A random stream for the decision called by these names."""
    text = "/".join([SEED, *map(str, names)])
    return random.Random(hashlib.sha256(text.encode()).digest())


def pick(options: Sequence[T], *names: object) -> T:
    return stream(*names).choice(options)


def number(digits: int, *names: object) -> str:
    """A decimal string of that many digits, spread by a hash (collisions are as rare as the length allows)."""
    text = "/".join([SEED, *map(str, names)])
    return str(int.from_bytes(hashlib.sha256(text.encode()).digest()[:10], "big"))[-digits:].zfill(digits)
