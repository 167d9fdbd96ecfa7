"""Counts, adjustments and shelves through the API: who may, once, and in how many queries."""

import uuid

import pytest

from inventory import proof
from inventory.models import Adjustment, CountEntry, Movement, ParLevel, StockCount, StockItem, StockRoom
from kernel.errors import IDEMPOTENCY_MISMATCH, LIMIT_EXCEEDED, PERMISSION_DENIED, REQUIRED, UNAUTHENTICATED
from plugins.catalogue.models import Product
from tests.counter import MONDAY
from tests.inventory.goods import seed_reasons
from tests.store_operations.test_acts import StoreAct

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reasons(db):
    seed_reasons()


COUNT = "count { id state blind lines counted parts { id roomKind state round lines counted } }"


def send(counter, act, fields, *, token, client_id=None, store=None, **values):
    kind = act[0].upper() + act[1:]
    answer = f"{fields} replayed errors {{ code field message }}"
    document = f"mutation M($input: {kind}Input!) {{ {act}(input: $input) {{ {answer} }} }}"
    head = {
        "clientId": client_id or str(uuid.uuid4()),
        "storeId": store or counter.store.pk,
        "occurredAt": counter.clock.now().isoformat(),
    }
    return counter.ask(document, token=token, input=head | values)


def done(body, name):
    answer = body["data"][name]
    assert answer["errors"] == []
    return answer


def code_of(body, name=None):
    return body["errors"][0]["extensions"]["code"] if "errors" in body else body["data"][name]["errors"][0]["code"]


@pytest.fixture
def opened(counter):
    body = send(
        counter, "stockCountOpen", COUNT, token=counter.token(), name="Shelf", scope="SKUS", skus=["CASE", "PHONE"]
    )
    counter.clock.advance(seconds=1)
    return done(body, "stockCountOpen")["count"]


def record(counter, count, lines, **more):
    part = count["parts"][0]
    return send(
        counter,
        "stockCountRecord",
        COUNT,
        **({"token": counter.token(), "countId": count["id"], "partId": part["id"], "round": 1, "lines": lines} | more),
    )


def complete(counter, count, **more):
    values = {"countId": count["id"], "partId": count["parts"][0]["id"], "round": 1, "restIsZero": True}
    return send(counter, "stockCountComplete", COUNT, token=counter.token(), **(values | more))


def test_a_count_from_opening_to_posting(counter, opened):
    key = str(uuid.uuid4())
    lines = [{"sku": "CASE", "quantity": 8}]
    first = done(record(counter, opened, lines, client_id=key), "stockCountRecord")
    again = record(counter, opened, lines, client_id=key)
    counted = done(
        record(counter, opened, [{"sku": "PHONE", "serials": counter.serials[:2]}], token=counter.token(register="R2")),
        "stockCountRecord",
    )
    assert (first["count"]["counted"], counted["count"]["counted"], counted["count"]["lines"]) == (1, 2, 2)
    assert CountEntry.objects.count() == 3
    assert done(again, "stockCountRecord")["replayed"] is True
    lines[0]["quantity"] = 9
    other = record(counter, opened, lines, client_id=key)
    assert code_of(other, "stockCountRecord") == IDEMPOTENCY_MISMATCH
    done(complete(counter, opened), "stockCountComplete")
    query = (
        "query Q($id: ID!) { stockCountVariances(countId: $id) { edges { node "
        "{ lineId sku counted expected variance withinTolerance disturbed missing found elsewhere } } } }"
    )
    assert code_of(counter.ask(query, token=counter.token(), id=opened["id"])) == PERMISSION_DENIED
    found = counter.ask(query, token=counter.token("manager"), id=opened["id"])["data"]["stockCountVariances"]
    rows = {edge["node"]["sku"]: edge["node"] for edge in found["edges"]}
    assert [(rows[sku]["expected"], rows[sku]["variance"]) for sku in ("CASE", "PHONE")] == [(10, -2), (3, -1)]
    assert rows["PHONE"]["missing"] == counter.serials[2:]
    values = {"countId": opened["id"], "acceptedLineIds": []}
    early = send(counter, "stockCountAuthorise", COUNT, token=counter.token("manager"), **values)
    assert code_of(early, "stockCountAuthorise") == "COUNT_NOT_ACCEPTED"
    values["acceptedLineIds"] = [row["lineId"] for row in rows.values()]
    posted = done(
        send(counter, "stockCountAuthorise", COUNT, token=counter.token("manager"), **values), "stockCountAuthorise"
    )
    assert posted["count"]["state"] == "AUTHORISED"
    assert (counter.on_hand("CASE"), counter.on_hand("PHONE")) == (8, 2)
    assert proof.differences() == []


