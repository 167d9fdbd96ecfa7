"""What a client may be told: a stable code, one sentence a person can act on, and the input that caused it.

Codes are part of the API: they are never renamed. A capability lists its own in its errors.py. Messages are given as
gettext_lazy strings and rendered when they are read, in the language of the request that reads them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise

INVALID = "INVALID"
REQUIRED = "REQUIRED"
NOT_FOUND = "NOT_FOUND"
UNAUTHENTICATED = "UNAUTHENTICATED"
PERMISSION_DENIED = "PERMISSION_DENIED"
NOT_AVAILABLE = "NOT_AVAILABLE"
IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
IN_PROGRESS = "IN_PROGRESS"
TRY_AGAIN = "TRY_AGAIN"
NEEDS_ATTENTION = "NEEDS_ATTENTION"
TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
CHANGED_SINCE = "CHANGED_SINCE"
LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
CORE_UNAVAILABLE = "CORE_UNAVAILABLE"
STORAGE_FULL = "STORAGE_FULL"

# The same request may well succeed later, unchanged.
TRANSIENT = frozenset({IN_PROGRESS, TRY_AGAIN, CORE_UNAVAILABLE, STORAGE_FULL})

Message = str | Promise


class ApiError(Exception):
    """A refusal that the caller can understand; raising it rolls the caller's transaction back.

    `field` is the dotted input path ("lines.0.quantity"). `params` are facts for a program; they also fill
    `%(name)s` placeholders of the message. A subclass sets `default_code` and may be raised without a code.
    """

    default_code: ClassVar[str] = INVALID

    def __init__(
        self,
        code: str = "",
        message: Message = "",
        *,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code or self.default_code
        self.field = field
        self.params = dict(params or {})
        self._message = message

    @property
    def message(self) -> str:
        """The sentence in the language active now."""
        text = str(self._message) or self.code
        return text % self.params if self.params and "%(" in text else text

    @property
    def extensions(self) -> dict[str, Any]:
        """What graphql-core copies to a top-level error."""
        return {"code": self.code, "field": self.field}

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Errors(Exception):
    """Several refusals at once, for input whose mistakes are better told together."""

    def __init__(self, errors: Iterable[ApiError]) -> None:
        self.errors = list(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "; ".join(str(error) for error in self.errors)


def raise_all(errors: Iterable[ApiError]) -> None:
    """Raise what was collected: nothing, the one error, or `Errors`."""
    found = list(errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Errors(found)
