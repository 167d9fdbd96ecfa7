"""The code that a customer shows at the counter: derived from the pickup, never stored (pure).

Eight characters of Crockford's base 32 are 40 bits of an HMAC; guessing is stopped by counting the attempts. A new
generation of a pickup has a new code.
"""

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def derive(key: bytes, pickup_id: str, generation: int) -> str:
    """The code of one generation of a pickup."""
    digest = hmac.new(key, f"pickup:{pickup_id}:{generation}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def matches(code: str, typed: str) -> bool:
    """Whether what was typed or scanned is the code; forgives case, blanks, dashes and look-alikes."""
    cleaned = "".join(char for char in typed.upper() if char.isalnum()).translate(_READ_AS)
    return hmac.compare_digest(code.encode(), cleaned.encode())
