"""What PostgreSQL's refusals mean to a caller."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import STORAGE_FULL, TRY_AGAIN, ApiError

# serialization_failure, deadlock_detected, lock_not_available: another try may well succeed.
_CONFLICTS = {"40001", "40P01", "55P03"}
_DISK_FULL = "53100"
# connection_exception, operator_intervention (the server stops or starts); none at all: there was no server to say one.
_AWAY = ("08", "57P")


def api_error(error: Error) -> ApiError | None:
    """The database error as something a client can act on; None when it is a bug."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _CONFLICTS:
        return ApiError(TRY_AGAIN, _("Someone else is changing the same thing. Please try again."))
    if state == _DISK_FULL:
        return ApiError(STORAGE_FULL, _("The system has no space left and cannot save this. Please tell support."))
    if isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(_AWAY)):
        return ApiError(TRY_AGAIN, _("The system cannot reach its data at the moment. Please try again in a minute."))
    return None


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that the statement would have broken."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def joined() -> AbstractContextManager[Any]:
    """The caller's transaction, or one of its own. For what has changed nothing when it refuses: it needs no savepoint
    to take back what it did, which costs two statements."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn conflicts, outages and a full disk into ApiError. Put it outside the transaction, which must roll back."""
    try:
        yield
    except Error as error:
        told = api_error(error)
        if told is None:
            raise
        raise told from error
