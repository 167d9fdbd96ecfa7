"""Random work while a store is counted: in the end the books have, room by room, what is physically there."""

import datetime as dt
import os
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from inventory import count_errors, count_opening, count_posting, count_variance, counts, errors, proof, services
from inventory.counts import Told
from inventory.models import Balance, RoomBalance, StockCount, Unit
from kernel.clock import FrozenClock, use_clock
from kernel.errors import ApiError

from .goods import imei, make_item, make_store

EXAMPLES = 400 if os.environ.get("SOAK") else 15
FLOOR, BACK = "FLOOR", "BACK"


class Counting(RuleBasedStateMachine):
    """A store of two rooms, a cable known by quantity and a phone by IMEI. `there` is what one would see in it."""

    few = st.integers(1, 3)
    rooms = st.sampled_from([FLOOR, BACK])

    def __init__(self):
        super().__init__()
        self.clock = FrozenClock(dt.datetime(2026, 3, 4, 18, 0, tzinfo=dt.UTC))
        self._clock = use_clock(self.clock)
        self._clock.__enter__()
        self.store, self.cable, self.phone = make_store(), make_item(), make_item("IMEI")
        services.upsert_room(store_id=self.store.pk, code=BACK, kind=BACK, sellable=True)
        self.room = {room.code: room for room in self.store.rooms.all()}
        self.there = {FLOOR: 0, BACK: 0}
        self.phones = {FLOOR: [], BACK: []}
        self.count = None
        for where in (FLOOR, BACK):
            self._receive(where, 3)
            self._receive_phones(where, 2)

    def teardown(self):
        self._clock.__exit__(None, None, None)

    def tick(self):
        self.clock.advance(seconds=1)

    def _receive(self, where, quantity):
        self.tick()
        self._book_in(self.cable, quantity, [], where)
        self.there[where] += quantity

    def _receive_phones(self, where, quantity):
        self.tick()
        serials = [imei() for _ in range(quantity)]
        self._book_in(self.phone, quantity, serials, where)
        self.phones[where] += serials

    def _book_in(self, item, quantity, serials, where):
        services.receive(
            store_id=self.store.pk,
            sku=item.sku,
            quantity=quantity,
            serials=serials,
            source_key=str(uuid.uuid4()),
            actor="machine",
            room_id=self.room[where].pk,
        )

    @rule(where=rooms, quantity=few, phones=st.booleans())
    def receive(self, where, quantity, phones):
        (self._receive_phones if phones else self._receive)(where, quantity)

    @rule(quantity=few)
    def sell(self, quantity):
        """Whoever sells takes from the floor first."""
        if sum(self.there.values()) < quantity:
            return
        self.tick()
        from_floor = min(quantity, self.there[FLOOR])
        self.there[FLOOR] -= from_floor
        self.there[BACK] -= quantity - from_floor
        self._sell(self.cable, quantity, [])

    @rule(where=rooms, data=st.data())
    def sell_phone(self, where, data):
        if self.phones[where]:
            self.tick()
            serial = data.draw(st.sampled_from(self.phones[where]))
            self.phones[where].remove(serial)
            self._sell(self.phone, 1, [serial])

    def _sell(self, item, quantity, serials):
        services.sell(
            store_id=self.store.pk,
            lines=[(item.sku, quantity, serials)],
            source_key=str(uuid.uuid4()),
            actor="machine",
            allow_short=True,
        )

    @rule(origin=rooms, quantity=few)
    def move(self, origin, quantity):
        goal = BACK if origin == FLOOR else FLOOR
        if self.there[origin] >= quantity and self._move(self.cable, quantity, [], origin, goal):
            self.there[origin] -= quantity
            self.there[goal] += quantity

    @rule(origin=rooms, data=st.data())
    def move_phone(self, origin, data):
        goal = BACK if origin == FLOOR else FLOOR
        if self.phones[origin]:
            serial = data.draw(st.sampled_from(self.phones[origin]))
            if self._move(self.phone, 1, [serial], origin, goal):
                self.phones[origin].remove(serial)
                self.phones[goal].append(serial)

    def _move(self, item, quantity, serials, origin, goal):
        """What the books refuse is not done."""
        self.tick()
        try:
            return services.move_goods(
                store_id=self.store.pk,
                lines=[(item.sku, quantity, serials)],
                from_room_id=self.room[origin].pk,
                to_room_id=self.room[goal].pk,
                source_key=str(uuid.uuid4()),
                actor="machine",
            )
        except ApiError as refusal:
            if refusal.code not in (errors.INSUFFICIENT_STOCK, errors.SERIAL_NOT_IN_STOCK, errors.SERIAL_UNKNOWN):
                raise
            return None

    @precondition(lambda self: self.count is None)
    @rule(where=rooms, quantity=few)
    def vanish(self, where, quantity):
        """Nobody tells the books."""
        self.there[where] = max(self.there[where] - quantity, 0)
        del self.phones[where][:1]

    @precondition(lambda self: self.count is None)
    @rule(where=rooms, quantity=few)
    def turn_up(self, where, quantity):
        self.there[where] += quantity
        self.phones[where].append(imei())

    @precondition(lambda self: self.count is None)
    @rule(origin=rooms)
    def misplace(self, origin):
        goal = BACK if origin == FLOOR else FLOOR
        self.phones[goal] += self.phones[origin][:1]
        del self.phones[origin][:1]
        if self.there[origin]:
            self.there[origin] -= 1
            self.there[goal] += 1

    @precondition(lambda self: self.count is None)
    @rule()
    def open_count(self):
        self.tick()
        self.count = count_opening.open_count(
            store_id=self.store.pk,
            type="AD_HOC",
            name="Count",
            scope="SKUS",
            skus=[self.cable.sku, self.phone.sku],
            source_key=str(uuid.uuid4()),
            actor="machine",
        )
        self.tick()

    @precondition(lambda self: self.count is not None)
    @rule(where=rooms, phones=st.booleans(), hands=st.integers(1, 2))
    def count_shelf(self, where, phones, hands):
        part = self.count.parts.filter(room=self.room[where]).first()
        line = part and part.lines.filter(item=self.phone if phones else self.cable, counted=None).first()
        if line is not None and part.state != "COUNTED":
            self.tick()
            self._tell(part, line, hands)

    @precondition(lambda self: self.count is None)
    @rule(first=rooms, stolen=st.integers(0, 6), quantity=few)
    def a_sale_between_two_rooms(self, first, stolen, quantity):
        """What is hardest: the books are wrong about the floor, and a sale comes between the counting of the rooms."""
        self.vanish(FLOOR, stolen)
        self.open_count()
        self.count_shelf(first, False, 1)
        self.sell(quantity)
        self.count_shelf(BACK if first == FLOOR else FLOOR, False, 1)
        while self.count is not None:
            self.authorise(False, None)

    def _tell(self, part, line, hands=1):
        """One person, or two who share the shelf at the same time."""
        where = part.room.code
        for hand in range(hands):
            if line.item_id == self.cable.pk:
                share = self.there[where] // hands + (self.there[where] % hands if hand == 0 else 0)
                told = Told(self.cable.sku, share)
            else:
                told = Told(self.phone.sku, serials=self.phones[where][hand::hands])
            part.refresh_from_db()
            counts.record(
                count_id=self.count.pk,
                part_id=part.pk,
                round=part.round,
                told=[told],
                device=f"R{hand}",
                source_key=str(uuid.uuid4()),
                actor="clerk",
            )

    def _finish_counting(self):
        for part in self.count.parts.all():
            for line in part.lines.filter(counted=None, round=part.round):
                self.tick()
                self._tell(part, line)
            # A room in which the books had nothing of it: what is there is found all the same.
            self._find_unlisted(part)
        for part in self.count.parts.exclude(state="COUNTED"):
            counts.complete_part(
                count_id=self.count.pk,
                part_id=part.pk,
                round=part.round,
                rest_is_zero=False,
                device="R0",
                source_key=str(uuid.uuid4()),
                actor="clerk",
            )

    def _find_unlisted(self, part):
        if part.round > 1:
            return
        for item in (self.cable, self.phone):
            if not part.lines.filter(item=item).exists():
                self.tick()
                self._tell(part, part.lines.model(item=item, part=part))

    @precondition(lambda self: self.count is not None)
    @rule(busy=st.booleans(), data=st.data())
    def authorise(self, busy, data):
        if not self.count.parts.filter(room=self.room[BACK]).exists():
            # The books have nothing in the back room: this count cannot see what may lie there.
            counts.cancel(count_id=self.count.pk, actor="manager")
            self.count = None
            return
        self._finish_counting()
        if busy:
            self.sell_phone(FLOOR, data)
            self.sell(1)
        found = count_variance.results(self.count)
        if disturbed := [result.line.pk for result in found if result.disturbed]:
            with pytest.raises(ApiError) as caught:
                count_posting.authorise(count_id=self.count.pk, actor="manager")
            assert caught.value.code == count_errors.COUNT_RECOUNT_NEEDED
            counts.request_recount(count_id=self.count.pk, line_ids=disturbed, actor="manager")
            return
        accepted = [result.line.pk for result in found]
        count_posting.authorise(count_id=self.count.pk, accepted=accepted, actor="manager")
        self.count = None
        self._compare()

    def _compare(self):
        cable, phone = (Balance.objects.get(store=self.store, item=item) for item in (self.cable, self.phone))
        in_back = {row.balance_id: row.quantity for row in RoomBalance.objects.filter(balance__in=[cable, phone])}
        books = {FLOOR: cable.on_hand - in_back.get(cable.pk, 0), BACK: in_back.get(cable.pk, 0)}
        assert books == self.there
        for where, room in self.room.items():
            present = Unit.objects.filter(store=self.store, room=None if room.is_floor else room, state="IN_STOCK")
            assert sorted(present.values_list("identifier", flat=True)) == sorted(self.phones[where])
        assert (phone.on_hand, phone.unregistered) == (sum(map(len, self.phones.values())), 0)

    @invariant()
    def the_books_add_up(self):
        assert [str(found) for found in proof.differences() if found.store == self.store.code] == []

    @invariant()
    def an_open_count_has_booked_nothing(self):
        if self.count is not None:
            assert StockCount.objects.get(pk=self.count.pk).is_open()


@pytest.mark.hypothesis
@pytest.mark.django_db(transaction=True)
def test_a_count_finds_what_is_there_whatever_happens_meanwhile():
    run_state_machine_as_test(
        Counting,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
