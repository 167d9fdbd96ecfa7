"""Stock counts: what was there when it was counted is what the books say afterwards, whatever moved meanwhile."""

import datetime as dt
import uuid

import pytest

from inventory import (
    count_errors,
    count_variance,
    counts,
    errors,
    proof,
    selectors,
    services,
)
from inventory.count_opening import Rules
from inventory.models import Movement, StockCount, Unit
from kernel.errors import ApiError

from .counting import authorise, complete, on_hand, opened, part_of, refused, state_of, tell
from .goods import iccid, make_item, make_store, seed_reasons, stock
from .test_rooms import floor, move, room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reasons(db):
    seed_reasons()


def test_a_count_has_a_part_for_each_room_and_a_line_for_each_sku(store, cable, phone, plan):
    stock(store, cable, 5)
    stock(store, phone, 1)
    back = room(store, "BACK", sellable=True)
    room(store, "DISPLAY")
    move(store, cable, 2, floor(store), back)
    count = opened(store, source_key="count:1")
    assert [(part.room.code, sorted(part.lines.values_list("item", flat=True))) for part in count.parts.all()] == [
        ("BACK", [cable.sku]),
        ("FLOOR", sorted([cable.sku, phone.sku])),
    ]
    assert opened(store, source_key="count:1").pk == count.pk
    assert StockCount.objects.count() == 1
    empty = opened(make_store())
    assert [(part.room.code, part.lines.count()) for part in empty.parts.all()] == [("FLOOR", 0)]
    only_back = opened(store, scope="ROOM", room_id=back.pk)
    assert [part.room.code for part in only_back.parts.all()] == ["BACK"]
    chosen = opened(store, scope="SKUS", skus=[make_item().sku])
    assert [part.room.code for part in chosen.parts.all()] == ["FLOOR"]
    assert refused(lambda: opened(store, scope="SKUS", skus=[plan.sku])) == errors.NOT_STOCKED
    assert refused(lambda: opened(store, scope="SKUS", skus=["none"])) == errors.UNKNOWN_SKU
    assert refused(lambda: opened(store, scope="CATEGORY", category="nothing")) == count_errors.COUNT_EMPTY
    assert refused(lambda: opened(make_store(), room_id=back.pk)) == errors.ROOM_NOT_FOUND


def test_a_category_is_counted_and_a_room_split_by_category(store):
    phone, case, other = (
        services.upsert_item(
            sku=f"S-{uuid.uuid4()}", tracking="NONE", stocked=True, core_variant_id=str(uuid.uuid4()), category=category
        )
        for category in ("devices/phones", "accessories/cases", "devices-old")
    )
    for item in (phone, case, other):
        stock(store, item, 2)
    count = opened(store, scope="CATEGORY", category="devices")
    assert [line.item_id for line in count_variance.lines_of(count)] == [phone.sku]
    assert refused(lambda: tell(part_of(count), other, 1)) == count_errors.COUNT_OUT_OF_SCOPE
    split = opened(store, by_category=True)
    assert sorted(split.parts.values_list("category", flat=True)) == ["accessories", "devices", "devices-old"]
    devices = split.parts.get(category="devices")
    assert refused(lambda: tell(devices, case, 1)) == count_errors.COUNT_OUT_OF_SCOPE


def test_what_several_devices_tell_adds_up(store, cable, clock):
    stock(store, cable, 8)
    count = opened(store)
    part = part_of(count)
    assert (state_of(count), tell(part, cable, 5, clock=clock).counted) == ("NEW", 5)
    assert tell(part, cable, 2, device="R2", actor="staff:2", clock=clock).counted == 7
    # A slip of the first: it tells anew what it counted, not what the other did.
    assert tell(part, cable, 4, anew=True, clock=clock).counted == 6
    again = {"source_key": "entry:1"}
    assert tell(part, cable, 2, **again).counted == 8
    assert tell(part, cable, 2, **again).counted == 8
    assert (state_of(part), state_of(count)) == ("IN_PROGRESS", "IN_PROGRESS")
    complete(part)
    assert (state_of(part), state_of(count)) == ("COUNTED", "COUNTED")
    authorise(count, accept=[])
    assert (on_hand(cable), state_of(count)) == (8, "AUTHORISED")
    assert not Movement.objects.filter(kind="COUNT").exists()


def test_a_difference_is_posted_once_as_a_count_correction(store, cable, clock):
    stock(store, cable, 8)
    count = opened(store)
    tell(part_of(count), cable, 5, clock=clock)
    complete(part_of(count))
    authorise(count)
    authorise(count)
    (posted,) = Movement.objects.filter(kind="COUNT")
    assert (posted.quantity, posted.balance_after, posted.actor, posted.reason) == (-3, 5, "staff:9", "AD_HOC")
    line = count_variance.lines_of(count)[0]
    assert (line.expected, line.counted, line.accepted_by) == (8, 5, "staff:9")
    assert proof.differences() == []


