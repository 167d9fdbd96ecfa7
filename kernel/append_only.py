"""Tables whose rows are never changed: the database itself refuses UPDATE and DELETE."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
DROP_FUNCTION = "DROP FUNCTION kernel_refuse_change();"


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation that makes `table` append-only. The migration depends on ("kernel", "0001_initial").

    Changes raise django.db.IntegrityError. TRUNCATE stays with the table's owner: it is how test databases are emptied.
    """
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )
