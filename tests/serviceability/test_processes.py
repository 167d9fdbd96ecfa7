"""Real processes on the real database: they race for the last ports, and die in the middle of it."""

import datetime as dt
import os
import random
import time

import pytest

from kernel import clock
from plugins.serviceability.models import CapacityReservation
from plugins.serviceability.qualification import Drop
from tests.inventory.workers import Said, processes  # noqa: F401 - a fixture
from tests.serviceability import operations, places
from tests.serviceability.places import us
from tests.serviceability.test_race import consistent

PROCESSES, CLIENTS_EACH = 4, 8
ROUNDS = 1000 if os.environ.get("SOAK") else 20
DEATHS = 300 if os.environ.get("SOAK") else 12
# Clients of all processes begin at the same moment; by then every process must have read its order.
HEAD_START = 0.25
BOOK = "tests.serviceability.operations"

pytestmark = pytest.mark.django_db(transaction=True)


def node(code: str, *ports: int) -> list[str]:
    """Premises at a node of which so many ports open today, so many next week, and so on."""
    today = clock.now().date()
    places.node(code, "FTTH", *((today + dt.timedelta(days=7 * week), count) for week, count in enumerate(ports)))
    for number in range(2):
        places.premises(f"{code}-{number}", us(number + 1, code), fibre=Drop.DROP, fibre_node=code)
    places.loaded()
    return [f"{code}-0", f"{code}-1"]


def active(code: str) -> int:
    return CapacityReservation.objects.filter(opening__node=code, state__in=CapacityReservation.ACTIVE).count()


@pytest.mark.race
@pytest.mark.parametrize("processes", [PROCESSES], indirect=True)
def test_the_last_ports_wanted_by_32_clients_are_reserved_exactly_once(processes):  # noqa: F811
    draw = random.Random(32)
    for number in range(ROUNDS):
        # Given a node with a few ports, some of which open later
        code, ports = f"N{number}", (draw.randint(0, 3), draw.randint(1, 3))
        premises = node(code, *ports)

        # When 32 clients of 4 processes want one each at the same moment
        moment = time.time() + HEAD_START
        for process in processes:
            process.tell(act="crowd", book=BOOK, premises=draw.choice(premises), clients=CLIENTS_EACH, at=moment)
        outcomes = [outcome for process in processes for outcome in process.answer()]

        # Then as many as there are ports have one, and all others hear so
        assert (outcomes.count("RESERVED"), outcomes.count("CAPACITY_GONE")) == (
            sum(ports), PROCESSES * CLIENTS_EACH - sum(ports),
        )  # fmt: skip
        assert active(code) == sum(ports)
    assert consistent()


@pytest.mark.fault
@pytest.mark.parametrize("processes", [2], indirect=True)
def test_workers_killed_at_random_points_oversell_nothing_and_lose_nothing(processes):  # noqa: F811
    # Given a node with fewer ports than are wanted
    premises = node("N", 2, 3)
    draw = random.Random(9)
    reserved = 0

    for _death in range(DEATHS):
        # When workers are killed in the middle of reserving, confirming, releasing and expiring
        for process in processes:
            seed, seconds = draw.getrandbits(32), draw.uniform(0.15, 0.5)
            process.tell(act="work", book=BOOK, store="N", skus=premises, seed=seed, seconds=seconds)
        said = Said([line for process in processes for line in process.answer()])

        # Then each port counts once, and no more than there are
        assert consistent()
        assert active("N") <= 5
        # And what a worker saw reserved is in the table, whatever became of it
        told = [said.began[key] for key, answer in said.booked.items() if answer]
        keys = {one["reservation"] for one in told if one["kind"] == "reserve"}
        assert CapacityReservation.objects.filter(key__in=keys).count() == len(keys)
        reserved += len(keys)
        # And whoever got no answer tells it again, twice, and it counts once
        for unanswered in said.unanswered:
            operations.perform(unanswered)
            before = active("N")
            if unanswered["kind"] != "expire" and not unanswered["short"]:
                operations.perform(unanswered)
                assert active("N") == before
        assert consistent()
    assert reserved > 0, "the workers died before they did anything"