def test_within_tolerance_nobody_accepts_singly_beyond_it_someone_else_must(store, cable, clock):
    other = make_item()
    stock(store, cable, 100)
    stock(store, other, 10)
    count = opened(store, rules=Rules(blind=True, tolerance_pieces=1, tolerance_percent=2))
    part = part_of(count)
    near = tell(part, cable, 98, actor="staff:9")
    far = tell(part, other, 8)
    complete(part)
    assert [(r.line.pk, r.within_tolerance) for r in count_variance.results(count)] == [
        (near.pk, True),
        (far.pk, False),
    ]
    assert refused(lambda: authorise(count, accept=[])) == count_errors.COUNT_NOT_ACCEPTED
    assert refused(lambda: authorise(count, accept=[far.pk])) == count_errors.COUNT_OWN_WORK
    authorise(count, accept=[far.pk], actor="staff:8")
    assert (on_hand(cable), on_hand(other)) == (98, 8)
    assert [line.accepted_by for line in count_variance.lines_of(count)] == ["", "staff:8"]


def test_a_manager_who_counted_may_authorise_what_is_within_tolerance(store, cable):
    stock(store, cable, 3)
    count = opened(store, rules=Rules(tolerance_pieces=1))
    tell(part_of(count), cable, 2, actor="staff:9")
    complete(part_of(count))
    authorise(count, accept=[])
    assert on_hand(cable) == 2


def test_what_nobody_counted_is_asked_for_or_told_to_be_nothing(store, cable, phone):
    stock(store, cable, 3)
    (serial,) = stock(store, phone, 1)
    count = opened(store)
    part = part_of(count)
    assert refused(lambda: complete(part)) == count_errors.COUNT_INCOMPLETE
    assert refused(lambda: authorise(count)) == count_errors.COUNT_CLOSED
    complete(part, rest_is_zero=True)
    complete(part, rest_is_zero=True)
    authorise(count)
    assert (on_hand(cable), on_hand(phone), selectors.find_unit(serial).state) == (0, 0, Unit.State.MISSING)
    assert proof.differences() == []


def test_what_a_device_counted_before_the_end_is_taken_afterwards(store, cable, clock):
    stock(store, cable, 5)
    count = opened(store)
    part = part_of(count)
    clock.advance(minutes=1)
    then = clock.now()
    clock.advance(minutes=1)
    complete(part, rest_is_zero=True)
    clock.advance(minutes=30)
    tell(part, cable, 5, device="R2", occurred_at=then)
    assert refused(lambda: tell(part, cable, 1)) == count_errors.COUNT_CLOSED
    authorise(count, accept=[])
    assert on_hand(cable) == 5


def test_wrong_input_is_refused_and_changes_nothing(store, cable, phone, plan, clock):
    stock(store, cable, 3)
    stock(store, phone, 1)
    elsewhere = make_item("IMEI")
    (foreign,) = stock(make_store(), elsewhere, 1)
    count = opened(store)
    part = part_of(count)
    assert refused(lambda: tell(part, cable, -1)) == errors.INVALID_QUANTITY
    assert refused(lambda: tell(part, cable, 1_000_001)) == errors.INVALID_QUANTITY
    assert refused(lambda: tell(part, phone, 1)) == errors.SERIAL_REQUIRED
    assert refused(lambda: tell(part, phone, serials=[iccid()])) == errors.SERIAL_INVALID
    assert refused(lambda: tell(part, phone, serials=["5901234123457"])) == errors.SERIAL_INVALID
    assert refused(lambda: tell(part, phone, serials=[foreign])) == errors.SERIAL_WRONG_ITEM
    assert refused(lambda: tell(part, plan, 1)) == errors.NOT_STOCKED
    early, late = clock.now() - dt.timedelta(hours=1), clock.now() + dt.timedelta(hours=1)
    assert refused(lambda: tell(part, cable, 1, occurred_at=early)) == count_errors.COUNT_CLOCK
    assert refused(lambda: tell(part, cable, 1, occurred_at=late)) == count_errors.COUNT_CLOCK
    assert refused(lambda: complete(part, rest_is_zero=True, occurred_at=early)) == count_errors.COUNT_CLOCK
    missing = {"count_id": count.pk, "line_ids": [0], "actor": "staff:9"}
    assert refused(lambda: counts.request_recount(**missing)) == count_errors.COUNT_CLOSED
    counts.cancel(count_id=count.pk, actor="staff:9")
    counts.cancel(count_id=count.pk, actor="staff:9")
    assert refused(lambda: tell(part, cable, 1)) == count_errors.COUNT_CLOSED
    assert refused(lambda: complete(part, rest_is_zero=True)) == count_errors.COUNT_CLOSED
    assert refused(lambda: authorise(count)) == count_errors.COUNT_CLOSED
    assert refused(lambda: counts.cancel(count_id="none", actor="staff:9")) == count_errors.COUNT_NOT_FOUND
    assert on_hand(cable) == 3


def test_the_same_refusals_come_as_sentences(store, cable):
    stock(store, cable, 1)
    count = opened(store)
    with pytest.raises(ApiError) as caught:
        complete(part_of(count))
    assert caught.value.message == f"1 articles are not counted yet, {cable.sku} among them."


def test_results_take_a_fixed_number_of_queries(store, cable, phone, clock, django_assert_max_num_queries):
    serials = stock(store, phone, 3)
    for item in (cable, make_item(), make_item()):
        stock(store, item, 3)
    count = opened(store)
    clock.advance(seconds=1)
    tell(part_of(count), phone, serials=serials[:2])
    tell(part_of(count), cable, 2)
    with django_assert_max_num_queries(9):
        assert len(count_variance.results(count)) == 4
