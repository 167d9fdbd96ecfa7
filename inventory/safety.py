"""Safety stock: the rules, and what of them applies to each balance."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from kernel import outbox

from . import atp, errors, ledger
from .models import SafetyStock, StockItem, Store

BATCH = 2000

RULES_CHANGED = "stock.safety_changed"


@transaction.atomic
def set_rule(*, quantity: int, sku: str | None = None, category: str = "", store_id: str | None = None) -> SafetyStock:
    """Keep back `quantity` pieces of a SKU or of a category (slugs from the root down, `devices/phones`).

    In one store, or in all where none is given. The rule of the same store and SKU or category is changed. Raises
    UNKNOWN_SKU, STORE_NOT_FOUND, and django ValidationError for what is no rule.
    """
    if sku is not None and not StockItem.objects.filter(pk=sku).exists():
        raise errors.unknown_sku(sku)
    if store_id is not None and not Store.objects.filter(pk=store_id).exists():
        raise errors.store_not_found(store_id)
    found = (
        SafetyStock.objects.select_for_update(of=("self",))
        .filter(store_id=store_id, item_id=sku, category=category)
        .first()
    )
    rule = found or SafetyStock(store_id=store_id, item_id=sku, category=category)
    rule.quantity = quantity
    rule.full_clean()
    rule.save()
    rules_changed()
    return rule


@transaction.atomic
def drop_rule(*, rule_id: int) -> bool:
    """Keep nothing back by this rule any more. False when there was none."""
    deleted, _per_model = SafetyStock.objects.filter(pk=rule_id).delete()
    if deleted:
        rules_changed()
    return bool(deleted)


def rules_changed(skus: Collection[str] | None = None) -> None:
    """Apply the rules to the balances (of these SKUs, or all) that differ, now and once more after the commit.

    A balance that another transaction makes at this moment does not see the new rule, and we do not see the balance:
    the message finds it.
    """
    apply(skus=skus)
    outbox.publish(topic=RULES_CHANGED, aggregate=RULES_CHANGED, payload={})


def on_rules_changed(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: see `rules_changed`."""
    apply()


@transaction.atomic
def apply(*, skus: Collection[str] | None = None) -> int:
    """Bring the balances (of these SKUs, or all) in line with the rules; returns how many differed.

    Locks them in the order of all balances, and reads the rule again under the lock.
    """
    places = sorted(_differing(skus))
    for start in range(0, len(places), BATCH):
        batch = places[start : start + BATCH]
        books = ledger.Books.locked(batch)
        for place, quantity in _effective(batch).items():
            books.keep_back(place, quantity)
        books.save()
        books.tell_core(books.places())
    return len(places)


def _differing(skus: Collection[str] | None) -> list[ledger.Place]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING, {"all": skus is None, "skus": list(skus or ())})
        return [(store, sku) for store, sku in cursor.fetchall()]


def _effective(places: Collection[ledger.Place]) -> dict[ledger.Place, int]:
    with connection.cursor() as cursor:
        cursor.execute(_EFFECTIVE, [[store for store, _sku in places], [sku for _store, sku in places]])
        return {(store, sku): quantity for store, sku, quantity in cursor.fetchall()}


_DIFFERING = f"""
SELECT place.store_id, place.item_id
  FROM inventory_balance place
  JOIN inventory_stockitem item ON item.sku = place.item_id
 WHERE (%(all)s OR place.item_id = ANY(%(skus)s))
   AND place.safety <> {atp.SAFETY}
"""  # noqa: S608 - a constant of ours

_EFFECTIVE = f"""
SELECT place.store_id, place.item_id, {atp.SAFETY}
  FROM unnest(%s::text[], %s::text[]) AS place(store_id, item_id)
  JOIN inventory_stockitem item ON item.sku = place.item_id
"""  # noqa: S608 - a constant of ours
