"""What lacks on the floor while the back room has it, and counts that open by themselves."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import count_errors, count_plans, errors, proof, replenishment
from inventory.models import CountPlan, ParLevel, StockCount
from kernel.errors import ApiError

from .counting import authorise, complete, part_of, tell
from .goods import make_item, make_store, stock
from .test_rooms import floor, lying, move, refusal, room, sell

pytestmark = pytest.mark.django_db


def stocked(store, item, *, on_floor, in_back):
    back = room(store, "BACK", sellable=True)
    serials = stock(store, item, on_floor + in_back)
    if in_back:
        move(store, item, in_back, floor(store), back, serials=serials[:in_back])
    return back, serials


def test_the_emptiest_shelf_comes_first(store, cable, django_assert_num_queries):
    busy, enough, quarantined = make_item(), make_item(), make_item()
    for item, on_floor, in_back in ((cable, 2, 5), (busy, 1, 3), (enough, 4, 4), (quarantined, 1, 0)):
        stocked(store, item, on_floor=on_floor, in_back=in_back)
        ParLevel.objects.create(item=item, quantity=4)
    stock(store, quarantined, 3)
    move(store, quarantined, 3, floor(store), room(store, "QUARANTINE"))
    with django_assert_num_queries(1):
        found = replenishment.gaps(store.pk)
    assert [(gap.sku, gap.floor, gap.par, gap.back, gap.wanted) for gap in found] == [
        (busy.sku, 1, 4, 3, 3),
        (cable.sku, 2, 4, 5, 2),
    ]
    assert replenishment.gaps(make_store().pk) == []


def test_the_most_specific_rule_counts_and_without_one_a_weeks_sales(store, cable, clock):
    stocked(store, cable, on_floor=9, in_back=9)
    assert replenishment.gaps(store.pk) == []
    sell(store, cable, 8)
    assert [(gap.par, gap.sold) for gap in replenishment.gaps(store.pk)] == [(2, 8)]
    clock.advance(days=29)
    assert replenishment.gaps(store.pk) == []
    ParLevel.objects.create(item=cable, quantity=3)
    assert [gap.par for gap in replenishment.gaps(store.pk)] == [3]
    ParLevel.objects.create(item=cable, store=store, quantity=5)
    assert [gap.par for gap in replenishment.gaps(store.pk)] == [5]


def test_goods_are_brought_by_quantity_or_by_scan_once(store, cable, phone):
    back, _none = stocked(store, cable, on_floor=0, in_back=4)
    _back, serials = stocked(store, phone, on_floor=0, in_back=2)
    call = {"store_id": store.pk, "from_room_id": back.pk, "source_key": "r/1", "actor": "staff:1"}
    lines = [(cable.sku, 3, []), (phone.sku, 1, serials[:1])]
    first = replenishment.bring(lines=lines, **call)
    assert [row.pk for row in replenishment.bring(lines=lines, **call)] == [row.pk for row in first]
    assert (lying(cable), lying(phone)) == ({"BACK": 1}, {"BACK": 1})
    short = refusal(lambda: replenishment.bring(lines=[(cable.sku, 2, [])], **(call | {"source_key": "r/2"})))
    assert short.code == errors.INSUFFICIENT_STOCK
    assert proof.differences() == []


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 1000).map(Decimal), max_size=20))
def test_classes_follow_the_share_in_the_sales(value):
    found = count_plans.classified(value)
    assert set(found) == set(value)
    total = sum(value.values())
    of_a = sum(value[sku] for sku in found if found[sku] == "A")
    assert total == 0 or of_a * 100 >= total * 80
    assert all(value[a] >= value[b] for a in found for b in found if found[a] < found[b])
    assert all(found[sku] == "C" for sku in value if value[sku] == 0)


def test_a_plan_is_due_every_so_many_days():
    plan = CountPlan(every_days=7, starts_on=dt.date(2026, 3, 2))

    def due(day, last=None):
        return count_plans.due(plan, dt.date(2026, 3, day), last and dt.date(2026, 3, last))

    assert [due(1), due(2), due(8), due(9), due(20)] == [
        None,
        *(dt.date(2026, 3, day) for day in (2, 2, 9, 16)),
    ]
    assert [due(8, 2), due(9, 2), due(9, 16)] == [None, dt.date(2026, 3, 9), None]


def plan_for(**values):
    return CountPlan.objects.create(**({"name": "A", "every_days": 7, "starts_on": dt.date(2026, 3, 2)} | values))


def test_planned_counts_open_once_and_take_what_was_not_counted_for_longest(store, clock):
    items = [make_item() for _ in range(3)]
    for item in items:
        stock(store, item, 9)
        sell(store, item, 2)
    prices = {items[0].sku: Decimal(500), items[1].sku: Decimal(300), items[2].sku: Decimal(1)}
    plan = plan_for(abc_class="A", most_items=1)
    first = count_plans.open_due(store, plan, prices)
    assert (first.type, first.blind, first.planned_for) == ("UNIT", True, dt.date(2026, 3, 2))
    (line,) = first.parts.get().lines.all()
    assert line.item in items[:2]
    assert count_plans.open_due(store, plan, prices) is None
    tell(part_of(first), line.item, 7)
    complete(part_of(first))
    authorise(first)
    clock.advance(days=7)
    second = count_plans.open_due(store, plan, prices)
    (next_line,) = second.parts.get().lines.all()
    assert {line.item, next_line.item} == set(items[:2])
    assert StockCount.objects.count() == 2


def test_lines_that_cannot_be_right_are_counted(store, cable, phone):
    stock(store, phone, 1)
    call = {"store_id": store.pk, "name": "Problems", "actor": "staff:9"}
    with pytest.raises(ApiError) as caught:
        count_plans.open_problem_lines(source_key=str(uuid.uuid4()), **call)
    assert caught.value.code == count_errors.COUNT_EMPTY
    sell(store, cable, 2, allow_short=True)
    count = count_plans.open_problem_lines(source_key="p", **call)
    assert [line.item for line in count.parts.get().lines.all()] == [cable]
    assert count_plans.open_problem_lines(source_key="p", **call).pk == count.pk
    tell(part_of(count), cable, 1)
    complete(part_of(count))
    authorise(count)
    assert cable.balances.get().on_hand == 1
    assert proof.differences() == []
