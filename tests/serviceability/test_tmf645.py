"""The TM Forum facade: asked over HTTP, held against the published definition, and closed to strangers."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from kernel.clock import FrozenClock
from kernel.errors import UNAUTHENTICATED, ApiError
from kernel.identity import GUEST, Caller
from plugins.serviceability.models import Qualification, QualificationTask
from plugins.staff.permissions import permissions_of
from tests.serviceability.conftest import HERE
from tests.serviceability.places import TODAY
from tests.serviceability.random_requests import ask_at_random
from tests.serviceability.swagger import problems

ROOT = "/tmf-api/serviceQualificationManagement/v4"
CHECK, QUERY = f"{ROOT}/checkServiceQualification", f"{ROOT}/queryServiceQualification"
CALLERS = {
    "Bearer clerk": Caller("staff", "1", permissions=permissions_of("clerk")),
    "Bearer manager": Caller("staff", "2", permissions=permissions_of("manager")),
    "Bearer ada": Caller("shopper", "ada"),
    "": GUEST,
}


@pytest.fixture(autouse=True)
def _callers(monkeypatch: pytest.MonkeyPatch) -> None:
    def caller(authorization: str) -> Caller:
        if authorization not in CALLERS:
            raise ApiError(UNAUTHENTICATED, "Please sign in.")
        return CALLERS[authorization]

    monkeypatch.setattr("storefront_api.tmf645.caller_of", caller)


def send(method: str, path: str, body: Any = None, *, who: str = "clerk") -> Any:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client().generic(
        method, path, "" if body is None else data, content_type="application/json", headers=headers
    )


def item(premises: str = "LATER", **more: Any) -> dict[str, Any]:
    place = {"role": "installation", "id": premises}
    return {"id": "1", "category": {"id": "BROADBAND"}, "service": {"place": [place]}} | more


def day(days: int) -> str:
    return f"{TODAY + dt.timedelta(days=days)}T00:00:00Z"


def test_the_crew_could_come_in_5_days_but_the_capacity_opens_in_12(network: FrozenClock) -> None:
    """TM Forum's own example: alternate with 26-001 and the day on which it can be had; never qualified for day 5."""
    response = send("POST", CHECK, {"serviceQualificationItem": [item(expectedServiceAvailabilityDate=day(5))]})
    assert response.status_code == 200
    found = response.json()
    assert problems(found, "CheckServiceQualification") == []
    assert (found["state"], found["qualificationResult"]) == ("done", "alternate")
    (answered,) = found["serviceQualificationItem"]
    assert answered["qualificationResult"] == "alternate"
    assert answered["expectedServiceAvailabilityDate"] == day(12)
    assert [reason["code"] for reason in answered["eligibilityUnavailabilityReason"]] == ["26-001"]
    assert answered["alternateServiceProposal"][0]["alternateServiceAvailabilityDate"] == day(12)
    assert day(5) not in response.content.decode()
    assert found["expirationDate"] == "2026-11-28T12:00:00Z"


@pytest.mark.parametrize(
    ("premises", "result"),
    [(["FIBRE"], "qualified"), (["FIBRE", "LATER"], "alternate"), (["FIBRE", "LATER", "NOTHING"], "unqualified")],
)
def test_the_header_is_as_good_as_its_worst_item(network: FrozenClock, premises: list[str], result: str) -> None:
    found = send("POST", CHECK, {"serviceQualificationItem": [item(one) for one in premises]}).json()
    assert problems(found, "CheckServiceQualification") == []
    assert found["qualificationResult"] == result
    assert Qualification.objects.count() == len(premises)


def test_alternatives_and_reasons_are_left_out_when_they_are_not_wanted(network: FrozenClock) -> None:
    body = {"serviceQualificationItem": [item()], "provideAlternative": False, "provideUnavailabilityReason": False}
    (answered,) = send("POST", CHECK, body).json()["serviceQualificationItem"]
    assert not {"alternateServiceProposal", "eligibilityUnavailabilityReason"} & answered.keys()


@pytest.mark.parametrize(
    "place",
    [{"name": "120 Maple St, Austin TX 78701"},
     {"streetNr": "120", "streetName": "Maple St", "city": "Austin", "stateOrProvince": "TX", "postcode": "78701"}],
)  # fmt: skip
def test_a_query_tells_what_can_be_had_at_an_address(network: FrozenClock, place: dict[str, str]) -> None:
    body = {"searchCriteria": {"service": {"place": [place | {"role": "installation"}]}}}
    found = send("POST", QUERY, body).json()
    assert problems(found, "QueryServiceQualification") == []
    had = [one["category"]["id"] for one in found["serviceQualificationItem"]]
    assert had == ["BROADBAND", "TV", "VOICE", "MOBILE"]
    assert found["serviceQualificationItem"][0]["service"]["place"][0]["id"] == "FIBRE"
    nothing = {"searchCriteria": {"service": {"place": [{"role": "installation", "id": "NOTHING"}]}}}
    assert send("POST", QUERY, nothing).json()["serviceQualificationItem"] == []


