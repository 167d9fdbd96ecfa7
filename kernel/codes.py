"""Codes by which somebody shows that a thing is theirs: derived from what it is, never stored (pure).

Eight characters of Crockford's base 32 are 40 bits of an HMAC; guessing is stopped by counting the attempts.
"""

import hashlib
import hmac

from kernel.ids import CROCKFORD

LENGTH = 8
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def derive(key: bytes, subject: str) -> str:
    """The code of a subject, as "pickup:81:2": what it is, which one, and of which generation."""
    digest = hmac.new(key, subject.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:5], "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def matches(code: str, typed: str) -> bool:
    """Whether what was typed or scanned is the code; forgives case, blanks, dashes and look-alikes."""
    cleaned = "".join(char for char in typed.upper() if char.isalnum()).translate(_READ_AS)
    return hmac.compare_digest(code.encode(), cleaned.encode())
