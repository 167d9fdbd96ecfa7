"""`manage.py import_opening FILE`: opening stock from a CSV or XLSX, however many rows."""

from functools import partial

from inventory import opening_import
from inventory.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import opening stock (columns store, sku, quantity, and serials of tracked SKUs) from a CSV or XLSX."
    things, done, known = "balances", "opened", "were open already"
    bring_in = partial(opening_import.bring_in, max_rows=None)
