"""The date path: what serviceability says of an address decides what a bundle can hold, and from when."""

import datetime as dt

import pytest

from plugins.bundles import addresses, services
from plugins.serviceability import services as serviceability
from plugins.serviceability.asking import Question
from plugins.serviceability.qualification import Category
from tests.bundles.conftest import ADMIN
from tests.bundles.test_api import BOTH, CONFIGURE, ask
from tests.carts.shop import refused
from tests.serviceability.conftest import HERE, _fresh, at_noon, network  # noqa: F401  (fixtures)
from tests.serviceability.places import TODAY


@pytest.fixture
def home(shop, document, network):  # noqa: F811
    """The offer with a plan that needs fibre, and the network of three addresses; the clock is the network's."""
    document["groups"][2]["options"][0]["address"] = {
        "category": "BROADBAND",
        "technologies": ["FTTH"],
        "minimumDownloadMbps": 100,
    }
    services.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    services.publish(code="phone-plan", actor=ADMIN)
    return network


def qualified(**place):
    kept, _found = serviceability.qualify(Question(categories=(Category.BROADBAND,), **place))
    return kept.pk


def configured(qualification_id=None):
    asked = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, "qualificationId": qualification_id}
    answer = ask(CONFIGURE, input=asked)
    assert answer.errors is None
    return answer.data["configureBundle"]


def days(found):
    return {line["sku"]: line["availableFrom"] for line in found["lines"]}


def day(number):
    return (TODAY + dt.timedelta(days=number)).isoformat()


def test_fibre_that_is_ready_is_promised_for_the_day_the_crew_needs(home):
    found = configured(qualified(premises_id="FIBRE"))
    assert (found["valid"], found["violations"]) == (True, [])
    assert days(found) == {"PHONE": day(0), "PLAN": day(7)}
    assert found["promiseDate"] == day(7)


def test_capacity_that_opens_in_12_days_moves_the_line_and_the_whole(home):
    """The story: asked for day 5, the plan and the whole are promised for day 12, and nothing for day 5."""
    found = configured(qualified(premises_id="LATER", requested=TODAY + dt.timedelta(days=5)))
    assert found["valid"]
    assert days(found) == {"PHONE": day(0), "PLAN": day(12)}
    assert found["promiseDate"] == day(12)


def test_where_there_is_no_network_the_plan_is_refused_with_what_to_do(home):
    found = configured(qualified(premises_id="NOTHING"))
    assert (found["valid"], found["promiseDate"]) == (False, None)
    [violation] = [one for one in found["violations"] if one["sku"] == "PLAN"]
    assert violation["code"] == "NOT_ELIGIBLE"
    assert violation["message"] == "Plan: It cannot be had at this address."
    assert violation["remedy"]


def test_without_an_exact_address_it_is_asked_for_and_nothing_promised(home):
    for asked in (None, qualified(point=HERE)):
        found = configured(asked)
        assert (found["valid"], found["promiseDate"], days(found)["PLAN"]) == (False, None, None)
        [violation] = found["violations"]
        assert (violation["code"], violation["sku"]) == ("ADDRESS_REQUIRED", "PLAN")
        assert violation["remedy"] == "Check the address where it is to work."


def test_a_day_that_needs_work_moves_on_with_the_calendar(home):
    kept = qualified(premises_id="FIBRE")
    home.advance(days=4)
    assert configured(kept)["promiseDate"] == day(11)


def test_an_answer_that_ran_out_is_refused(home):
    kept = qualified(premises_id="LATER")
    home.advance(days=2)
    asked = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, "qualificationId": kept}
    [error] = ask(CONFIGURE, input=asked).errors
    assert error.message == "This answer no longer holds: check the address again."
    assert error.extensions == {"code": "QUALIFICATION_EXPIRED", "field": "input.qualificationId"}


def test_while_nobody_knows_addresses_it_says_so(home, monkeypatch):
    monkeypatch.setattr(addresses, "_find", None)
    refusal = refused(addresses.services, "x")
    assert (refusal.code, refusal.field) == ("NOT_AVAILABLE", "input.qualificationId")