def test_a_blind_count_tells_counters_nothing(counter, opened):
    query = (
        "query Q($c: ID!, $p: ID!) { stockCountLines(countId: $c, partId: $p) "
        "{ edges { node { sku counted expected scanned } } } }"
    )
    record(counter, opened, [{"sku": "PHONE", "serials": counter.serials[:1]}])
    asked = {"c": opened["id"], "p": opened["parts"][0]["id"]}

    def rows():
        found = counter.ask(query, token=counter.token(), **asked)["data"]["stockCountLines"]["edges"]
        return [tuple(edge["node"].values()) for edge in found]

    assert rows() == [("CASE", None, None, []), ("PHONE", 1, None, counter.serials[:1])]
    StockCount.objects.update(blind=False)
    assert rows() == [("CASE", None, 10, []), ("PHONE", 1, 3, counter.serials[:1])]


def test_recount_and_cancel_are_a_managers(counter, opened):
    record(counter, opened, [{"sku": "CASE", "quantity": 8}])
    complete(counter, opened)
    line = StockCount.objects.get().parts.get().lines.get(item="CASE")
    values = {"countId": opened["id"], "lineIds": [str(line.pk)]}
    again = done(
        send(counter, "stockCountRecount", COUNT, token=counter.token("manager"), **values), "stockCountRecount"
    )
    assert (again["count"]["state"], again["count"]["parts"][0]["round"]) == ("RECOUNT", 2)
    late = record(counter, opened, [{"sku": "CASE", "quantity": 8}])
    assert code_of(late, "stockCountRecord") == "COUNT_ROUND_OVER"
    gone = done(
        send(counter, "stockCountCancel", COUNT, token=counter.token("manager"), countId=opened["id"]),
        "stockCountCancel",
    )
    assert gone["count"]["state"] == "CANCELLED"
    assert code_of(record(counter, opened, [], round=2), "stockCountRecord") == "COUNT_CLOSED"
    assert counter.on_hand("CASE") == 10


@pytest.mark.parametrize("name", ["Recount", "Authorise", "Cancel"])
def test_a_clerk_does_not_decide(counter, opened, name):
    record(counter, opened, [{"sku": "CASE", "quantity": 8}])
    complete(counter, opened)
    before = (StockCount.objects.get().state, StoreAct.objects.count())
    more = {"Recount": {"lineIds": ["1"]}, "Authorise": {"acceptedLineIds": []}, "Cancel": {}}[name]
    body = send(counter, f"stockCount{name}", COUNT, token=counter.token(), countId=opened["id"], **more)
    assert code_of(body) == PERMISSION_DENIED
    assert (StockCount.objects.get().state, StoreAct.objects.count(), counter.on_hand("CASE")) == (*before, 10)


def acts(counter, count):
    """Every mutation with an input that would do."""
    part = {"countId": count["id"], "partId": count["parts"][0]["id"], "round": 1}
    room = StockRoom.objects.get(store=counter.store).pk
    return {
        "stockCountOpen": {"name": "X"},
        "stockCountRecord": part | {"lines": [{"sku": "CASE", "quantity": 1}]},
        "stockCountComplete": part | {"restIsZero": True},
        "stockCountRecount": {"countId": count["id"], "lineIds": ["1"]},
        "stockCountAuthorise": {"countId": count["id"], "acceptedLineIds": []},
        "stockCountCancel": {"countId": count["id"]},
        "stockAdjust": {"reason": "LOST", "sku": "CASE", "quantity": 1},
        "stockAdjustmentDecide": {"adjustmentId": "x", "approve": True},
        "shelfReplenish": {"fromRoomId": room, "lines": [{"sku": "CASE", "quantity": 1}]},
    }


@pytest.mark.parametrize("name", ["stockCountOpen", "stockCountRecord", "stockCountComplete", "stockCountRecount",
                                  "stockCountAuthorise", "stockCountCancel", "stockAdjust", "stockAdjustmentDecide",
                                  "shelfReplenish"])  # fmt: skip
def test_nobody_acts_unknown_or_in_another_store(counter, opened, name):
    values, before = acts(counter, opened)[name], (StoreAct.objects.count(), CountEntry.objects.count())
    assert code_of(send(counter, name, "replayed", token=None, **values)) == UNAUTHENTICATED
    elsewhere = counter.token("manager", register="R9")
    assert code_of(send(counter, name, "replayed", token=elsewhere, **values)) == PERMISSION_DENIED
    if "countId" in values:
        there = send(counter, name, "replayed", token=elsewhere, store=counter.other.pk, **values)
        assert code_of(there, name) == "COUNT_NOT_FOUND"
    assert (StoreAct.objects.count(), CountEntry.objects.count()) == before
    assert not Movement.objects.exclude(kind="RECEIPT").exists()


