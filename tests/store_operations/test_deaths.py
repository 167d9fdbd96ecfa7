"""Staff's devices whose server dies under them: what they had begun is told again, and is booked once."""

import os
import random

import pytest

from inventory import proof
from inventory.models import Movement
from plugins.store_operations.models import StoreAct
from tests.inventory.goods import make_item, make_store, stock
from tests.inventory.workers import Said, processes  # noqa: F401 - a fixture
from tests.store_operations import random_acts

DEATHS = 200 if os.environ.get("SOAK") else 8
# A slow machine does less before each death: there are more of them until all of these were done.
ACTS = {"delivery.unannounced", "transfer.ship", "transfer.receive", "count.authorise"}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


@pytest.mark.parametrize("processes", [2], indirect=True)
def test_killed_while_receiving_shipping_and_posting_nothing_is_lost_or_doubled(processes):  # noqa: F811
    # Given two stores with goods
    stores, plain, phone = [make_store(), make_store()], [make_item() for _number in range(3)], make_item("IMEI")
    for store in stores:
        for item in (*plain, phone):
            stock(store, item, 9)
    skus = {"plain": [item.sku for item in plain], "phone": phone.sku}
    draw = random.Random(4)

    deaths = 0
    while deaths < DEATHS or ACTS - _done():
        deaths += 1
        assert deaths < 20 * DEATHS, f"the servers died before they did all of {ACTS}"
        # When the servers of their devices are killed in the middle of what they do
        for process in processes:
            process.tell(
                act="work",
                book="tests.store_operations.random_acts",
                store=[store.pk for store in stores],
                skus=skus,
                seed=draw.getrandbits(32),
                seconds=draw.uniform(0.5, 1.2),
            )
        said = Said([line for process in processes for line in process.answer()])

        # Then what was answered is answered again in the same words, and nothing is booked for it
        before = Movement.objects.count()
        for key, answer in said.booked.items():
            again = random_acts.told(said.began[key])
            assert (again.replayed, again.outcome) == (True, answer)
        assert Movement.objects.count() == before
        # And what got no answer is told again, twice, and done at most once
        for told in said.unanswered:
            done = random_acts.told(told)
            after = Movement.objects.count()
            again = random_acts.told(told)
            assert (again and again.outcome) == (done and done.outcome)
            assert again is None or again.replayed
            assert Movement.objects.count() == after
        # And the books are right
        assert proof.differences() == []
    assert Movement.objects.filter(kind="COUNT").exists()


def _done():
    return set(StoreAct.objects.values_list("kind", flat=True))
