"""What a person sees of a contradiction before settling it: the list, both balances, and what a settlement will do."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import history
from .models import Balance, Contradiction, StockRoom, Store, Unit
from .settlements import Plan


def of_store(store_id: str, *, settled: bool = False) -> QuerySet[Contradiction]:
    """Those of movements of this store, open or settled; order them by "-pk" for the latest first."""
    rows = Contradiction.objects.filter(movement__store_id=store_id, settled_at__isnull=not settled)
    return rows.select_related("movement__store", "movement__room")


def find(store_id: str, contradiction_id: int) -> Contradiction | None:
    """One of this store, open or settled. One query."""
    rows = Contradiction.objects.filter(movement__store_id=store_id, pk=contradiction_id)
    return rows.select_related("movement__store", "movement__room").first()


def unit_of(row: Contradiction) -> Unit | None:
    """The unit that it is about, as people see it. At most two queries."""
    return history.shown(Unit.objects.filter(pk=row.unit_id)).first() if row.unit_id else None


def balances(row: Contradiction, unit: Unit | None) -> list[Balance]:
    """Where it was booked, and where the books have the piece if that is elsewhere. One query."""
    here = Q(store_id=row.movement.store_id, item_id=row.movement.item_id)
    there = Q(store_id=unit.store_id, item_id=unit.item_id) if unit else here
    found = Balance.objects.filter(here | there).select_related("store", "item")
    own = (row.movement.store_id, row.movement.item_id)
    return sorted(found, key=lambda balance: (balance.store_id, balance.item_id) != own)


def numbers_wanted(row: Contradiction) -> int:
    """How many pieces are to be named when the right ones are."""
    return max(abs(row.pieces), 1)


def effect(made: Plan) -> list[str]:
    """All that a settlement does, a sentence for each step. One query."""
    stores = Store.objects.in_bulk(
        [
            *(entry.place[0] for entry in made.entries),
            *(change.store_id for change in made.changes),
            *(store for store, _sku in made.registered),
        ]
    )
    lines = [
        _("%(store)s: %(kind)s, %(quantity)s × %(sku)s (%(room)s)")
        % {
            "store": stores[entry.place[0]].name,
            "kind": str(entry.kind.label),
            "quantity": f"{entry.quantity:+d}",
            "sku": entry.place[1],
            "room": entry.room or StockRoom.Kind.FLOOR.label,
        }
        for entry in made.entries
    ]
    for change in made.changes:
        after = {
            "unit": change.unit.identifier,
            "before": change.unit.get_state_display(),
            "after": str(Unit.State(change.state).label),
            "store": stores[change.store_id].name,
        }
        same = after["before"] == after["after"]
        moved = _("%(unit)s: %(after)s, on the books of %(store)s")
        lines.append((moved if same else _("%(unit)s: %(before)s → %(after)s, on the books of %(store)s")) % after)
    lines += [_("%(unit)s becomes known in this store") % {"unit": unit.identifier} for unit in made.new]
    for (store, sku), quantity in made.registered.items():
        told = {"store": stores[store].name, "sku": sku, "quantity": f"{-quantity:+d}"}
        lines.append(_("%(store)s: pieces of %(sku)s without a number %(quantity)s") % told)
    return lines or [_("No movement: the entry is closed with your reason.")]
