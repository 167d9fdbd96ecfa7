from django.db import migrations


class Migration(migrations.Migration):
    """Order numbers come from a sequence: no lock is held, as in Saleor."""

    dependencies = [("embedded_core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE embedded_core_order_number START 1", "DROP SEQUENCE embedded_core_order_number"
        )
    ]
