"""Synonyms can be switched off, and imports undone as a whole. The words that came with the installation leave this
table: they are the search's own vocabulary, which a row replaces by having its code."""

import uuid

from django.db import migrations, models
from django.db.models import OuterRef


def leave_to_the_search(apps, schema_editor):
    """Delete the synonyms that came with an earlier version and that nobody has ever changed."""
    revisions = apps.get_model("merchandising", "Revision").objects
    touched = revisions.filter(model="synonyms", row_id=OuterRef("pk"))
    deleted, _by_table = (
        apps.get_model("merchandising", "Synonyms").objects.filter(~models.Exists(touched)).delete()
    )
    if deleted:
        apps.get_model("merchandising", "Version").objects.filter(pk=1).update(token=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("merchandising", "0002_defaults")]

    operations = [
        migrations.AddField(
            model_name="synonyms",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="active"),
        ),
        migrations.AddField(
            model_name="revision",
            name="run",
            field=models.UUIDField(
                db_index=True,
                help_text="Changes of one import, or of its undoing, have it in common.",
                null=True,
                verbose_name="run",
            ),
        ),
        migrations.AlterModelOptions(
            name="revision",
            options={
                "ordering": ["-id"],
                "verbose_name": "change of the search",
                "verbose_name_plural": "changes of the search",
            },
        ),
        migrations.AlterField(
            model_name="revision",
            name="action",
            field=models.CharField(
                choices=[("CREATED", "Created"), ("CHANGED", "Changed"), ("DELETED", "Deleted")],
                max_length=8,
                verbose_name="what was done",
            ),
        ),
        migrations.RunPython(leave_to_the_search, migrations.RunPython.noop),
    ]
