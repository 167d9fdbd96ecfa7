from django.db import migrations

FLOORS = """
INSERT INTO inventory_stockroom (id, store_id, code, kind, name, sellable)
SELECT gen_random_uuid()::text, store.id, 'FLOOR', 'FLOOR', '', true
  FROM inventory_store store
 WHERE NOT EXISTS (SELECT 1 FROM inventory_stockroom room WHERE room.store_id = store.id AND room.kind = 'FLOOR')
"""

IDENTIFIERS = """
INSERT INTO inventory_unitidentifier (unit_id, item_id, type, value)
SELECT id, item_id, identifier_type, identifier FROM inventory_unit
"""

# code, English, Chinese, direction, kind of movement, kind of room, approval from
REASONS = [
    ("DAMAGED", "Damaged", "损坏", "MOVE", "DAMAGE", "QUARANTINE", None),
    ("ON_DISPLAY", "Put on display", "上架展示", "MOVE", "DISPLAY", "DISPLAY", None),
    ("TO_REPAIR", "Taken in for repair", "送入维修", "MOVE", "REPAIR", "REPAIR", None),
    ("BACK_ON_SALE", "Back on sale", "恢复销售", "MOVE", "MOVE", "FLOOR", None),
    ("FOUND", "Found", "盘盈", "IN", "ADJUSTMENT", "", 5),
    ("STOLEN", "Stolen", "被盗", "OUT", "ADJUSTMENT", "", 1),
    ("LOST", "Lost", "丢失", "OUT", "ADJUSTMENT", "", 5),
    ("SCRAPPED", "Scrapped", "报废", "OUT", "DAMAGE", "", 5),
    ("STORE_USE", "Used by the store", "门店自用", "OUT", "ADJUSTMENT", "", 5),
]


def seed_reasons(apps, schema_editor):
    Reason = apps.get_model("inventory", "Reason")
    for code, name, name_zh, direction, kind, to_kind, approval_from in REASONS:
        Reason.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_zh": name_zh,
                "direction": direction,
                "kind": kind,
                "to_kind": to_kind,
                "approval_from": approval_from,
            },
        )


class Migration(migrations.Migration):

    dependencies = [("inventory", "0003_rooms_and_units")]

    operations = [
        migrations.RunSQL(FLOORS, migrations.RunSQL.noop),
        migrations.RunSQL(IDENTIFIERS, migrations.RunSQL.noop),
        migrations.RunPython(seed_reasons, migrations.RunPython.noop),
    ]