@pytest.mark.parametrize(
    "query",
    [
        "{ stockCounts { edges { node { id } } } }",
        '{ stockCount(id: "x") { id } }',
        '{ stockCountLines(countId: "x", partId: "1") { edges { node { id } } } }',
        '{ stockCountVariances(countId: "x") { edges { node { lineId } } } }',
        "{ adjustmentOptions { rooms { id } } }",
        "{ stockAdjustments { edges { node { id } } } }",
        "{ shelfGaps { edges { node { sku } } } }",
    ],
)
def test_nobody_unknown_reads(counter, query):
    assert code_of(counter.ask(query)) == UNAUTHENTICATED


def test_only_a_manager_opens_a_count_that_shows_expectations(counter):
    body = send(counter, "stockCountOpen", COUNT, token=counter.token(), name="Open", blind=False)
    assert (code_of(body), StockCount.objects.count()) == (PERMISSION_DENIED, 0)
    shown = send(counter, "stockCountOpen", COUNT, token=counter.token("manager"), name="Open", blind=False)
    assert done(shown, "stockCountOpen")["count"]["blind"] is False


def test_lists_take_a_fixed_number_of_queries(counter, opened, django_assert_max_num_queries):
    for _ in range(5):
        send(counter, "stockCountOpen", COUNT, token=counter.token(), name="More")
    token = counter.token()
    # Two for the session, two for the counts with their parts.
    with django_assert_max_num_queries(4):
        found = counter.ask(f"{{ stockCounts {{ edges {{ node {{ {COUNT[8:-2]} }} }} }} }}", token=token)
    assert len(found["data"]["stockCounts"]["edges"]) == 6


SCOPES = "{ stockCountScopes { rooms { id kind } categories { path names skus } } }"


def placed(sku, slugs, names):
    """Put the article into the category, in the catalogue and in the inventory."""
    Product.objects.filter(pk=f"p-{sku}").update(category_slugs=slugs, category_path=names)
    StockItem.objects.filter(pk=sku).update(category="/".join(slugs))


def test_a_room_a_category_or_chosen_articles_are_counted_by_themselves(counter, django_assert_max_num_queries):
    back = StockRoom.objects.create(store=counter.store, code="BACK", kind="BACK")
    placed("PHONE", ["devices", "phones"], ["Devices", "Phones"])
    placed("CASE", ["devices", "cases"], ["Devices", "Cases"])
    placed("BUNDLED", ["nowhere"], ["Nowhere"])
    token = counter.token()
    with django_assert_max_num_queries(5):
        found = counter.ask(SCOPES, token=token)["data"]["stockCountScopes"]
    assert [room["kind"] for room in found["rooms"]] == ["FLOOR", "BACK"]
    assert [tuple(category.values()) for category in found["categories"]] == [
        ("devices", ["Devices"], 2),
        ("devices/cases", ["Devices", "Cases"], 1),
        ("devices/phones", ["Devices", "Phones"], 1),
    ]

    def lines(**scope):
        count = done(send(counter, "stockCountOpen", COUNT, token=token, name="Part", **scope), "stockCountOpen")
        parts = StockCount.objects.get(pk=count["count"]["id"]).parts.order_by("room__code")
        return {part.room.kind: sorted(part.lines.values_list("item", flat=True)) for part in parts}

    assert lines(scope="CATEGORY", category="devices/phones") == {"FLOOR": ["PHONE"]}
    assert lines(scope="ROOM", roomId=back.pk) == {"BACK": []}
    assert lines(scope="SKUS", skus=["CASE"]) == {"FLOOR": ["CASE"]}


@pytest.mark.parametrize(
    ("scope", "code", "field"),
    [
        ({"scope": "ROOM"}, REQUIRED, "roomId"),
        ({"scope": "ROOM", "roomId": "nowhere"}, "ROOM_NOT_FOUND", "roomId"),
        ({"scope": "CATEGORY", "category": " "}, REQUIRED, "category"),
        ({"scope": "CATEGORY", "category": "nothing"}, "COUNT_EMPTY", None),
        ({"scope": "SKUS", "skus": []}, REQUIRED, "skus"),
        ({"scope": "SKUS", "skus": ["CASE"] * 501}, LIMIT_EXCEEDED, "skus"),
        ({"scope": "SKUS", "skus": ["PLAN"]}, "NOT_STOCKED", None),
    ],
)
def test_a_scope_that_names_nothing_opens_no_count(counter, scope, code, field):
    body = send(counter, "stockCountOpen", COUNT, token=counter.token(), name="Part", **scope)
    (problem,) = body["data"]["stockCountOpen"]["errors"]
    assert (problem["code"], problem["field"], StockCount.objects.count()) == (code, field, 0)


