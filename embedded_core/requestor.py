"""Who asks: an App by its token, a user by a JWT of this core, or nobody."""

import hashlib
from dataclasses import dataclass

from embedded_core import ids, tokens
from embedded_core.errors import PermissionDenied
from embedded_core.models import App, User

# The permissions of Saleor that this core's operations ask for.
PERMISSIONS = (
    "HANDLE_CHECKOUTS",
    "HANDLE_PAYMENTS",
    "IMPERSONATE_USER",
    "MANAGE_CHANNELS",
    "MANAGE_CHECKOUTS",
    "MANAGE_DISCOUNTS",
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES",
    "MANAGE_SHIPPING",
    "MANAGE_STAFF",
    "MANAGE_TAXES",
    "MANAGE_USERS",
)
SEES_UNPUBLISHED = ("MANAGE_ORDERS", "MANAGE_DISCOUNTS", "MANAGE_PRODUCTS")


@dataclass(frozen=True)
class Requestor:
    """The caller of one request; at most one of `app` and `user` is set."""

    app: App | None = None
    user: User | None = None

    @property
    def is_staff_or_app(self) -> bool:
        return self.app is not None or (self.user is not None and self.user.is_staff)

    def has(self, *permissions: str) -> bool:
        """Whether the caller holds one of these permissions; a customer holds none."""
        if self.app is not None:
            return any(permission in self.app.permissions for permission in permissions)
        if self.user is None or not self.user.is_staff:
            return False
        return self.user.is_superuser or any(permission in self.user.permissions for permission in permissions)

    def require(self, *permissions: str) -> None:
        """Raises PermissionDenied unless the caller holds one of these permissions."""
        if not self.has(*permissions):
            raise PermissionDenied(*permissions)

    def require_staff_or_app(self) -> None:
        """Raises PermissionDenied for customers and anonymous callers."""
        if not self.is_staff_or_app:
            raise PermissionDenied("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")

    @property
    def principal(self) -> dict[str, str] | None:
        """What webhooks call `issuingPrincipal`: an app knows its own echoes by it."""
        actor = self.app or self.user
        return {"__typename": type(actor).__name__, "id": ids.global_id(actor)} if actor else None


NOBODY = Requestor()


def hash_app_token(token: str) -> str:
    """What is stored of an App's token; the token is random, so a plain digest is safe."""
    return hashlib.sha256(token.encode()).hexdigest()


def from_header(authorization: str) -> Requestor:
    """The caller behind an `Authorization` header.

    An unknown App token is nobody, as in Saleor. A token that this core signed and that is expired or void raises
    `jwt.PyJWTError`.
    """
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() not in {"bearer", "jwt"} or not token:
        return NOBODY
    if tokens.is_ours(token):
        return Requestor(user=tokens.user_of(token, kind="access"))
    return Requestor(app=App.objects.filter(token_hash=hash_app_token(token), is_active=True).first())
