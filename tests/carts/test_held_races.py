"""Planners, customers and workers at once, and workers that are killed: nothing is oversold, lost or told otherwise."""

import datetime as dt
import os
import random
from collections import Counter

import pytest
from django.core import mail

from kernel import clock
from kernel.errors import ApiError
from plugins.carts import emails, held, hold_handlers
from plugins.carts.models import Order
from plugins.serviceability import capacity, loader, requalifying
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from tests.carts import network_acts
from tests.carts.lines_at_address import LATER, deliver, street
from tests.counter import CounterCore, build, counter  # noqa: F401 - fixture
from tests.inventory.workers import Said, processes  # noqa: F401 - a fixture
from tests.kernel.threads import Crash, Running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]

HOUSES, THREADS = 6, 4
ACTS, DEATHS = (200, 100) if os.environ.get("SOAK") else (12, 4)


@pytest.fixture
def fibre(counter):  # noqa: F811
    loader.forget()
    yield street(counter, ports=HOUSES, houses=HOUSES + 1)
    loader.forget()


def openings():
    CapacityOpening.objects.get_or_create(node_id="OLT", opens_on=LATER, defaults={"ports": 0})
    return list(CapacityOpening.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.race
def test_planners_customers_and_workers_at_once_leave_no_contradiction(fibre, tmp_path):
    # Given five orders on six ports
    orders = [fibre.order(f"H{number}") for number in range(1, HOUSES)]
    things = {"openings": openings(), "ports": HOUSES, "mails": str(tmp_path)}

    def worker(seed):
        draw = random.Random(seed)
        for _act in range(ACTS):
            network_acts.act(network_acts.drawn(draw, None, things))

    def customers():
        network_acts.act({"kind": "cancel", "order": orders[0].pk})
        try:
            cart = fibre.cart(house=f"H{HOUSES}")
            fibre.complete(cart)
        except ApiError as refusal:
            if refusal.code not in ("DATE_CHANGED", "SERVICE_NOT_AVAILABLE", "TRY_AGAIN"):
                raise

    # When all are at work
    running = [Running(lambda seed=seed: worker(seed)) for seed in range(THREADS)] + [Running(customers)]
    for thread in running:
        thread.result()
    network_acts.drain()

    # Then ports, orders and messages agree
    assert network_acts.contradictions() == []
    # And with all capacity back everybody goes on, each by one message
    fibre.ports(0, opens_on=LATER)
    fibre.ports(HOUSES)
    network_acts.drain()
    assert network_acts.contradictions() == []
    assert not Order.objects.filter(status="HELD").exists()
    sent = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert max(sent.values()) == 1


@pytest.mark.race
def test_who_loses_does_not_depend_on_who_is_faster(fibre):
    orders = [fibre.order(f"H{number}") for number in range(1, HOUSES + 1)]
    opening = openings()[0]
    wanted = {opening: capacity.Wanted(3, CapacityOpening.objects.get(pk=opening).opens_on)}

    def planner():
        network_acts.act({"kind": "ports", "opening": opening, "ports": 3})

    for thread in [Running(planner) for _n in range(THREADS)]:
        thread.result()
    network_acts.drain()

    assert capacity.change(wanted=wanted, actor="planner") == 0
    lost = [order.pk for order in orders if fibre.port_of(order).state == "LOST"]
    assert lost == [order.pk for order in orders[3:]]
    assert set(Order.objects.filter(status="HELD").values_list("pk", flat=True)) == set(lost)


class Forever:
    """The clock of processes: the real one."""

    def advance(self, **_by):
        pass


@pytest.mark.fault
@pytest.mark.parametrize("processes", [2], indirect=True)
def test_workers_killed_at_random_points_leave_orders_right_and_tell_nobody_twice(
    processes,  # noqa: F811
    settings,
    monkeypatch,
    client,
    tmp_path,
):
    # Given five orders
    settings.DEBUG = True
    core = CounterCore()
    monkeypatch.setattr("commerce.core.core", lambda: core)
    loader.forget()
    fibre = street(build(core, Forever(), client), ports=5, houses=5)
    for number in range(1, 6):
        fibre.order(f"H{number}")
    later = clock.now().date() + dt.timedelta(days=365)
    CapacityOpening.objects.create(node_id="OLT", opens_on=later, ports=0)
    draw, deaths = random.Random(10), 0
    things = {
        "openings": list(CapacityOpening.objects.values_list("pk", flat=True)),
        "ports": 5,
        "mails": str(tmp_path),
    }
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)

    for _death in range(DEATHS):
        # When workers are killed in the middle of what they do
        for process in processes:
            process.tell(
                act="work",
                book="tests.carts.network_acts",
                store="",
                skus=things,
                seed=draw.getrandbits(32),
                seconds=draw.uniform(0.5, 1.5),
            )
        Said([line for process in processes for line in process.answer()])
        deaths += len(processes)

        # Then what they left is finished by others, and all agrees
        network_acts.drain()
        assert network_acts.contradictions() == []
    # And a mail is repeated at most where a worker died over it, under the same id
    sent = Counter(network_acts.mails_in(tmp_path))
    assert sent, "the workers died before anything happened"
    assert sum(sent.values()) - len(sent) <= deaths
    loader.forget()


@pytest.mark.fault
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("module", "name", "mails"),
    [
        (requalifying.capacity, "settle", 1),
        (held, "look_at_all", 1),
        (held, "look_again", 1),
        (held, "_write", 1),
        (hold_handlers.commerce, "core", 1),
        (emails, "send_hold", 2),
    ],
)
def test_a_worker_killed_between_two_steps_is_finished_once(fibre, monkeypatch, module, name, mails, after):
    order = fibre.order()
    mail.outbox.clear()
    work, waiting = getattr(module, name), [True]

    def dying(*args, **kwargs):
        if waiting and not after:
            waiting.pop()
            raise Crash
        result = work(*args, **kwargs)
        if waiting:
            waiting.pop()
            raise Crash
        return result

    monkeypatch.setattr(module, name, dying)
    with pytest.raises(Crash):
        fibre.ports(0)

    fibre.counter.clock.advance(seconds=61)
    deliver()

    assert not waiting
    order.refresh_from_db()
    assert (order.status, order.promise_date) == ("HELD", None)
    assert list(order.events.filter(code__startswith="HELD").values_list("code", flat=True)) == ["HELD_WITHOUT_DATE"]
    assert CapacityReservation.objects.values_list("state", flat=True).get() == "LOST"
    assert (order.hold.revision, order.hold.told) == (1, 1)
    # Killed after the mail and before its note, it is sent again as the same message.
    assert len(mail.outbox) == (mails if after else 1)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert fibre.counter.core.metadata[order.core_id] == {"promiseDate": "", "held": "true"}
