"""What cannot be done with runs now."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError

SYNC_RUNNING: Final = "SYNC_RUNNING"
SYNC_BLOCKED: Final = "SYNC_BLOCKED"


def running() -> ApiError:
    """One run is unfinished: another cannot begin."""
    return ApiError(SYNC_RUNNING, _("A copy is under way already. Wait for it, or cancel it."))


def blocked(count: int) -> ApiError:
    """The mapping is not whole."""
    message = _("Still undecided in the mapping: %(count)s. See the list on the page, then start again.")
    return ApiError(SYNC_BLOCKED, message, params={"count": count})
