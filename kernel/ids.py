"""Identifiers: unguessable where knowing one is a right, readable where people say them aloud."""

import secrets
import uuid

from kernel import clock

# Crockford's base 32: no I, L, O, U, so that nothing is misread or rude.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def capability() -> str:
    """192 random bits, safe in a URL: whoever holds it may use what it names."""
    return secrets.token_urlsafe(24)


def new_uuid() -> uuid.UUID:
    """A random UUID."""
    return uuid.uuid4()


def order_number() -> str:
    """A number a customer can spell: "O", the UTC day, and 40 random bits ("O260331-7K3QF9M2").

    Unique by chance, not by proof: the column has a unique constraint and its writer asks for another on conflict.
    """
    return f"O{clock.now():%y%m%d}-{random_code(8)}"


def random_code(length: int) -> str:
    """`length` random Crockford characters, five bits each."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))
