"""A core that asks to be left alone is: for as long as it says, by everybody, and no circuit opens for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commerce import jwks, retry_after, transport
from commerce.breaker import FAILURES
from commerce.core import core
from commerce.errors import CoreUnavailable
from commerce.tokens import read_shopper
from commerce.transport import AskedToWait, CircuitOpen
from kernel import clock
from tests.commerce import replies
from tests.commerce.fake_core import FakeCore
from tests.commerce.test_core import CHECKOUT_ID, DRAFT, VERSION

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Watch:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def watch(fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(transport, "time", made)
    monkeypatch.setattr(jwks, "time", made)
    fake_core.answer("CoreVersion", VERSION)
    fake_core.answer("CheckoutCreate", {"checkoutCreate": {"checkout": replies.checkout(), "errors": []}})
    return made


@pytest.fixture
def now() -> Iterator[None]:
    with clock.use_clock(clock.FrozenClock(NOW)):
        yield


def busy(fake_core: FakeCore, operation: str, wait: str, *, status: int = 429, times: int = 1) -> None:
    fake_core.fail(operation, status=status, times=times, headers={"Retry-After": wait})


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "0", 0),
        (429, "30", 30),
        (503, " 30 ", 30),
        (429, "99999999999999999999", 3600),
        (429, "Fri, 02 Jan 2026 03:05:05 GMT", 60),
        (429, "Friday, 02-Jan-26 03:05:05 GMT", 60),
        (429, "Fri Jan  2 03:05:05 2026", 60),
        (429, "Fri, 02 Jan 2026 03:04:04 GMT", 0),
        (503, "Sat, 02 Jan 2027 00:00:00 GMT", 3600),
        (429, None, None),
        (429, "", None),
        (429, "-1", None),
        (429, "1.5", None),
        (429, "٣", None),
        (429, "soon", None),
        (429, "Fri, 32 Jan 2026 03:05:05 GMT", None),
        (500, "30", None),
        (200, "30", None),
    ],
)
def test_what_a_reply_asks_for(status: int, header: str | None, seconds: int | None) -> None:
    asked = retry_after.asked_for(status, {} if header is None else {"Retry-After": header})
    assert asked == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.usefixtures("now")
def test_a_date_is_taken_by_the_clock_of_who_named_it() -> None:
    its = {"Retry-After": "Fri, 02 Jan 2026 09:00:20 GMT", "Date": "Fri, 02 Jan 2026 09:00:00 GMT"}
    assert retry_after.asked_for(429, its) == timedelta(seconds=20)
    assert retry_after.asked_for(429, its | {"Date": "today"}) == timedelta(hours=1)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2},? \d+[ -]\w+[ -]\d+ [\d:]* ?\S*", fullmatch=True), st.text())
@example("9" * 400, "")
@example("Fri, 02 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359")
def test_whatever_stands_there_is_none_or_at_most_an_hour(header: str, date: str) -> None:
    asked = retry_after.asked_for(429, {"Retry-After": header, "Date": date})
    assert asked is None or timedelta(0) <= asked <= retry_after.MOST


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_is_waited_out(fake_core: FakeCore, watch: Watch, status: int) -> None:
    busy(fake_core, "CoreVersion", "1", status=status)
    assert core().version() == "3.23.28"
    assert len(fake_core.calls("CoreVersion")) == 2
    assert [1.0 < pause < 1.01 for pause in watch.slept] == [True]


def test_a_long_wait_is_told_at_once_and_nobody_asks_meanwhile(fake_core: FakeCore, watch: Watch) -> None:
    busy(fake_core, "CoreVersion", "30")
    with pytest.raises(AskedToWait, match="30 s") as told:
        core().version()
    assert told.value.retry_after == timedelta(seconds=30)
    watch.now += 10.5
    with pytest.raises(AskedToWait, match="20 s") as told:
        core().create_checkout(DRAFT)
    assert told.value.retry_after == timedelta(seconds=19.5)
    assert (len(fake_core.calls("CoreVersion")), fake_core.calls("CheckoutCreate"), watch.slept) == (1, [], [])
    watch.now += 19.5
    assert core().version() == "3.23.28"


def test_a_longer_wait_is_not_shortened_by_a_later_reply(fake_core: FakeCore, watch: Watch) -> None:
    busy(fake_core, "CoreVersion", "30")
    asking = core()
    with pytest.raises(AskedToWait):
        asking.version()
    asking._client._breaker.rest(5)  # the reply to a call that was under way
    asking._client._breaker.succeeded()
    watch.now += 27
    with pytest.raises(AskedToWait, match="3 s"):
        asking.version()


def test_whoever_comes_shortly_before_the_end_waits_for_it(fake_core: FakeCore, watch: Watch) -> None:
    busy(fake_core, "CoreVersion", "30")
    with pytest.raises(AskedToWait):
        core().version()
    watch.now += 29
    # A write, too: it was not sent.
    assert core().create_checkout(DRAFT).id
    assert len(fake_core.calls("CheckoutCreate")) == 1
    assert [1.0 < pause < 1.01 for pause in watch.slept] == [True]


def test_what_is_waited_is_bounded_over_all_attempts(fake_core: FakeCore, watch: Watch) -> None:
    busy(fake_core, "CoreVersion", "1", times=9)
    with pytest.raises(AskedToWait):
        core().version()
    assert (len(fake_core.calls("CoreVersion")), len(watch.slept)) == (transport.ATTEMPTS, transport.ATTEMPTS - 1)
    fake_core.recover("CoreVersion")
    busy(fake_core, "CoreVersion", "2", times=9)
    watch.now += 1
    with pytest.raises(AskedToWait):
        core().version()
    assert (len(fake_core.calls("CoreVersion")), len(watch.slept)) == (transport.ATTEMPTS + 2, transport.ATTEMPTS)


def test_a_write_is_repeated_after_429_which_served_nothing_and_not_after_503(
    fake_core: FakeCore, watch: Watch
) -> None:
    busy(fake_core, "CheckoutCreate", "1")
    assert core().create_checkout(DRAFT).id
    assert len(fake_core.calls("CheckoutCreate")) == 2
    busy(fake_core, "CheckoutCreate", "1", status=503)
    with pytest.raises(CoreUnavailable, match="503") as told:
        core().create_checkout(DRAFT)
    assert (told.value.retry_after, len(fake_core.calls("CheckoutCreate"))) == (timedelta(seconds=1), 3)


def test_no_circuit_opens_for_a_core_that_asks_politely(fake_core: FakeCore, watch: Watch) -> None:
    rounds = FAILURES + 5
    busy(fake_core, "CoreVersion", "60", times=rounds)
    for _ in range(rounds):
        with pytest.raises(AskedToWait):
            core().version()
        watch.now += 60
    assert core().version() == "3.23.28"
    assert len(fake_core.calls("CoreVersion")) == rounds + 1


def test_a_circuit_that_is_open_stays_so_while_the_core_asks_for_rest(fake_core: FakeCore, watch: Watch) -> None:
    fake_core.fail("CoreVersion", times=FAILURES)
    for _ in range(FAILURES // transport.ATTEMPTS + 1):
        with pytest.raises(CoreUnavailable):
            core().version()
    with pytest.raises(CircuitOpen):
        core().version()
    watch.now += 10
    busy(fake_core, "CoreVersion", "60")
    with pytest.raises(AskedToWait):
        core().version()
    watch.now += 60
    before = len(fake_core.calls("CoreVersion"))
    assert core().version() == "3.23.28"
    assert len(fake_core.calls("CoreVersion")) == before + 1


@pytest.mark.parametrize("header", ["soon", "-5", ""])
def test_a_wait_that_means_nothing_is_as_none(fake_core: FakeCore, watch: Watch, header: str) -> None:
    busy(fake_core, "CoreVersion", header)
    assert core().version() == "3.23.28"
    assert [pause < 0.01 for pause in watch.slept] == [True]
    busy(fake_core, "CoreVersion", header, times=FAILURES)
    for _ in range(FAILURES // transport.ATTEMPTS):
        with pytest.raises(CoreUnavailable) as told:
            core().version()
        assert told.value.retry_after is None
    with pytest.raises(CircuitOpen):
        core().version()


def test_completion_waits_and_is_asked_once_more(fake_core: FakeCore, watch: Watch) -> None:
    made = {"checkoutComplete": {"order": replies.order(), "confirmationNeeded": False, "errors": []}}
    fake_core.answer("CheckoutComplete", made)
    busy(fake_core, "CheckoutComplete", "2", status=503)
    assert core().complete_checkout(CHECKOUT_ID).number == "17"
    assert len(fake_core.calls("CheckoutComplete")) == 2


def test_pages_that_are_read_ahead_tell_how_long(fake_core: FakeCore, watch: Watch) -> None:
    def products(variables: dict[str, Any]) -> dict[str, Any]:
        busy(fake_core, "Products", "90")  # the next page
        return replies.page("products", [replies.product()], cursor="c1")

    fake_core.answer("Products", products)
    found = core().iter_products("us")
    assert next(found).id == "P1"
    with pytest.raises(AskedToWait) as told:
        next(found)
    assert told.value.retry_after == timedelta(seconds=90)


def test_keys_are_not_asked_for_meanwhile(fake_core: FakeCore, watch: Watch) -> None:
    fake_core.keys_status, fake_core.keys_headers = 429, {"Retry-After": "30"}
    token = fake_core.token()
    for _ in range(3):
        with pytest.raises(CoreUnavailable, match="keys"):
            read_shopper(token)
    assert fake_core.keys_read == 1
    fake_core.keys_status = 200
    watch.now += 30
    assert read_shopper(token) is not None
    assert fake_core.keys_read == 2
