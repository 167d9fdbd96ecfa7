"""Who is calling. Made once per request by the front door; services ask it for permission."""

from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext_lazy as _

from kernel.errors import PERMISSION_DENIED, UNAUTHENTICATED, ApiError

Kind = Literal["guest", "shopper", "staff"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A guest, a signed-in shopper (`id` is the core's user id) or a member of staff at a register."""

    kind: Kind
    id: str
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    store_id: str | None = None
    register_id: str | None = None
    email: str = ""

    @property
    def scope(self) -> str:
        """The caller as one string, for idempotency keys and the audit trail: "staff:17"."""
        return f"{self.kind}:{self.id}"

    @property
    def is_guest(self) -> bool:
        return self.kind == "guest"

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    def may(self, permission: str) -> bool:
        """Whether the caller holds `permission`."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise UNAUTHENTICATED for a guest and PERMISSION_DENIED for anyone else without `permission`."""
        self.require_signed_in()
        if not self.may(permission):
            raise ApiError(PERMISSION_DENIED, _("You are not allowed to do this."), params={"permission": permission})

    def require_signed_in(self) -> None:
        """Raise UNAUTHENTICATED for a guest."""
        if self.is_guest:
            raise ApiError(UNAUTHENTICATED, _("Please sign in."))


GUEST = Caller(kind="guest", id="")
