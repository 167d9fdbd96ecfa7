"""Serviceability through GraphQL: what is asked, answered, kept and refused."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from strawberry.tools import merge_types

from kernel.clock import FrozenClock
from kernel.identity import GUEST, Caller
from plugins.serviceability import limits, schema, selectors
from plugins.serviceability.models import DemandEntry, Qualification
from storefront_api.schema import Schema
from tests.serviceability.conftest import AWAY, HERE
from tests.serviceability.places import TODAY

api = Schema(query=merge_types("Query", (schema.Query,)), mutation=merge_types("Mutation", (schema.Mutation,)))

QUALIFY = """mutation ($input: QualifyServiceInput!) { qualifyService(input: $input) {
  qualification { id premisesId normalisedAddress matchConfidence result expirationDate items {
    category technology result downloadMbps uploadMbps serviceAvailabilityDate reasons { code label }
    alternates { category technology downloadMbps alternateServiceAvailabilityDate } } }
  suggestions { premisesId label } errors { code field message } } }"""
READ = "query ($id: ID!) { serviceQualification(id: $id) { id result items { technology serviceAvailabilityDate } } }"
SUGGEST = "query ($text: String!, $first: Int) { addressSuggestions(text: $text, first: $first) { premisesId label } }"
WAIT = """mutation ($id: ID!, $category: ServiceCategory!, $email: String!) {
  serviceWait(qualificationId: $id, category: $category, email: $email) { waiting errors { code field } } }"""


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"
    remote_address: str = "192.0.2.1"
    more: dict[str, Any] = field(default_factory=dict)


def ask(query: str, **variables: Any) -> dict[str, Any]:
    result = api.execute_sync(query, variable_values=variables, context_value=Context())
    assert result.data is not None, result.errors
    return result.data


def qualify(**given: Any) -> dict[str, Any]:
    payload = ask(QUALIFY, input=given)["qualifyService"]
    assert payload["errors"] == []
    return payload["qualification"]


def refused(**given: Any) -> tuple[str, str]:
    payload = ask(QUALIFY, input=given)["qualifyService"]
    assert payload["qualification"] is None
    assert Qualification.objects.count() == 0
    (error,) = payload["errors"]
    assert error["message"]
    return error["code"], error["field"]


def day(days: int) -> str:
    return (TODAY + dt.timedelta(days=days)).isoformat()


def test_fibre_that_is_there_is_qualified_for_the_day_the_crew_needs(network: FrozenClock) -> None:
    found = qualify(addressText="120 Maple Street, Austin TX 78701", categories=["BROADBAND"])
    assert (found["premisesId"], found["matchConfidence"], found["result"]) == ("FIBRE", "EXACT", "QUALIFIED")
    assert found["normalisedAddress"] == "120 MAPLE ST, AUSTIN, TX 78701"
    assert found["items"] == [
        {"category": "BROADBAND", "technology": "FTTH", "result": "QUALIFIED", "downloadMbps": 1000,
         "uploadMbps": 1000, "serviceAvailabilityDate": day(7), "reasons": [], "alternates": []}
    ]  # fmt: skip
    assert found["expirationDate"] == "2026-12-10T12:00:00+00:00"


def test_the_crew_could_come_in_5_days_but_the_capacity_opens_in_12(network: FrozenClock) -> None:
    """The story: asked for day 5, the answer is an alternate on day 12, and day 5 is promised nowhere."""
    found = qualify(premisesId="LATER", categories=["BROADBAND", "MOBILE"], requestedDate=day(5))
    assert found["result"] == "ALTERNATE"
    fibre, mobile = found["items"]
    assert (fibre["result"], fibre["serviceAvailabilityDate"]) == ("ALTERNATE", day(12))
    assert [reason["code"] for reason in fibre["reasons"]] == ["CAPACITY_OPENS_LATER"]
    assert fibre["reasons"][0]["label"] == "There is not enough capacity at this place before that day."
    assert fibre["alternates"][0]["alternateServiceAvailabilityDate"] == day(12)
    assert (mobile["result"], mobile["serviceAvailabilityDate"]) == ("QUALIFIED", day(5))
    assert found["expirationDate"] == "2026-11-28T12:00:00+00:00"


def test_without_a_wish_the_answer_is_the_same_day(network: FrozenClock) -> None:
    (fibre,) = qualify(premisesId="LATER", categories=["BROADBAND"])["items"]
    assert (fibre["result"], fibre["serviceAvailabilityDate"]) == ("ALTERNATE", day(12))


def test_a_place_without_network_is_unqualified_with_the_reason(network: FrozenClock) -> None:
    found = qualify(premisesId="NOTHING")
    assert found["result"] == "UNQUALIFIED"
    assert {item["category"] for item in found["items"]} == {"BROADBAND", "TV", "VOICE", "MOBILE"}
    assert {reason["code"] for item in found["items"] for reason in item["reasons"]} == {"NO_COVERAGE"}


def test_an_address_in_fields_is_found_as_text_is(network: FrozenClock) -> None:
    address = {
        "streetAddress1": "120 Maple",
        "city": "Austin",
        "countryArea": "TX",
        "postalCode": "78701",
        "country": "US",
    }
    assert qualify(address=address)["premisesId"] == "FIBRE"


def test_a_point_is_qualified_by_its_footprints_and_never_promised(network: FrozenClock) -> None:
    found = qualify(point={"latitude": HERE[0], "longitude": HERE[1]}, categories=["BROADBAND"])
    assert (found["premisesId"], found["matchConfidence"], found["result"]) == (None, "INTERPOLATED", "ALTERNATE")
    assert [reason["code"] for reason in found["items"][0]["reasons"]] == ["ADDRESS_NOT_EXACT"]


def test_a_doubtful_address_tells_what_could_be_meant(network: FrozenClock) -> None:
    payload = ask(QUALIFY, input={"addressText": "120 Maple St"})["qualifyService"]
    assert payload["qualification"]["matchConfidence"] == "INTERPOLATED"
    assert payload["suggestions"] == [{"premisesId": "FIBRE", "label": "120 MAPLE ST, AUSTIN, TX 78701"}]


def test_an_answer_is_kept_and_read_by_its_id(network: FrozenClock) -> None:
    found = qualify(premisesId="LATER", categories=["BROADBAND"])
    assert len(found["id"]) >= 22
    kept = ask(READ, id=found["id"])["serviceQualification"]
    assert kept["items"] == [{"technology": "FTTH", "serviceAvailabilityDate": day(12)}]
    assert ask(READ, id="guessed")["serviceQualification"] is None
    assert ask(READ, id="x" * 5000)["serviceQualification"] is None


ADDRESS = {"streetAddress1": "10 Downing Street", "city": "London", "country": "GB"}


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, ("REQUIRED", "input")),
        ({"premisesId": "FIBRE", "addressText": "120 Maple"}, ("INVALID", "input")),
        ({"addressText": " "}, ("REQUIRED", "input.addressText")),
        ({"addressText": "x" * 5000}, ("INVALID", "input.addressText")),
        ({"addressText": "Nowhere at all"}, ("ADDRESS_NOT_FOUND", "input.addressText")),
        ({"addressText": "10 Downing Street, London, United Kingdom"}, ("ADDRESS_ELSEWHERE", "input.addressText")),
        ({"addressText": "日本东京都千代田区1号"}, ("ADDRESS_ELSEWHERE", "input.addressText")),
        ({"address": ADDRESS}, ("ADDRESS_ELSEWHERE", "input.address.country")),
        ({"address": ADDRESS | {"country": "US", "city": "", "streetAddress1": ""}}, ("REQUIRED", "input.address")),
        ({"address": ADDRESS | {"country": "US", "city": "x" * 5000}}, ("INVALID", "input.address")),
        ({"premisesId": "forged"}, ("NOT_FOUND", "input.premisesId")),
        ({"premisesId": "x" * 5000}, ("NOT_FOUND", "input.premisesId")),
        ({"point": {"latitude": HERE[1], "longitude": HERE[0]}}, ("POSITION_ELSEWHERE", "input.point")),
        ({"point": {"latitude": 0.0, "longitude": -30.0}}, ("POSITION_ELSEWHERE", "input.point")),
        ({"point": {"latitude": 91.0, "longitude": 0.0}}, ("POSITION_ELSEWHERE", "input.point")),
        ({"point": {"latitude": 51.5, "longitude": -0.1}}, ("POSITION_ELSEWHERE", "input.point")),
        ({"premisesId": "FIBRE", "requestedDate": "2026-11-25"}, ("INVALID", "input.requestedDate")),
        ({"premisesId": "FIBRE", "requestedDate": "2030-01-01"}, ("INVALID", "input.requestedDate")),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(
    network: FrozenClock, given: dict[str, Any], refusal: tuple[str, str]
) -> None:
    assert refused(**given) == refusal


def test_swapped_coordinates_are_called_so(network: FrozenClock) -> None:
    given = {"point": {"latitude": AWAY[1], "longitude": AWAY[0]}}
    (error,) = ask(QUALIFY, input=given)["qualifyService"]["errors"]
    assert "swapped" in error["message"]


def test_suggestions_complete_what_is_typed_within_bounds(network: FrozenClock) -> None:
    assert ask(SUGGEST, text="120 map")["addressSuggestions"] == [
        {"premisesId": "FIBRE", "label": "120 MAPLE ST, AUSTIN, TX 78701"}
    ]
    assert ask(SUGGEST, text="12")["addressSuggestions"] == []
    for variables in ({"text": "120 map", "first": 21}, {"text": "x" * 5000}):
        result = api.execute_sync(SUGGEST, variable_values=variables, context_value=Context())
        assert result.errors is not None
        assert result.errors[0].extensions is not None
        assert result.errors[0].extensions["code"] == "INVALID"


def test_who_asks_too_much_is_told_to_wait(network: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.A_MINUTE, "qualification", 1)
    qualify(premisesId="FIBRE")
    payload = ask(QUALIFY, input={"premisesId": "FIBRE"})["qualifyService"]
    assert [error["code"] for error in payload["errors"]] == ["RATE_LIMITED"]
    assert Qualification.objects.count() == 1
    network.advance(minutes=1)
    assert ask(QUALIFY, input={"premisesId": "FIBRE"})["qualifyService"]["errors"] == []


def test_the_waiting_list_takes_each_once_and_counts_by_area(network: FrozenClock) -> None:
    key = qualify(premisesId="NOTHING")["id"]
    for email in ("ada@example.com", "Ada@example.com", "bob@example.com"):
        assert ask(WAIT, id=key, category="BROADBAND", email=email)["serviceWait"]["waiting"] is True
    assert selectors.demand_by_area() == [("AUSTIN", "78799", 2)]


@pytest.mark.parametrize(
    ("premises", "change", "refusal"),
    [("NOTHING", {"email": "ada"}, ("INVALID", "email")),
     ("NOTHING", {"id": "forged"}, ("NOT_FOUND", "qualificationId")), ("FIBRE", {}, ("INVALID", "category"))],
)  # fmt: skip
def test_waiting_for_nothing_is_refused(
    network: FrozenClock, premises: str, change: dict[str, str], refusal: tuple[str, str]
) -> None:
    given = {"id": qualify(premisesId=premises)["id"], "category": "BROADBAND", "email": "ada@example.com"} | change
    (error,) = ask(WAIT, **given)["serviceWait"]["errors"]
    assert (error["code"], error["field"]) == refusal
    assert DemandEntry.objects.count() == 0
