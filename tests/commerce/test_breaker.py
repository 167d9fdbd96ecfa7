"""A core that keeps failing is left alone for a moment."""

import threading
from typing import Any

import pytest
from prometheus_client import REGISTRY

from commerce import breaker, metrics, transport
from commerce.breaker import FAILURES, REST_SECONDS, Breaker
from commerce.core import core
from commerce.errors import CoreUnavailable
from commerce.transport import CircuitOpen, NotSent
from tests.commerce.fake_core import FakeCore

VERSION = {"shop": {"version": "3.23.28", "name": "Shop"}}


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Breaker, Time]:
    clock = Time()
    made = Breaker(clock=clock)
    for _ in range(FAILURES):
        assert made.lets_pass()
        made.failed()
    return made, clock


def test_failures_in_a_row_open_the_circuit() -> None:
    made, _clock = opened()
    assert not made.lets_pass()


def test_a_success_between_failures_keeps_it_closed() -> None:
    made = Breaker(clock=Time())
    for number in range(FAILURES * 3):
        made.succeeded() if number % (FAILURES - 1) == 0 else made.failed()
        assert made.lets_pass()


def test_after_the_rest_one_call_tries_and_closes_it() -> None:
    made, clock = opened()
    clock.now += REST_SECONDS
    assert [made.lets_pass(), made.lets_pass()] == [True, False]
    made.succeeded()
    assert [made.lets_pass(), made.lets_pass()] == [True, True]


def test_a_try_that_fails_or_never_reports_leaves_it_open_for_a_further_rest() -> None:
    made, clock = opened()
    clock.now += REST_SECONDS
    assert made.lets_pass()
    made.failed()
    assert not made.lets_pass()
    clock.now += REST_SECONDS
    assert made.lets_pass()
    clock.now += REST_SECONDS
    assert made.lets_pass()


def test_an_open_circuit_sends_nothing_and_waits_for_nothing(fake_core: FakeCore, monkeypatch: Any) -> None:
    monkeypatch.setattr(breaker, "REST_SECONDS", 3600.0)
    fake_core.answer("CoreVersion", VERSION)
    fake_core.fail("CoreVersion", status=503, times=FAILURES)
    while True:
        try:
            core().version()
        except CircuitOpen:
            break
        except CoreUnavailable:
            assert len(fake_core.calls("CoreVersion")) <= FAILURES
    assert len(fake_core.calls("CoreVersion")) == FAILURES
    with pytest.raises(CircuitOpen):
        core().version()
    assert len(fake_core.calls("CoreVersion")) == FAILURES


def test_the_circuit_closes_when_the_core_is_back(fake_core: FakeCore, monkeypatch: Any) -> None:
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    fake_core.answer("CoreVersion", VERSION)
    fake_core.fail("CoreVersion", status=429, times=FAILURES + 2)
    for _ in range(FAILURES // transport.ATTEMPTS + 1):
        with pytest.raises(CoreUnavailable):
            core().version()
    assert core().version() == "3.23.28"
    assert core().version() == "3.23.28"


def test_calls_under_way_are_bounded(fake_core: FakeCore, monkeypatch: Any) -> None:
    monkeypatch.setattr(transport, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(transport, "TURN_SECONDS", 0.01)
    monkeypatch.setattr(transport, "ATTEMPTS", 1)
    under_way, may_end = threading.Event(), threading.Event()

    def answer(_variables: dict[str, Any]) -> dict[str, Any]:
        under_way.set()
        assert may_end.wait(60)
        return VERSION

    fake_core.answer("CoreVersion", answer)
    first = threading.Thread(target=core().version)
    first.start()
    assert under_way.wait(60)
    with pytest.raises(NotSent, match="under way"):
        core().version()
    may_end.set()
    first.join()
    assert len(fake_core.calls("CoreVersion")) == 1


def test_the_circuit_is_told_when_it_opens_and_when_it_closes() -> None:
    heard: list[bool] = []
    clock = Time()
    made = Breaker(clock=clock, told=heard.append)
    for _ in range(FAILURES + 2):
        made.failed()
    assert heard == [True]
    clock.now += REST_SECONDS * 2
    made.succeeded()
    made.succeeded()
    assert heard == [True, False]


def test_figures_tell_of_the_circuit() -> None:
    metrics.circuit(True)
    assert REGISTRY.get_sample_value("suite_core_circuit_open") == 1
    metrics.circuit(False)
    assert REGISTRY.get_sample_value("suite_core_circuit_open") == 0
