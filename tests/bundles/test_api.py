"""The API of bundles: offers, and a configuration judged, mended, priced and dated. It changes nothing."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import strawberry

from inventory.models import Balance
from kernel import clock
from kernel.api import SCALARS
from kernel.identity import GUEST, Caller
from kernel.money import Money
from plugins.bundles import schema, selectors, services
from plugins.bundles.asked import Choice, choices
from plugins.bundles.document import read
from plugins.bundles.models import OfferVersion
from tests.bundles.conftest import ADMIN, BOTH
from tests.carts.shop import ADA

SCHEMA = strawberry.Schema(query=schema.Query, scalar_overrides=SCALARS)
OFFERS = """query ($context: ContextInput!, $sku: String) { bundleOffers(context: $context, sku: $sku) { edges { node {
  code name version terms
  groups { code label parent lowerLimit upperLimit maximumInstances options { sku name default
    characteristics {
      name label type required requiredWith minimumLength maximumLength choices { value label worth { amount } }
    }
  } }
  monthlyPriceFrom { monthly { amount } dueToday { amount } term totalOverTerm { amount currency } offerCode }
} } } }"""
CONFIGURE = """query ($context: ContextInput!, $input: BundleConfigurationInput!) {
  configureBundle(context: $context, input: $input) {
    valid promiseDate validUntil firstBill { amount } firstBillDate firstBillDays firstBillOfDays
    dueToday { amount } monthly { amount } totalOverTerm { amount } exitCosts { amount }
    violations { code message group instance sku characteristic remedy changes { group instance sku units } }
    lines { sku name quantity oneTime { amount } recurring { amount } instalmentMonths instalment { amount }
            availableFrom firstBill { amount } explanation { label amount { amount } } }
  } }"""


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


def ask(document: str, *, caller: Caller = GUEST, language: str = "en", channel: str = "us", **variables: Any) -> Any:
    given = {"context": {"channel": channel}, **variables}
    return SCHEMA.execute_sync(document, variable_values=given, context_value=Context(caller, language))


def configure(*selections: Any, term: int = 24, **more: Any) -> Any:
    answer = ask(CONFIGURE, input={"offerCode": "phone-plan", "term": term, "selections": list(selections)}, **more)
    assert answer.errors is None
    return answer.data["configureBundle"]


def test_offers_with_what_they_cost_at_least(offer, django_assert_num_queries):
    ask(OFFERS)
    with django_assert_num_queries(3):
        answer = ask(OFFERS)
    [edge] = answer.data["bundleOffers"]["edges"]
    node = edge["node"]
    assert (node["code"], node["name"], node["version"], node["terms"]) == ("phone-plan", "Phone and plan", 1, [24, 0])
    assert [group["code"] for group in node["groups"]] == ["all", "device", "plan", "extra"]
    assert node["monthlyPriceFrom"] == {
        "monthly": {"amount": "35.00"},
        "dueToday": {"amount": "540.17"},
        "term": 0,
        "totalOverTerm": {"amount": "540.17", "currency": "USD"},
        "offerCode": "phone-plan",
    }


def test_a_plan_asks_about_the_number_that_comes_along(offer):
    groups = ask(OFFERS).data["bundleOffers"]["edges"][0]["node"]["groups"]
    asked = {option["sku"]: option["characteristics"] for group in groups for option in group["options"]}
    assert [(one["name"], one["type"], one["required"], one["requiredWith"]) for one in asked["PLAN"]] == [
        ("portIn", "PHONE_NUMBER", False, None),
        ("pin", "DIGITS", False, "portIn"),
    ]
    assert (asked["PLAN"][1]["minimumLength"], asked["PLAN"][1]["maximumLength"]) == (4, 10)
    assert (asked["PHONE"], asked["CASE"]) == ([], [])


def test_an_old_device_is_asked_by_grades_with_what_each_brings(shop, document):
    device = document["groups"][1]["options"][0]
    old, paid = ["old:A", "old:Z"], ["FULL", "MONTHLY"]
    device["characteristics"] = [
        {"name": "tradeIn", "label": {"en": "Old phone"}, "type": "CHOICE", "choices": old},
        {"name": "payment", "label": {"en": "Payment"}, "type": "CHOICE", "choices": paid},
    ]
    device["prices"]["tradeIns"] = [{"code": "old", "values": {"A": "120.00"}}]
    compiled, _variants = selectors.compile_for(read(document), shop.channel)
    number = next(number for number, one in enumerate(compiled.options) if one.sku == "PHONE")
    shown = [list(choices(one, compiled.terms[number])) for one in compiled.options[number].characteristics]
    worth = Money(Decimal("120.00"), "USD")
    assert shown == [
        [Choice("old:A", "Grade A", worth), Choice("old:Z", "Grade Z")],
        [Choice("FULL", "In full today"), Choice("MONTHLY", "MONTHLY")],
    ]


@pytest.mark.parametrize(("sku", "count"), [("PHONE", 1), ("NONE", 0), ("x\0", 0)])
def test_offers_that_can_hold_a_product(offer, sku, count):
    assert len(ask(OFFERS, sku=sku).data["bundleOffers"]["edges"]) == count


def test_a_valid_choice_is_priced_dated_and_explained(offer):
    found = configure(*BOTH)
    today = selectors.buyer(offer.channel, "WEB", store_id=None, shopper_id="").day.isoformat()
    assert (found["valid"], found["violations"], found["promiseDate"]) == (True, [], today)
    assert (found["dueToday"]["amount"], found["monthly"]["amount"]) == ("20.57", "51.65")
    assert found["totalOverTerm"]["amount"] == "1260.17"
    assert len(found["exitCosts"]) == 25
    phone, plan = found["lines"]
    assert (phone["instalmentMonths"], phone["instalment"]["amount"], phone["availableFrom"]) == (24, "20.00", today)
    assert phone["explanation"][0] == {"label": "Price", "amount": {"amount": "499.00"}}
    assert (plan["recurring"]["amount"], plan["instalmentMonths"]) == ("35.00", None)


@pytest.mark.parametrize(("now", "days"), [("2026-11-20T12:00:00Z", 11), ("2026-12-01T12:00:00Z", 31)])
def test_the_first_bill_counts_its_first_days_and_holds_until_the_day_ends(offer, now, days):
    with clock.use_clock(clock.FrozenClock(dt.datetime.fromisoformat(now))):
        found = configure(*BOTH)
    length = 30 if days == 11 else 31
    assert (found["firstBillDays"], found["firstBillOfDays"], found["firstBillDate"]) == (days, length, "2026-12-01")
    assert sum(Decimal(line["firstBill"]["amount"]) for line in found["lines"]) == Decimal(found["firstBill"]["amount"])
    # The end of the day in New York, in winter.
    ends = dt.datetime.fromisoformat(now).replace(hour=5) + dt.timedelta(days=1)
    assert dt.datetime.fromisoformat(found["validUntil"]) == ends


def test_what_is_wrong_is_said_with_the_smallest_change(offer):
    found = configure(BOTH[0])
    assert (found["valid"], found["promiseDate"]) == (False, None)
    [whole, plan] = found["violations"]
    assert (whole["code"], whole["group"]) == ("GROUP_TOO_FEW", "all")
    assert plan["message"] == "“Plan” needs at least 1."
    assert plan["remedy"] == "Add 1 × Plan to “Plan”."
    assert plan["changes"] == [{"group": "plan", "instance": 1, "sku": "PLAN", "units": 1}]


@pytest.mark.parametrize(
    ("selections", "term", "code"),
    [
        ([*BOTH, {"group": "plan", "sku": "TV"}], 24, "UNKNOWN_OPTION"),
        ([*BOTH, {"group": "extra", "sku": "CASE", "instance": 2}], 24, "UNKNOWN_OPTION"),
        (BOTH, 12, "TERM_NOT_OFFERED"),
        ([BOTH[0], {**BOTH[1], "characteristics": [{"name": "creditClass", "value": "A"}]}], 24,
         "CHARACTERISTIC_UNKNOWN"),
        ([BOTH[0], {**BOTH[1], "characteristics": [{"name": "portIn", "value": "12"}]}], 24, "CHARACTERISTIC_INVALID"),
        ([BOTH[0], {**BOTH[1], "characteristics": [{"name": "portIn", "value": "512 555 0100"}]}], 24,
         "CHARACTERISTIC_MISSING"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code_and_a_remedy(offer, selections, term, code):
    found = configure(*selections, term=term)
    assert code in [violation["code"] for violation in found["violations"]]
    assert all(violation["remedy"] for violation in found["violations"])
    told = {
        "CHARACTERISTIC_UNKNOWN": "creditClass",
        "CHARACTERISTIC_INVALID": "portIn",
        "CHARACTERISTIC_MISSING": "pin",
    }
    named = {violation["code"]: violation["characteristic"] for violation in found["violations"]}
    assert named[code] == told.get(code)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"offerCode": "none"}, "OFFER_NOT_FOUND", "input.offerCode"),
        ({"offerCode": "x\0"}, "OFFER_NOT_FOUND", "input.offerCode"),
        ({"selections": [{**BOTH[0], "quantity": -1}]}, "INVALID_QUANTITY", "input.selections.0.quantity"),
        ({"selections": BOTH * 200}, "LIMIT_EXCEEDED", "input.selections"),
        ({"qualificationId": "x"}, "NOT_FOUND", "input.qualificationId"),
        ({"qualificationId": "x\0"}, "NOT_FOUND", "input.qualificationId"),
        ({"qualificationId": "x" * 5000}, "NOT_FOUND", "input.qualificationId"),
    ],
)
def test_bad_input_is_refused(offer, change, code, field):
    asked = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, **change}
    [error] = ask(CONFIGURE, input=asked).errors
    assert error.extensions == {"code": code, "field": field}
    assert OfferVersion.objects.count() == 1


def test_what_no_store_has_keeps_its_date_open(offer):
    Balance.objects.filter(item_id="PHONE").update(on_hand=0)
    found = configure(*BOTH)
    assert (found["valid"], found["promiseDate"], found["lines"][0]["availableFrom"]) == (True, None, None)


def publish(shop, document, **eligibility):
    document["groups"][2]["options"][0]["eligibility"] = eligibility
    services.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    services.publish(code="phone-plan", actor=ADMIN)


def test_the_credit_class_is_the_servers(shop, document):
    publish(shop, document, creditClasses=["A"])
    for caller in (GUEST, ADA):
        assert "NOT_ELIGIBLE" in [one["code"] for one in configure(*BOTH, caller=caller)["violations"]]
    services.know_buyer(shopper_id=ADA.id, credit_class="A", actor=ADMIN)
    assert configure(*BOTH, caller=ADA)["valid"]
    assert not configure(*BOTH)["valid"]


def test_a_plan_that_ended_yesterday(shop, document):
    today = selectors.buyer(shop.channel, "WEB", store_id=None, shopper_id="").day
    publish(shop, document, validTo=today.isoformat())
    shop.at.advance(days=1)
    [violation, *_rest] = configure(*BOTH)["violations"]
    assert violation["code"] == "NOT_ELIGIBLE"
    assert violation["message"] == "Plan: It is no longer sold."


def test_an_offer_in_two_cities(shop, document):
    document["eligibility"] = {"cities": ["Dallas"], "salesChannels": ["POS", "WEB"]}
    publish(shop, document)
    answer = ask(OFFERS)
    assert answer.data["bundleOffers"]["edges"] == []
    austin = {"channel": "us", "storeId": str(shop.stores[0].pk)}
    assert ask(OFFERS, context=austin).data["bundleOffers"]["edges"] == []
    document["eligibility"]["cities"].append("Austin")
    publish(shop, document)
    assert len(ask(OFFERS, context=austin).data["bundleOffers"]["edges"]) == 1
