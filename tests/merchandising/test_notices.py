"""Every process hears of a change when it is committed, and of nothing else."""

import pytest

from kernel.errors import ApiError
from kernel.notices import Listener
from plugins.merchandising import selectors, services
from plugins.merchandising.history import TOPIC
from plugins.merchandising.models import Rule
from tests.kernel.listening import eventually

from .test_services import REDIRECT, create

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    """Writes down what it hears."""

    def __init__(self):
        self.heard = []

    def connected(self):
        pass

    def lost(self):
        pass

    def notice(self, topic, payloads):
        self.heard += payloads


def test_a_change_is_heard_when_it_is_committed_and_a_refusal_is_not(shop):
    ear = Ear()
    listener = Listener({TOPIC: [ear]})
    listener.start()
    try:
        eventually(listener.fresh)
        with pytest.raises(ApiError):
            create(**REDIRECT | {"url": "//evil"})
        row = create(**REDIRECT)
        first = str(selectors.version())
        services.update(row=row, values={}, actor="admin:1")
        services.delete(row=row, actor="admin:1")
        eventually(lambda: len(ear.heard) >= 2)
    finally:
        listener.stop()
    assert ear.heard == [first, str(selectors.version())]
    assert not Rule.objects.exists()
