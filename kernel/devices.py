"""What a device in a store tells: the ids that it makes, its clock, and where its user is signed in."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, PERMISSION_DENIED, ApiError
from kernel.identity import Caller

# A device's clock may run ahead of ours by this much before anyone is told.
SKEW: Final = timedelta(minutes=5)


def parse_id(text: str, *, field: str) -> UUID:
    """The UUID that a device made. Errors: INVALID."""
    try:
        return UUID(text)
    except ValueError:
        raise ApiError(INVALID, _("This id is not a UUID."), field=field) from None


def check_moment(moment: datetime, *, field: str) -> datetime:
    """The moment in UTC. Errors: INVALID without a time zone or far from this century."""
    if moment.tzinfo is None or not 2000 <= moment.year <= 2199:
        raise ApiError(INVALID, _("Give the time with its time zone."), field=field)
    return moment.astimezone(UTC)


def register_of(caller: Caller, permission: str) -> tuple[str, str]:
    """The register and the store at which the caller is signed in. Errors: UNAUTHENTICATED, PERMISSION_DENIED."""
    caller.require(permission)
    if not caller.register_id or not caller.store_id:
        raise ApiError(PERMISSION_DENIED, _("Sign in at a register."))
    return caller.register_id, caller.store_id
