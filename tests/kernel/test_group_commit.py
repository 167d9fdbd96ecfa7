"""Rows of many answers in one commit: all there when the answer is given, none when the database refused."""

import asyncio

import pytest
from django.db import IntegrityError, connections
from django.db.models import F

from kernel import clock, group_commit
from kernel.group_commit import GroupWriter, gathering, insert
from plugins.serviceability.models import DemandEntry, NetworkNode, Qualification

pytestmark = pytest.mark.django_db(transaction=True)


def node(code: str) -> NetworkNode:
    return NetworkNode(code=code, technology="FTTH", country="US", latitude=30, longitude=-97)


def waiting(email: str) -> DemandEntry:
    return DemandEntry(category="TV", country="US", latitude=30, longitude=-97, email=email)


def written(*groups):
    """What each hand-over of rows came to; all are handed over at once."""

    async def run():
        writer = GroupWriter()
        found = await asyncio.gather(*(writer.write(rows) for rows in groups), return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(writer._thread, connections.close_all)
        return found

    return asyncio.run(run())


def test_outside_of_a_gathering_a_row_is_inserted_at_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        insert(node("A"))
    assert NetworkNode.objects.count() == 1


def test_gathered_rows_are_not_there_until_they_are_written():
    with gathering() as rows:
        insert(node("A"))
    insert(node("B"))
    assert [row.code for row in rows] == ["A"]
    assert [one.pk for one in NetworkNode.objects.all()] == ["B"]
    assert written(rows) == [None]
    assert [one.pk for one in NetworkNode.objects.all()] == ["A", "B"]


def test_what_waits_at_once_is_written_in_two_statements(monkeypatch):
    groups = []
    write = group_commit._write
    monkeypatch.setattr(group_commit, "_write", lambda rows: groups.append(len(rows)) or write(rows))
    assert written(*([node(f"N{number}")] for number in range(20))) == [None] * 20
    # The first begins at once, all others wait for it together.
    assert groups == [1, 19]
    assert NetworkNode.objects.count() == 20


def test_a_row_is_written_as_django_would_write_it():
    now = clock.now()
    given = {
        "address": "1 'Main'\tSt\\ \n\u4eac",
        "country": "US",
        "latitude": 0.1,
        "longitude": -1e-7,
        "confidence": "AREA",
        "categories": ["TV"],
        "result": "QUALIFIED",
        "items": [{"day": None, "label": '"\\N\u4eac', "download": 1}],
        "expires_at": now,
    }
    made = [Qualification(created_at=now, checked_at=now, requested_date=day, **given) for day in (None, now.date())]
    assert written(made) == [None]
    Qualification.objects.create(created_at=now, checked_at=now, requested_date=now.date(), **given)
    none, together, alone = Qualification.objects.order_by(F("requested_date").asc(nulls_first=True)).values()
    assert together.pop("id") != alone.pop("id")
    assert together == alone
    assert none["requested_date"] is None


def test_a_refused_group_leaves_nothing_and_the_next_is_written():
    insert(node("A"))
    first, second, third = written([node("B")], [node("C"), waiting("ada@example.com")], [node("A")])
    assert first is None
    assert isinstance(second, IntegrityError)
    assert isinstance(third, IntegrityError)
    assert {one.pk for one in NetworkNode.objects.all()} == {"A", "B"}
    assert DemandEntry.objects.count() == 0


def test_rows_of_several_tables_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        group_commit._write([node("A"), waiting("ada@example.com"), node("B")])
    assert (NetworkNode.objects.count(), DemandEntry.objects.count()) == (2, 1)


def test_rows_of_several_tables_are_one_transaction():
    assert written([node("A"), waiting("ada@example.com"), waiting("bob@example.com")]) == [None]
    assert (NetworkNode.objects.count(), DemandEntry.objects.count()) == (1, 2)
