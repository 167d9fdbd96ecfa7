"""Sealed JSON: plain to the program, unreadable in the table."""

import pytest
from django.db import connection

from kernel import sealing
from kernel.models import IdempotencyKey

pytestmark = pytest.mark.django_db
TOLD = {"data": {"pin": "918273", "list": [1, None, "é"]}}


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM kernel_idempotencykey ORDER BY id")
        return [body for (body,) in cursor.fetchall()]


def test_what_is_sealed_reads_as_it_was_and_is_not_in_the_table():
    IdempotencyKey.objects.create(scope="s", key="k", digest="d", body=TOLD)
    IdempotencyKey.objects.create(scope="s", key="none", digest="d")

    assert [row.body for row in IdempotencyKey.objects.order_by("pk")] == [TOLD, None]
    [sealed, none] = stored()
    assert none is None
    assert "918273" not in sealed
    assert "pin" not in sealed


def test_another_key_opens_it_only_as_a_fallback(settings):
    row = IdempotencyKey.objects.create(scope="s", key="k", digest="d", body=TOLD)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-of-sufficient-length", []
    with pytest.raises(sealing.Unreadable):
        row.refresh_from_db()
    settings.SECRET_KEY_FALLBACKS = [old]
    row.refresh_from_db()
    assert row.body == TOLD


def test_what_was_plain_before_is_sealed_by_the_migration():
    IdempotencyKey.objects.create(scope="s", key="k", digest="d", body=TOLD)
    with connection.cursor() as cursor:
        cursor.execute("""UPDATE kernel_idempotencykey SET body = '{"pin": "918273"}'""")
    with connection.schema_editor() as editor:
        sealing.seal_column("kernel_idempotencykey", "body", "kernel.idempotency")(None, editor)

    assert IdempotencyKey.objects.get().body == {"pin": "918273"}
    assert "918273" not in stored()[0]
