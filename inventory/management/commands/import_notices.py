"""`manage.py import_notices FILE`: shipping notices from a CSV or XLSX."""

from inventory import notice_import
from inventory.import_command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import shipping notices (columns supplier, number, store, sku, quantity; expected_on, serials) from a CSV or "
        "XLSX."
    )
    things, done, known = "rows", "announced", "were announced already"
    bring_in = staticmethod(notice_import.bring_in)