ADJUSTMENT = "adjustment { id state mine reason quantity room { kind } toRoom { kind } }"


def test_an_adjustment_waits_for_a_manager(counter):
    values = {"reason": "LOST", "sku": "CASE", "quantity": 6}
    made = done(send(counter, "stockAdjust", ADJUSTMENT, token=counter.token(), **values), "stockAdjust")["adjustment"]
    assert (made["state"], made["mine"], counter.on_hand("CASE")) == ("PENDING", True, 10)
    decision = {"adjustmentId": made["id"], "approve": True}
    denied = send(counter, "stockAdjustmentDecide", ADJUSTMENT, token=counter.token(), **decision)
    assert (code_of(denied), Adjustment.objects.get().state) == (PERMISSION_DENIED, "PENDING")
    query = "{ stockAdjustments(pending: true) { edges { node { id mine } } } }"
    (edge,) = counter.ask(query, token=counter.token("manager"))["data"]["stockAdjustments"]["edges"]
    assert edge["node"] == {"id": made["id"], "mine": False}
    booked = send(counter, "stockAdjustmentDecide", ADJUSTMENT, token=counter.token("manager"), **decision)
    assert done(booked, "stockAdjustmentDecide")["adjustment"]["state"] == "BOOKED"
    assert counter.on_hand("CASE") == 4
    own = send(
        counter, "stockAdjust", ADJUSTMENT, token=counter.token("manager"), reason="STOLEN", sku="CASE", quantity=1
    )
    decision["adjustmentId"] = done(own, "stockAdjust")["adjustment"]["id"]
    body = send(counter, "stockAdjustmentDecide", ADJUSTMENT, token=counter.token("manager"), **decision)
    assert (code_of(body, "stockAdjustmentDecide"), counter.on_hand("CASE")) == ("ADJUSTMENT_OWN_WORK", 4)


def test_options_and_shelves(counter, django_assert_max_num_queries):
    token = counter.token()
    back = StockRoom.objects.create(store=counter.store, code="BACK", kind="BACK", name="Cellar")
    floor = StockRoom.objects.get(store=counter.store, kind="FLOOR")
    ParLevel.objects.create(item_id="CASE", quantity=8)
    from inventory import services

    services.move_goods(
        store_id=counter.store.pk, lines=[("CASE", 9, [])], from_room_id=floor.pk, to_room_id=back.pk,
        source_key="m", actor="test",
    )  # fmt: skip
    with django_assert_max_num_queries(4):
        options = counter.ask(
            "{ adjustmentOptions { reasons { code name approvalFrom } rooms { kind name } } }", token=token
        )
    rooms = options["data"]["adjustmentOptions"]["rooms"]
    assert [(room["kind"], room["name"]) for room in rooms] == [("FLOOR", ""), ("BACK", "Cellar")]
    assert len(options["data"]["adjustmentOptions"]["reasons"]) == 9
    query = "{ shelfGaps { edges { node { sku floor par wanted reserves { roomId room quantity } } } } }"
    with django_assert_max_num_queries(3):
        (edge,) = counter.ask(query, token=token)["data"]["shelfGaps"]["edges"]
    assert (edge["node"]["floor"], edge["node"]["par"], edge["node"]["wanted"]) == (1, 8, 7)
    values = {"fromRoomId": back.pk, "lines": [{"sku": "CASE", "quantity": 7}]}
    key = str(uuid.uuid4())
    first = done(send(counter, "shelfReplenish", "pieces", token=token, client_id=key, **values), "shelfReplenish")
    again = done(send(counter, "shelfReplenish", "pieces", token=token, client_id=key, **values), "shelfReplenish")
    assert (first["pieces"], first["replayed"], again["pieces"], again["replayed"]) == (7, False, 7, True)
    assert counter.ask(query, token=token)["data"]["shelfGaps"]["edges"] == []
    assert counter.clock.now() == MONDAY


def test_planned_counts_open_by_themselves_once(counter):
    from inventory.models import CountPlan
    from plugins.store_operations.tasks import open_planned_counts

    CountPlan.objects.create(name="C", abc_class="C", every_days=7, starts_on=MONDAY.date())
    assert open_planned_counts() == 1
    assert open_planned_counts() == 0
    count = StockCount.objects.get()
    assert (count.store, count.type, count.planned_for) == (counter.store, "UNIT", MONDAY.date())
    assert sorted(count.parts.get().lines.values_list("item", flat=True)) == ["CASE", "PHONE"]
