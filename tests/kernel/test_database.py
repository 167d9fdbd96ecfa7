"""What a caller is told of PostgreSQL's refusals."""

import psycopg
import pytest
from django.db import Error, IntegrityError, InterfaceError, OperationalError

from kernel.database import api_error
from kernel.errors import STORAGE_FULL, TRY_AGAIN


def refusal(kind: type[Error], cause: BaseException) -> Error:
    error = kind("what the driver said")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (refusal(OperationalError, psycopg.errors.SerializationFailure()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.errors.DeadlockDetected()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.errors.LockNotAvailable()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.errors.DiskFull()), STORAGE_FULL),
        (refusal(OperationalError, psycopg.errors.AdminShutdown()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.errors.CannotConnectNow()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.errors.ConnectionFailure()), TRY_AGAIN),
        (refusal(OperationalError, psycopg.OperationalError("connection refused")), TRY_AGAIN),
        (refusal(InterfaceError, psycopg.InterfaceError("the connection is closed")), TRY_AGAIN),
    ],
)
def test_conflicts_outages_and_a_full_disk_are_told(error: Error, code: str) -> None:
    told = api_error(error)
    assert told is not None
    assert told.code == code


@pytest.mark.parametrize(
    "error",
    [
        refusal(IntegrityError, psycopg.errors.UniqueViolation()),
        refusal(OperationalError, psycopg.errors.OutOfMemory()),
        refusal(OperationalError, psycopg.errors.QueryCanceled()),
    ],
)
def test_bugs_are_not(error: Error) -> None:
    assert api_error(error) is None
