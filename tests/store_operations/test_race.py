"""Real threads on the real database: an act told by many at once is done once."""

import os
import uuid

import pytest

from inventory import proof
from plugins.store_operations.models import StoreAct
from tests.kernel.threads import Running
from tests.store_operations.test_acts import receive

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 50 if os.environ.get("SOAK") else 3
CLIENTS = 6


def test_an_act_told_by_many_at_once_is_done_once(counter):
    for _round in range(ROUNDS):
        key = str(uuid.uuid4())

        workers = [Running(lambda key=key: receive(counter, client_id=key)) for _client in range(CLIENTS)]
        done = [worker.result() for worker in workers]

        assert sorted(result.replayed for result in done) == [False] + [True] * (CLIENTS - 1)
        assert len({result.outcome["movement"] for result in done}) == 1
    assert StoreAct.objects.count() == ROUNDS
    assert counter.on_hand("CASE") == 10 + 5 * ROUNDS
    assert proof.differences() == []
