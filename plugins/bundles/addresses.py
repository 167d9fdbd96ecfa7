"""What a saved qualification says about an address. Who answers is put here when the suite starts."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.bundles.compiled import Service

Find = Callable[[str], Sequence[Service] | None]

_find: Find | None = None


def provide(find: Find | None) -> None:
    """Who answers: `find` takes the id of a qualification. Its errors: NOT_FOUND, QUALIFICATION_EXPIRED."""
    global _find
    _find = find


def services(qualification_id: str) -> Sequence[Service] | None:
    """What the address can have, and from when; None where it is not exact.

    Errors: NOT_AVAILABLE while nobody knows, and those of who answers.
    """
    if _find is None:
        message = _("Services at an address are not available in this version.")
        raise ApiError(NOT_AVAILABLE, message, field="input.qualificationId")
    return _find(qualification_id)
