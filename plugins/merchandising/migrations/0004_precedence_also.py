"""A precedence rule may ask for choices in several dimensions."""

from django.db import migrations, models

import plugins.merchandising.validation


class Migration(migrations.Migration):
    dependencies = [("merchandising", "0003_own_vocabulary")]

    operations = [
        migrations.AddField(
            model_name="precedencerule",
            name="also",
            field=models.JSONField(
                blank=True,
                default=dict,
                validators=[plugins.merchandising.validation.refinements],
                verbose_name="and after choices in",
            ),
        ),
    ]
