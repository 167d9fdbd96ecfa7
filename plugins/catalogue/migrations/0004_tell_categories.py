from django.db import migrations

# Items that the inventory knew before it kept categories; from now on the synchronisation tells it.
CATEGORIES = """
UPDATE inventory_stockitem item
   SET category = (SELECT string_agg(slug, '/' ORDER BY place)
                     FROM jsonb_array_elements_text(product.category_slugs) WITH ORDINALITY AS path(slug, place))
  FROM catalogue_variant variant
  JOIN catalogue_product product ON product.id = variant.product_id
 WHERE variant.sku = item.sku AND variant.is_active AND jsonb_array_length(product.category_slugs) > 0
"""


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0003_translations"),
        ("inventory", "0004_floors_identifiers_reasons"),
    ]

    operations = [migrations.RunSQL(CATEGORIES, migrations.RunSQL.noop)]
