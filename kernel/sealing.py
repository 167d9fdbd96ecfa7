"""Secrets at rest: sealed under keys that are not in the database.

The first key seals, all open, so that a key is changed by putting a new one before it. Without keys of their own,
secrets are sealed under keys made of SECRET_KEY and SECRET_KEY_FALLBACKS, for each purpose another.
"""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from psycopg import sql


def cipher(purpose: str, own_keys: Sequence[str] = ()) -> MultiFernet:
    """What seals and opens secrets of this purpose. Raises ValueError for something that is no Fernet key."""
    if own_keys:
        return MultiFernet([Fernet(key) for key in own_keys])
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(purpose, "", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SealedJSONField(models.Field[Any, Any]):
    """JSON that is sealed in the database: read and written like a JSONField, and never searched there.

    `purpose` is never renamed: what is in the table is sealed for it. Raises Unreadable for what no key opens.
    """

    def __init__(self, *args: Any, purpose: str, **options: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """With the purpose, for migrations."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "purpose": self.purpose}

    def get_internal_type(self) -> str:
        """A column of text."""
        return "TextField"

    def get_prep_value(self, value: Any) -> str | None:
        """Sealed, as it is stored."""
        return None if value is None else cipher(self.purpose).encrypt(json.dumps(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Opened, as it is read."""
        if value is None:
            return None
        try:
            return json.loads(cipher(self.purpose).decrypt(value.encode()))
        except InvalidToken as error:
            raise Unreadable(
                f"A value of {self.name} was sealed under a key that is not configured any more."
            ) from error


class Unreadable(Exception):
    """No key that we have opens it."""


def seal_column(table: str, column: str, purpose: str) -> Callable[[Any, Any], None]:
    """For a migration: seal the plain JSON that is in a column of text."""

    def seal(apps: Any, schema_editor: Any) -> None:
        names, sealer = {"table": sql.Identifier(table), "column": sql.Identifier(column)}, cipher(purpose)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL").format(**names))
            rows = [(sealer.encrypt(plain.encode()).decode(), key) for key, plain in cursor.fetchall()]
            cursor.executemany(sql.SQL("UPDATE {table} SET {column} = %s WHERE id = %s").format(**names), rows)

    return seal
