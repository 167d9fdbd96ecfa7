from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guided_search", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="indexreport",
            name="built_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the last whole build that came to its end began",
                null=True,
                verbose_name="built anew since",
            ),
        ),
    ]
