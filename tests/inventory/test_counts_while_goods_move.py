"""Stock counts while goods are sold, moved and adjusted: what was so when it was counted decides."""

import datetime as dt

import pytest

from inventory import (
    count_errors,
    count_late,
    count_variance,
    counts,
    proof,
)
from inventory.models import Contradiction, Movement

from .counting import authorise, complete, on_hand, opened, part_of, refused, state_of, tell
from .goods import make_item, seed_reasons, stock
from .test_rooms import floor, lying, move, room, sell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reasons(db):
    seed_reasons()


@pytest.mark.parametrize("told_late", [False, True])
def test_a_sale_while_others_still_count_is_not_undone(store, cable, clock, told_late):
    stock(store, cable, 8)
    count = opened(store)
    clock.advance(minutes=1)
    tell(part_of(count), cable, 7, clock=clock)
    sell(store, cable, 2)
    clock.advance(minutes=1)
    if told_late:
        # A register that was cut off tells a sale that had happened before the shelf was counted.
        sell(store, cable, 1, occurred_at=count.opened_at + dt.timedelta(seconds=5))
    stock(store, cable, 4)
    complete(part_of(count))
    (result,) = count_variance.results(count)
    assert (result.expected, result.variance) == ((7, 0) if told_late else (8, -1))
    authorise(count)
    assert on_hand(cable) == 9
    assert proof.differences() == []


def test_goods_that_move_between_two_counters_must_be_counted_again(store, cable, clock):
    stock(store, cable, 8)
    count = opened(store)
    part = part_of(count)
    clock.advance(seconds=1)
    tell(part, cable, 5, clock=clock)
    sell(store, cable, 1)
    clock.advance(seconds=1)
    line = tell(part, cable, 3, device="R2", actor="staff:2", clock=clock)
    complete(part)
    assert refused(lambda: authorise(count, accept=[])) == count_errors.COUNT_RECOUNT_NEEDED
    counts.request_recount(count_id=count.pk, line_ids=[line.pk], actor="staff:9")
    assert (state_of(part), state_of(count)) == ("RECOUNT", "RECOUNT")
    assert refused(lambda: tell(part, cable, 7, round=1)) == count_errors.COUNT_ROUND_OVER
    assert refused(lambda: tell(part, make_item(), 7)) == count_errors.COUNT_OUT_OF_SCOPE
    tell(part, cable, 7, clock=clock)
    complete(part)
    authorise(count, accept=[])
    assert on_hand(cable) == 7


def test_a_sale_out_of_which_room_nobody_knows_must_be_counted_again(store, cable, clock):
    """The books have two on the floor, where none is: the piece sold comes from the back room, already counted."""
    stock(store, cable, 7)
    back = room(store, "BACK", sellable=True)
    move(store, cable, 5, floor(store), back)
    count = opened(store)
    clock.advance(seconds=1)
    tell(part_of(count, "BACK"), cable, 5, clock=clock)
    sell(store, cable, 1)
    clock.advance(seconds=1)
    tell(part_of(count), cable, 0, clock=clock)
    for part in count.parts.all():
        complete(part)
    assert [result.disturbed for result in count_variance.results(count)] == [True, True]
    lines = [line.pk for line in count_variance.lines_of(count)]
    counts.request_recount(count_id=count.pk, line_ids=lines, actor="staff:9")
    tell(part_of(count, "BACK"), cable, 4)
    tell(part_of(count), cable, 0)
    for part in count.parts.all():
        complete(part)
    authorise(count)
    assert (on_hand(cable), lying(cable)) == (4, {"BACK": 4})


def test_a_sale_told_after_the_posting_does_not_take_the_pieces_twice(store, cable, clock):
    stock(store, cable, 8)
    back = room(store, "BACK", sellable=True)
    move(store, cable, 3, floor(store), back)
    count = opened(store)
    clock.advance(minutes=10)
    # Two were sold from the floor by a register that is cut off: three are left there.
    tell(part_of(count), cable, 3)
    tell(part_of(count, "BACK"), cable, 3)
    for part in count.parts.all():
        complete(part)
    authorise(count)
    clock.advance(hours=1)
    sell(store, cable, 2, occurred_at=count.opened_at + dt.timedelta(minutes=5))
    sell(store, cable, 1)
    assert (on_hand(cable), count_late.correct(), count_late.correct()) == (3, 1, 0)
    assert (on_hand(cable), lying(cable)) == (5, {"BACK": 3})
    assert Movement.objects.latest("pk").source_key.startswith("count/late/")
    assert proof.differences() == []


def test_what_was_told_in_time_or_happened_later_is_left_alone(store, cable, phone, clock):
    stock(store, cable, 8)
    (serial,) = stock(store, phone, 1)
    count = opened(store)
    clock.advance(minutes=10)
    sell(store, cable, 1, occurred_at=count.opened_at + dt.timedelta(minutes=5))
    tell(part_of(count), cable, 7)
    complete(part_of(count), rest_is_zero=True)
    authorise(count)
    clock.advance(minutes=1)
    sell(store, cable, 1)
    # A unit that was sold late is on the list of contradictions by its serial.
    sell(store, phone, 1, [serial], allow_short=True, occurred_at=count.opened_at + dt.timedelta(minutes=5))
    assert count_late.correct() == 0
    assert (on_hand(cable), Contradiction.objects.count()) == (6, 2)
    assert proof.differences() == []


def test_two_counts_of_one_shelf_correct_it_once(store, cable, clock):
    stock(store, cable, 8)
    first, second = opened(store), opened(store)
    clock.advance(minutes=1)
    for count in (first, second):
        tell(part_of(count), cable, 5, clock=clock)
        complete(part_of(count))
    sell(store, cable, 1)
    clock.advance(minutes=1)
    authorise(first)
    authorise(second, accept=[])
    assert on_hand(cable) == 4
    assert Movement.objects.filter(kind="COUNT").count() == 1
    assert proof.differences() == []


def test_what_is_adjusted_after_it_was_counted_must_be_counted_again(store, cable, clock):
    from .test_adjustments import adjust

    stock(store, cable, 8)
    count = opened(store)
    clock.advance(minutes=1)
    tell(part_of(count), cable, 5, clock=clock)
    complete(part_of(count))
    adjust(store, cable, 3, "LOST")
    assert refused(lambda: authorise(count, accept=[])) == count_errors.COUNT_RECOUNT_NEEDED
    line = count_variance.lines_of(count)[0]
    counts.request_recount(count_id=count.pk, line_ids=[line.pk], actor="staff:9")
    clock.advance(minutes=1)
    tell(part_of(count), cable, 5)
    complete(part_of(count))
    authorise(count, accept=[])
    assert on_hand(cable) == 5
