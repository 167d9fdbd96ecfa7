import django.db.models.deletion
from django.db import migrations, models


def remember_quarantine(apps, schema_editor):
    """Until now goods waited in the store's first quarantine by code."""
    rooms = apps.get_model("inventory", "StockRoom").objects.filter(kind="QUARANTINE", sellable=False)
    for found in apps.get_model("inventory", "VendorReturn").objects.all():
        found.quarantine = rooms.filter(store_id=found.store_id).order_by("code").first()
        found.save(update_fields=["quarantine"])


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0010_core_orders"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="balance", name="inventory_balance_item"),
        migrations.AddIndex(
            model_name="balance",
            index=models.Index(fields=["item", "store"], name="inventory_balance_item"),
        ),
        migrations.AddIndex(
            model_name="transferline",
            index=models.Index(
                condition=models.Q(
                    ("shipped__gt", models.F("received") + models.F("damaged") + models.F("sent_back") + models.F("lost"))
                ),
                fields=["item"],
                name="inventory_transfer_on_the_way",
            ),
        ),
        migrations.AddField(
            model_name="vendorreturn",
            name="quarantine",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.stockroom",
                verbose_name="waits in",
            ),
        ),
        migrations.RunPython(remember_quarantine, migrations.RunPython.noop),
        # What refers to the room is checked now: a table with checks still to come cannot be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="vendorreturn",
            name="quarantine",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.stockroom",
                verbose_name="waits in",
            ),
        ),
    ]