def test_what_was_asked_is_read_listed_changed_and_forgotten_by_its_owner_alone(network: FrozenClock) -> None:
    body = {"serviceQualificationItem": [item()], "instantSyncQualification": False, "externalId": "A-1"}
    made = send("POST", CHECK, body)
    assert made.status_code == 201
    href = made.json()["href"]
    assert send("GET", href).json() == made.json()
    assert send("GET", f"{href}?fields=state").json().keys() == {"id", "href", "state"}
    listed = send("GET", f"{CHECK}?limit=1")
    assert (len(listed.json()), listed["X-Total-Count"], listed["X-Result-Count"]) == (1, "1", "1")
    assert send("PATCH", href, {"description": "Ada's"}).json()["description"] == "Ada's"
    assert send("PATCH", href, {"qualificationResult": "qualified"}).status_code == 400
    for method in ("GET", "PATCH", "DELETE"):
        assert send(method, href, {"description": "x"}, who="manager").status_code == 404
    assert send("GET", CHECK, who="manager").json() == []
    assert send("GET", href.replace("check", "query")).status_code == 404
    assert send("DELETE", href).status_code == 204
    assert send("GET", href).status_code == 404


@pytest.mark.parametrize("who", ["", "ada", "stranger"])
@pytest.mark.parametrize("path", [CHECK, QUERY, f"{CHECK}/1", f"{ROOT}/hub"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_strangers_are_refused_and_nothing_is_done(network: FrozenClock, who: str, path: str, method: str) -> None:
    response = send(method, path, {"serviceQualificationItem": [item()]}, who=who)
    assert response.status_code == (403 if who == "ada" else 401)
    assert problems(response.json(), "Error") == []
    assert (QualificationTask.objects.count(), Qualification.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "REQUIRED"),
        ([], "INVALID"),
        ("{", "INVALID"),
        ('{"description": "\\u0000"}', "INVALID"),
        ("[" * 100_000, "INVALID"),
        ({"serviceQualificationItem": []}, "INVALID"),
        ({"serviceQualificationItem": [item()] * 51}, "INVALID"),
        ({"serviceQualificationItem": [item("forged")]}, "NOT_FOUND"),
        ({"serviceQualificationItem": [item(service={"place": []})]}, "REQUIRED"),
        ({"serviceQualificationItem": [item(service={"place": [{"role": "x"}]})]}, "REQUIRED"),
        ({"serviceQualificationItem": [item(category={"id": "SMOKE"})]}, "INVALID"),
        ({"serviceQualificationItem": [item(category=None)]}, "REQUIRED"),
        ({"serviceQualificationItem": [item(expectedServiceAvailabilityDate="soon")]}, "INVALID"),
        ({"serviceQualificationItem": [item(), item("forged")]}, "NOT_FOUND"),
        ({"serviceQualificationItem": [item()], "externalId": 7}, "INVALID"),
    ],
)
def test_bad_bodies_are_told_and_nothing_is_stored_half(network: FrozenClock, body: Any, code: str) -> None:
    response = send("POST", CHECK, body)
    assert response.status_code == (404 if code == "NOT_FOUND" else 400)
    assert response.json()["code"] == code
    assert problems(response.json(), "Error") == []
    assert (QualificationTask.objects.count(), Qualification.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"name": ""}, "REQUIRED"),
        ({"name": " "}, "REQUIRED"),
        ({"name": "x" * 5000}, "INVALID"),
        ({"name": "Nowhere at all"}, "ADDRESS_NOT_FOUND"),
        ({"name": "10 Downing Street, London, United Kingdom"}, "ADDRESS_ELSEWHERE"),
        ({"streetName": "10 Downing St", "city": "London", "country": "GB"}, "ADDRESS_ELSEWHERE"),
        ({"latitude": HERE[1], "longitude": HERE[0]}, "POSITION_ELSEWHERE"),
        ({"latitude": 0.0, "longitude": -30.0}, "POSITION_ELSEWHERE"),
        ({"latitude": 91.0, "longitude": 0.0}, "POSITION_ELSEWHERE"),
        ({"latitude": "30", "longitude": 0.0}, "INVALID"),
        ({"latitude": 30.0}, "REQUIRED"),
    ],
)
@pytest.mark.parametrize("path", [CHECK, QUERY])
def test_places_that_are_none_are_told_and_nothing_is_stored_half(
    network: FrozenClock, path: str, place: dict[str, Any], code: str
) -> None:
    wrong = item(service={"place": [place | {"role": "installation"}]})
    body = {"serviceQualificationItem": [item(), wrong]} if path == CHECK else {"searchCriteria": wrong}
    response = send("POST", path, body)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert problems(response.json(), "Error") == []
    assert (QualificationTask.objects.count(), Qualification.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", CHECK), ("POST", f"{CHECK}/1"), ("POST", f"{ROOT}/hub"), ("GET", f"{ROOT}/x")],
)
def test_what_is_not_offered_says_so(network: FrozenClock, method: str, path: str) -> None:
    assert send(method, path, {}).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_random_requests_of_the_definition_are_answered_within_it(network: FrozenClock, live_server: Any) -> None:
    asked = ask_at_random(live_server.url, "Bearer clerk")
    assert asked.keys() == {"GET", "POST", "PATCH", "DELETE"}
