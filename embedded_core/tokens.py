"""User tokens and signatures: RS256 with one key that is made at the first start and kept in the database."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from embedded_core import ids
from embedded_core.models import SigningKey, User

_KEY_LOCK = 0x5A1E0B  # advisory lock: two processes that start together must agree on one key
VOID = "Invalid token. Create new one by using tokenCreate mutation."


def signing_key() -> SigningKey:
    """The core's key; makes it when there is none yet."""
    key = SigningKey.objects.order_by("pk").first()
    if key is not None:
        return key
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_KEY_LOCK])
        return SigningKey.objects.order_by("pk").first() or _new_key()


def _new_key() -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    digest = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)["n"][:22]
    return SigningKey.objects.create(kid=digest, private_pem=pem.decode())


@lru_cache(maxsize=4)
def _load(pem: str) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("The signing key in the database is not an RSA key.")
    return key


def jwks() -> dict[str, Any]:
    """The public keys, in the form that `/.well-known/jwks.json` serves."""
    key = signing_key()
    public = RSAAlgorithm.to_jwk(_load(key.private_pem).public_key(), as_dict=True)
    return {"keys": [public | {"key_ops": ["verify"], "use": "sig", "alg": "RS256", "kid": key.kid}]}


def detached_signature(body: bytes) -> str:
    """A JWS over `body` without the body in it: `header..signature`, b64=false, as Saleor signs webhooks."""
    key = signing_key()
    headers = {"kid": key.kid, "crit": ["b64"], "b64": False}
    return jwt.api_jws.encode(
        body, _load(key.private_pem), algorithm="RS256", headers=headers, is_payload_detached=True
    )


def create(user: User, *, kind: str) -> str:
    """A token with Saleor's claims; `kind` is "access" or "refresh"."""
    seconds = settings.ACCESS_TOKEN_SECONDS if kind == "access" else settings.REFRESH_TOKEN_SECONDS
    now = timezone.now()
    claims = {
        "iat": now,
        "exp": now + timedelta(seconds=seconds),
        "owner": "saleor",
        "iss": settings.API_URL,
        "token": user.jwt_token_key,
        "email": user.email,
        "type": kind,
        "user_id": ids.global_id(user),
        "is_staff": user.is_staff,
    }
    key = signing_key()
    return jwt.encode(claims, _load(key.private_pem), algorithm="RS256", headers={"kid": key.kid})


def is_ours(token: str) -> bool:
    """Whether the text is a JWT that claims to come from Saleor; its signature is not looked at."""
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("owner") == "saleor"
    except jwt.PyJWTError:
        return False


def user_of(token: str, *, kind: str) -> User:
    """The active user of a valid token of this kind; raises `jwt.PyJWTError` otherwise."""
    claims = jwt.decode(
        token, _load(signing_key().private_pem).public_key(), algorithms=["RS256"], options={"verify_aud": False}
    )
    if claims.get("type") != kind:
        raise jwt.InvalidTokenError(VOID)
    user = User.objects.filter(email=claims.get("email"), is_active=True).first()
    if user is None or not user.may_sign_in or user.jwt_token_key != claims.get("token"):
        raise jwt.InvalidTokenError(VOID)
    return user
