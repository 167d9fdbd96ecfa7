"""Figures of the registers."""

from prometheus_client import Counter

SALES = Counter("suite_pos_sales", "Entries of registers, by what became of them.", ["outcome"])
EXCEPTIONS = Counter("suite_pos_sale_exceptions", "What recorded sales left for a manager, by code.", ["code"])
