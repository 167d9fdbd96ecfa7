"""How the database is emptied after a test that committed.

Django truncates every table and makes content types and permissions anew, which costs more than most tests do. Here the
tables that hold rows are found, and the few rows deleted; what `migrate` makes for Django itself stays.
"""

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

_OF_DJANGO = frozenset({"django_migrations", "django_content_type", "auth_permission"})
_flush = TransactionTestCase._fixture_teardown


def install() -> None:
    """Let pytest-django's transactional tests be emptied this way."""
    TransactionTestCase._fixture_teardown = _empty


def _empty(test: Any) -> None:
    connection = connections["default"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() == ("on",):
            # Neither foreign keys nor the triggers of append-only tables are asked.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in _written(connection, cursor):
                cursor.execute(f"DELETE FROM {table}")
            return
    _flush(test)


def _written(connection: Any, cursor: Any) -> list[str]:
    """The quoted names of the tables that hold rows."""
    tables = set(connection.introspection.table_names(cursor)) - _OF_DJANGO
    quoted = [connection.ops.quote_name(table) for table in sorted(tables)]
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in quoted))
    return [table for (table,) in cursor.fetchall()]
