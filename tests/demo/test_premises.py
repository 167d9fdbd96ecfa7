"""The demonstration's premises: brought in without a mistake; the three that are named answer as they are called."""

import datetime as dt

import pytest

from demo import premises
from kernel import clock
from plugins.serviceability import loader, services
from plugins.serviceability.asking import Question
from plugins.serviceability.models import CapacityOpening, Premises, Qualification
from plugins.serviceability.qualification import Category

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)


def answer(code: str) -> Qualification:
    question = Question(premises_id=code, categories=(Category.BROADBAND,))
    return services.qualify(question)[0]


def test_the_premises_that_are_named_answer_as_they_are_called() -> None:
    with clock.use_clock(clock.FrozenClock(NOON)):
        premises.load(NOON.date())
        loader.forget()
        assert Premises.objects.count() >= 20_000
        assert Premises.objects.filter(country="CN").count() >= 3_000
        assert answer(premises.FIBRE_READY).result == "QUALIFIED"
        assert answer(premises.NOTHING).result == "UNQUALIFIED"
        later = answer(premises.LATER)
        assert (later.result, later.items[0]["day"]) == ("ALTERNATE", "2026-12-09")
    tomorrow = NOON + dt.timedelta(days=1)
    with clock.use_clock(clock.FrozenClock(tomorrow)):
        premises.keep_twelve_days(tomorrow.date())
        later = answer(premises.LATER)
        assert (later.result, later.items[0]["day"]) == ("ALTERNATE", "2026-12-10")
        openings = CapacityOpening.objects.count()
        premises.load(tomorrow.date())
        # Nodes that opened on a day that is gone keep it; only what opens so many days from now is told anew.
        assert Premises.objects.count() >= 20_000
        assert CapacityOpening.objects.count() >= openings
    loader.forget()
