"""What a log entry tells of the request it belongs to, and what it never tells."""

import json
import logging
import sys

import pytest

from kernel import work
from kernel.identity import GUEST, Caller
from kernel.logs import JsonFormatter, TextFormatter

CLERK = Caller(kind="staff", id="17", name="Ada Park", store_id="S1", register_id="R1", email="ada@example.com")


def entry(message="sold", *args, formatter=None, **fields):
    record = logging.LogRecord("plugins.pos", logging.INFO, __file__, 1, message, args, None)
    for name, value in fields.items():
        setattr(record, name, value)
    return (formatter or JsonFormatter()).format(record)


def test_an_entry_is_one_object_on_one_line():
    line = entry("sold %s\nand more “x”", 3)

    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["message"]) == ("INFO", "plugins.pos", "sold 3\nand more “x”")
    assert told["time"].endswith("+00:00")
    assert set(told) == {"time", "level", "logger", "message", "process"}


def test_it_names_request_operation_store_and_actor_by_their_ids_alone():
    with work.doing("PosSync", request_id="request-0001"):
        work.acting(CLERK)
        told = json.loads(entry())

    assert {key: told[key] for key in ("request_id", "operation", "store", "actor")} == {
        "request_id": "request-0001", "operation": "PosSync", "store": "S1", "actor": "staff:17",
    }  # fmt: skip
    assert "Ada" not in json.dumps(told)
    assert "request_id" not in json.loads(entry())


def test_a_guest_has_no_name():
    with work.doing("Search"):
        work.acting(GUEST)
        assert "actor" not in json.loads(entry())


def test_what_is_added_to_a_record_is_left_out():
    assert "s3cret" not in entry(token="s3cret", authorization="Bearer s3cret")


def test_an_exception_is_part_of_the_object():
    try:
        raise ValueError("no such shelf")
    except ValueError:
        told = json.loads(entry(exc_info=sys.exc_info()))
    assert told["exception"].endswith("ValueError: no such shelf")


def test_a_line_of_text_ends_with_the_request():
    with work.doing("Search", request_id="request-0001"):
        assert entry(formatter=TextFormatter()).endswith("INFO plugins.pos sold (request request-0001)")
    assert entry(formatter=TextFormatter()).endswith("INFO plugins.pos sold")


@pytest.mark.parametrize(
    "told", ["", "short", "a" * 65, 'x"}\n{"level": "ERROR"', "id with spaces", "日本語日本語日本"]
)
def test_a_request_is_not_called_what_could_be_taken_for_something_else(told):
    named = work.request_id_of(told)
    assert named != told
    assert len(named) == 32
    assert work.request_id_of(named) == named


def test_work_within_work_ends_with_its_block():
    with work.doing("outer", request_id="request-outer") as outer:
        with work.doing("inner"):
            assert work.operation() == "inner"
        assert work.current() is outer
    assert work.current() is None
    assert work.operation() == "none"
