"""The only writer of balances and movements.

Locks are taken in one order everywhere: reservations by id, balances by (store, SKU), units by id. Every function here
runs in the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from kernel import clock, outbox
from kernel.locks import lock_rows

from . import announcements, errors
from .models import Balance, Movement, Unit, UnitMovement

STOCK_CHANGED = "stock.changed"

Place = tuple[str, str]
"""A store id and a SKU."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement to be written. `units` move with it; `unregistered` is the part of the quantity without one."""

    place: Place
    kind: Movement.Kind
    quantity: int
    source_key: str
    units: Sequence[Unit] = ()
    unregistered: int = 0
    reason: str = ""


class Books:
    """The locked balances of some places; what is changed is written by `save` and `book`."""

    def __init__(self, balances: Iterable[Balance]) -> None:
        self._balances = {(balance.store_id, balance.item_id): balance for balance in balances}
        self._told = {place: self.available(place) for place in self._balances}

    @classmethod
    def locked(cls, places: Collection[Place], *, create: bool = False) -> "Books":
        """Lock the balances of `places` in order; with `create`, first make those that are missing."""
        if not places:
            return cls(())
        if create:
            rows = [Balance(store_id=store, item_id=sku) for store, sku in sorted(set(places))]
            Balance.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
        skus: dict[str, set[str]] = defaultdict(set)
        for store, sku in places:
            skus[store].add(sku)
        chosen = Q()
        for store, wanted in skus.items():
            chosen |= Q(store_id=store, item_id__in=wanted)
        return cls(lock_rows(Balance.objects.filter(chosen), order_by=("store_id", "item_id")))

    def places(self) -> list[Place]:
        """The places locked."""
        return list(self._balances)

    def available(self, place: Place) -> int:
        """On hand less reserved; negative where a short sale took what was promised. 0 where there is no balance."""
        balance = self._balances.get(place)
        return balance.on_hand - balance.reserved if balance else 0

    def reserve(self, place: Place, quantity: int) -> None:
        """Add `quantity` (negative to free it) to what is reserved."""
        self._balances[place].reserved += quantity

    def save(self) -> None:
        """Write the balances in one statement, and let the processes that mirror them know which to read again."""
        _write(self._balances.values())
        now = {place: self.available(place) for place in self._balances}
        announcements.stock_changed([place for place in now if now[place] != self._told[place]])
        self._told = now

    def book(
        self, entries: Sequence[Entry], *, actor: str, occurred_at: datetime | None, bulk: bool = False
    ) -> list[Movement]:
        """Write the entries as movements with their units, and the balances.

        Announces `stock.changed` {store_id, sku} for each place; with `bulk` once per store, its sku null.
        """
        movements = [self._movement(entry, actor, occurred_at) for entry in entries]
        Movement.objects.bulk_create(movements, batch_size=2000)
        UnitMovement.objects.bulk_create(
            [
                UnitMovement(movement=movement, unit=unit)
                for movement, entry in zip(movements, entries, strict=True)
                for unit in entry.units
            ],
            batch_size=5000,
        )
        self.save()
        self.tell_core(entry.place for entry in entries)
        places = dict.fromkeys(entry.place for entry in entries)
        _announce(dict.fromkeys((store, None) for store, _sku in places) if bulk else places)
        return movements

    def tell_core(self, places: Iterable[Place]) -> None:
        """Note that the core's quantity at these places must be looked at anew."""
        want_push([self._balances[place].pk for place in places])

    def _movement(self, entry: Entry, actor: str, occurred_at: datetime | None) -> Movement:
        balance = self._balances[entry.place]
        balance.on_hand += entry.quantity
        balance.unregistered += entry.unregistered
        if balance.on_hand >= 0:
            balance.short_since = None
        elif balance.short_since is None:
            balance.short_since = clock.now()
        store, sku = entry.place
        return Movement(
            store_id=store,
            item_id=sku,
            kind=entry.kind,
            quantity=entry.quantity,
            balance_after=balance.on_hand,
            source_key=entry.source_key,
            actor=actor,
            reason=entry.reason,
            occurred_at=occurred_at or clock.now(),
        )


def replayed(source_keys: Mapping[str, tuple[Place, int]]) -> list[Movement]:
    """The movements already written under these keys, which must be all of them or none.

    Raises IDEMPOTENCY_MISMATCH when a key was used for another place or quantity, or only some were used. Call it with
    the balances locked: then a concurrent twin has either committed or not begun.
    """
    found = list(Movement.objects.filter(source_key__in=source_keys).order_by("pk"))
    for movement in found:
        if source_keys[movement.source_key] != ((movement.store_id, movement.item_id), movement.quantity):
            raise errors.source_key_reused(movement.source_key)
    if found and len(found) != len(source_keys):
        raise errors.source_key_reused(found[0].source_key)
    return found


def want_push(balance_ids: Collection[int]) -> None:
    """Mark the core's copy of these balances as stale."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inventory_corestock (balance_id, wanted, pushed, failures, last_error)
            SELECT id, 1, 0, 0, '' FROM unnest(%s::bigint[]) AS id ORDER BY id
            ON CONFLICT (balance_id) DO UPDATE SET wanted = inventory_corestock.wanted + 1
            """,
            [sorted(set(balance_ids))],
        )


def _announce(places: Iterable[tuple[str, str | None]]) -> None:
    for store, sku in places:
        outbox.publish(
            topic=STOCK_CHANGED,
            aggregate=f"stock:{store}:{sku}" if sku else f"stock:{store}",
            payload={"store_id": store, "sku": sku},
        )


def _write(balances: Collection[Balance]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_balance AS balance
               SET on_hand = new.on_hand, reserved = new.reserved, unregistered = new.unregistered,
                   short_since = new.short_since
              FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::timestamptz[])
                   AS new(id, on_hand, reserved, unregistered, short_since)
             WHERE balance.id = new.id
            """,
            [
                [balance.pk for balance in balances],
                [balance.on_hand for balance in balances],
                [balance.reserved for balance in balances],
                [balance.unregistered for balance in balances],
                [balance.short_since for balance in balances],
            ],
        )
