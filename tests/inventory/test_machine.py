"""Random work in two stores and their rooms; after every step the books add up and nothing was promised twice."""

import datetime as dt
import os
import uuid

import pytest
from django.db.models import Value
from django.db.models.functions import Coalesce
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from inventory import errors, explained, proof, selectors, services, settlements
from inventory.models import Balance, Contradiction, Movement, Reservation, RoomBalance, SafetyStock, Unit
from inventory.units import FREE
from kernel.clock import FrozenClock, use_clock
from kernel.errors import INVALID, ApiError

from .goods import imei, make_item, make_store

EXAMPLES = 300 if os.environ.get("SOAK") else 12
START = dt.datetime(2026, 3, 4, 18, 0, tzinfo=dt.UTC)


class Inventory(RuleBasedStateMachine):
    """Two stores, two articles by quantity and one by IMEI; the clock is ours."""

    reservations = Bundle("reservations")
    sales = Bundle("sales")

    stores = st.integers(0, 1)
    items = st.integers(0, 2)
    few = st.integers(1, 3)
    rooms = st.integers(0, 2)
    purposes = st.sampled_from(["CART", "POS"])

    def __init__(self):
        super().__init__()
        self.clock = FrozenClock(START)
        self._clock = use_clock(self.clock)
        self._clock.__enter__()
        self.store = [make_store(), make_store()]
        self.item = [make_item(), make_item(), make_item("IMEI")]
        self.rooms = [
            [
                store.rooms.get(kind="FLOOR"),
                self.room(store, "BACK", sellable=True),
                self.room(store, "QUARANTINE", sellable=False),
            ]
            for store in self.store
        ]
        self.serials = []
        self.short_sales = False

    def teardown(self):
        self._clock.__exit__(None, None, None)

    def room(self, store, kind, *, sellable):
        return services.upsert_room(store_id=store.pk, code=kind, kind=kind, sellable=sellable)

    def attempt(self, call, *expected):
        """The call's result, or None after a refusal that may be."""
        before = self.totals()
        try:
            return call()
        except ApiError as refusal:
            if refusal.code not in expected:
                raise
        assert self.totals() == before, "a refusal changed something"
        return None

    def totals(self):
        places = {"store__in": self.store}
        return (
            sorted(
                Balance.objects.filter(**places).values_list(
                    "store", "item", "on_hand", "unsellable", "reserved", "safety", "unregistered"
                )
            ),
            sorted(RoomBalance.objects.filter(room__store__in=self.store).values_list("balance", "room", "quantity")),
            Movement.objects.filter(**places).count(),
            sorted(
                Unit.objects.filter(**places).values_list(
                    "pk", "identifier", "store", "state", Coalesce("room", Value(""))
                )
            ),
            sorted(Reservation.objects.filter(**places).values_list("key", "state", "expires_at")),
        )

    def some_serials(self, item, quantity, data):
        if not self.item[item].tracked:
            return []
        known = [data.draw(st.sampled_from(self.serials)) for _ in range(quantity)] if self.serials else []
        return known or [imei() for _ in range(quantity)]

    @rule(store=stores, item=items, quantity=few, room=st.none() | rooms, twice=st.booleans())
    def receive(self, store, item, quantity, room, twice):
        serials = [imei() for _ in range(quantity)] if self.item[item].tracked else []
        call = {
            "store_id": self.store[store].pk,
            "sku": self.item[item].sku,
            "quantity": quantity,
            "serials": serials,
            "source_key": f"receipt-{uuid.uuid4()}",
            "actor": "machine",
            "room_id": None if room is None else self.rooms[store][room].pk,
        }
        first = services.receive(**call)
        if twice:
            assert services.receive(**call).pk == first.pk
        self.serials += serials

    @rule(store=stores, item=items, quantity=few, origin=rooms, goal=rooms, force=st.booleans(), data=st.data())
    def move(self, store, item, quantity, origin, goal, force, data):
        serials = []
        if self.item[item].tracked:
            room = self.rooms[store][origin]
            there = Unit.objects.filter(store=self.store[store], room=None if room.is_floor else room, state__in=FREE)
            serials = list(there.order_by("pk").values_list("identifier", flat=True)[:quantity])
            if len(serials) < quantity or data.draw(st.booleans()):
                serials = self.some_serials(item, quantity, data)
        call = {
            "store_id": self.store[store].pk,
            "lines": [(self.item[item].sku, quantity, serials)],
            "from_room_id": self.rooms[store][origin].pk,
            "to_room_id": self.rooms[store][goal].pk,
            "source_key": f"move-{uuid.uuid4()}",
            "actor": "machine",
            "even_if_promised": force,
        }
        moved = self.attempt(
            lambda: services.move_goods(**call),
            INVALID,
            errors.INSUFFICIENT_STOCK,
            errors.SERIAL_REQUIRED,
            errors.SERIAL_UNKNOWN,
            errors.SERIAL_NOT_IN_STOCK,
        )
        if moved:
            assert sum(movement.quantity for movement in moved) == 0
            assert [row.pk for row in services.move_goods(**call)] == [row.pk for row in moved]

    @rule(store=stores, kind=st.sampled_from(["BACK", "QUARANTINE"]), sellable=st.booleans())
    def change_room(self, store, kind, sellable):
        self.room(self.store[store], kind, sellable=sellable)

    @rule(store=st.none() | stores, item=items, quantity=st.integers(0, 2))
    def change_safety(self, store, item, quantity):
        store_id = None if store is None else self.store[store].pk
        services.set_safety_rule(sku=self.item[item].sku, store_id=store_id, quantity=quantity)

    @rule(store=st.none() | stores, item=items)
    def drop_safety(self, store, item):
        found = SafetyStock.objects.filter(item=self.item[item], store=None if store is None else self.store[store])
        for rule_id in found.values_list("pk", flat=True):
            services.drop_safety_rule(rule_id=rule_id)

    @rule(
        target=reservations,
        store=stores,
        wanted=st.lists(st.tuples(items, few), min_size=1, max_size=3),
        purpose=purposes,
    )
    def reserve(self, store, wanted, purpose):
        return self._reserve(f"key-{uuid.uuid4()}", store, wanted, purpose=purpose) or multiple()

    @rule(held=reservations, store=stores, wanted=st.lists(st.tuples(items, few), min_size=1, max_size=2))
    def reserve_again(self, held, store, wanted):
        self._reserve(Reservation.objects.get(pk=held).key, store, wanted)

    @rule(
        target=reservations,
        held=consumes(reservations),
        store=stores,
        wanted=st.lists(st.tuples(items, few), max_size=2),
    )
    def replace(self, held, store, wanted):
        old = Reservation.objects.get(pk=held)
        new = self._reserve(f"key-{uuid.uuid4()}", store, wanted, replaces=old.key)
        return new or held

    def _reserve(self, key, store, wanted, replaces=None, purpose="CART"):
        places = [(self.item[item].sku, quantity) for item, quantity in wanted]
        held = self.attempt(
            lambda: services.reserve(
                key=key,
                purpose=purpose,
                owner="machine",
                store_id=self.store[store].pk,
                lines=places,
                expires_at=self.clock.now() + dt.timedelta(minutes=10),
                replaces=replaces,
            ),
            errors.INSUFFICIENT_STOCK,
            errors.RESERVATION_CLOSED,
        )
        return held.pk if held else None

    @rule(held=reservations)
    def confirm(self, held):
        self.attempt(lambda: services.confirm(reservation_id=held), errors.RESERVATION_EXPIRED)

    @rule(held=reservations)
    def release_twice(self, held):
        call = {"reservation_id": held, "reason": "machine"}
        first = self.attempt(lambda: services.release(**call), errors.RESERVATION_CLOSED)
        second = self.attempt(lambda: services.release(**call), errors.RESERVATION_CLOSED)
        assert second is first is None or second is False

    @rule(held=reservations, data=st.data())
    def pick(self, held, data):
        serial = self.some_serials(2, 1, data)[0]
        self.attempt(
            lambda: services.pick_unit(reservation_id=held, sku=self.item[2].sku, serial=serial),
            errors.RESERVATION_CLOSED,
            errors.RESERVATION_EXPIRED,
            errors.UNKNOWN_SKU,
            errors.SERIAL_UNKNOWN,
            errors.SERIAL_NOT_IN_STOCK,
            errors.SERIAL_REQUIRED,
        )

    @rule(held=reservations, right=st.booleans(), data=st.data())
    def issue(self, held, right, data):
        lines = {line.item_id: line.quantity for line in Reservation.objects.get(pk=held).lines.all()}
        wanted = lines.get(self.item[2].sku, 0)
        serials = {}
        if wanted and right:
            free = Unit.objects.filter(
                store=Reservation.objects.get(pk=held).store_id, state="IN_STOCK", item=self.item[2]
            )
            serials = {self.item[2].sku: list(free.values_list("identifier", flat=True)[:wanted])}
        elif wanted:
            serials = {self.item[2].sku: self.some_serials(2, wanted, data)}
        self.attempt(
            lambda: services.issue(reservation_id=held, serials=serials, source_key=f"issue-{held}", actor="machine"),
            errors.RESERVATION_EXPIRED,
            errors.RESERVATION_CLOSED,
            errors.SERIAL_REQUIRED,
            errors.SERIAL_UNKNOWN,
            errors.SERIAL_NOT_IN_STOCK,
        )

    @rule(target=sales, store=stores, item=items, quantity=few, short=st.booleans(), data=st.data())
    def sell(self, store, item, quantity, short, data):
        lines = [(self.item[item].sku, quantity, self.some_serials(item, quantity, data))]
        return self._sell(store, lines, short, None)

    @rule(target=sales, held=reservations, short=st.booleans(), data=st.data())
    def sell_reserved(self, held, short, data):
        reservation = Reservation.objects.get(pk=held)
        index = {item.sku: number for number, item in enumerate(self.item)}
        lines = [
            (line.item_id, line.quantity, self.some_serials(index[line.item_id], line.quantity, data))
            for line in reservation.lines.all()
        ]
        store = [place.pk for place in self.store].index(reservation.store_id)
        return self._sell(store, lines, short, held)

    def _sell(self, store, lines, short, reservation_id):
        call = {
            "store_id": self.store[store].pk,
            "lines": lines,
            "source_key": f"sale-{uuid.uuid4()}",
            "actor": "machine",
            "allow_short": short,
            "reservation_id": reservation_id,
        }
        outcome = self.attempt(
            lambda: services.sell(**call),
            errors.INSUFFICIENT_STOCK,
            errors.SERIAL_REQUIRED,
            errors.SERIAL_UNKNOWN,
            errors.SERIAL_NOT_IN_STOCK,
        )
        if outcome is None:
            return multiple()
        self.short_sales |= bool(outcome.exceptions)
        again = services.sell(**call)
        assert [movement.pk for movement in again.movements] == [movement.pk for movement in outcome.movements]
        assert [problem.code for problem in again.exceptions] == [problem.code for problem in outcome.exceptions]
        return (store, lines)

    @rule(sale=consumes(sales), store=stores)
    def take_back(self, sale, store):
        _store, lines = sale
        self.attempt(
            lambda: services.take_back(
                store_id=self.store[store].pk, lines=lines, source_key=f"return-{uuid.uuid4()}", actor="machine"
            ),
            errors.SERIAL_IN_STOCK,
            errors.SERIAL_REQUIRED,
        )

    @rule(store=stores, kind=st.sampled_from(["RECEIPT", "COUNT", "RETURN"]), room=st.none() | rooms, data=st.data())
    def receive_what_is_known(self, store, kind, room, data):
        call = {
            "store_id": self.store[store].pk,
            "source_key": f"known-{uuid.uuid4()}",
            "actor": "machine",
            "even_if_known": True,
            "room_id": None if room is None else self.rooms[store][room].pk,
        }
        serials = self.some_serials(2, 1, data)
        if kind == "RETURN":
            services.take_back(lines=[(self.item[2].sku, 1, serials)], **call)
        else:
            services.receive(sku=self.item[2].sku, quantity=1, serials=serials, kind=kind, **call)
        self.serials += serials

    @rule(data=st.data())
    def settle(self, data):
        """One of the ways that are said to be open; a repeat changes nothing, another way is refused."""
        rows = Contradiction.objects.filter(movement__store__in=self.store, settled_at=None).order_by("pk")
        if not rows:
            return
        row = data.draw(st.sampled_from(list(rows)))
        ways = settlements.possible(row)
        if not ways:
            return
        way = data.draw(st.sampled_from(ways))
        named = self.some_numbers(row, data) if way == "NAME_UNITS" else []
        call = {"contradiction_id": row.pk, "settlement": way, "actor": "machine", "reason": "drawn", "serials": named}
        refusals = (errors.SETTLEMENT_NOT_POSSIBLE, errors.SERIAL_REQUIRED) if named else ()
        if self.attempt(lambda: services.settle_contradiction(**call), *refusals) is None:
            return
        after = self.totals()
        services.settle_contradiction(**call)
        assert self.totals() == after
        other = "NOTED" if way != "NOTED" else "FOUND"
        assert (
            self.attempt(
                lambda: services.settle_contradiction(**call | {"settlement": other}), errors.CONTRADICTION_SETTLED
            )
            is None
        )

    def some_numbers(self, row, data):
        """As many numbers as pieces, right ones for a piece that left unless something else is drawn."""
        wanted = max(abs(row.pieces), 1)
        if row.pieces > 0 or data.draw(st.booleans()):
            return [imei() for _ in range(wanted)] if row.pieces > 0 else self.some_serials(2, wanted, data)
        here = Unit.objects.filter(store_id=row.movement.store_id, state__in=FREE).order_by("pk")
        return list(here.values_list("identifier", flat=True)[:wanted]) or [imei()]

    @rule(minutes=st.integers(1, 12))
    def wait(self, minutes):
        self.clock.advance(minutes=minutes)

    @rule()
    def sweep(self):
        services.expire_due()
        overdue = Reservation.objects.filter(store__in=self.store, state="HELD", expires_at__lte=self.clock.now())
        assert not overdue.exists()

    @invariant()
    def the_books_add_up(self):
        codes = {store.code for store in self.store}
        assert [str(found) for found in proof.differences() if found.store in codes] == []

    @invariant()
    def nothing_is_promised_twice(self):
        """Without short sales nobody was promised what is not there; with them each is on the list."""
        oversold = [
            b for b in Balance.objects.filter(store__in=self.store) if b.on_hand < b.reserved or b.unregistered < 0
        ]
        if oversold:
            assert self.short_sales
            assert Contradiction.objects.filter(movement__store__in=self.store).exists()
        skus, places = [item.sku for item in self.item], [store.pk for store in self.store]
        available = selectors.availability(skus, places)
        assert all(quantity >= 0 for quantity in available.values())
        for sku in skus:
            for place, explanation in explained.explain(sku, places).items():
                assert explanation.available == available[sku, place]

    @invariant()
    def a_piece_is_in_one_place(self):
        kept = Unit.objects.filter(store__in=self.store, reservation_line__isnull=False)
        assert not kept.exclude(reservation_line__reservation__state__in=["HELD", "CONFIRMED"]).exists()


@pytest.mark.hypothesis
@pytest.mark.django_db(transaction=True)
def test_random_work_keeps_the_books_right():
    run_state_machine_as_test(
        Inventory,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
