"""What an option would change of the price, told before it is chosen: the difference to the price with it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bench import large_offer
from kernel.errors import ApiError
from plugins.bundles import configurator, effects, quoting
from plugins.bundles import services as offers
from plugins.bundles.compiled import Asking, Selected
from plugins.bundles.eligibility import Buyer
from tests.bundles.conftest import ADMIN, BOTH
from tests.bundles.test_api import ask

EFFECTS = """query ($context: ContextInput!, $input: BundleConfigurationInput!, $group: String!) {
    configureBundle(context: $context, input: $input) { dueToday { amount } monthly { amount }
        optionEffects(group: $group) {
            group instance sku chosen replaces dueToday { amount } monthly { amount } } } }"""
TERM = 24


def told(*selections, groups=("device", "plan", "extra"), term=24):
    asked = {"offerCode": "phone-plan", "term": term, "selections": list(selections)}
    answers = [ask(EFFECTS, input=asked, group=group) for group in groups]
    assert [answer.errors for answer in answers] == [None] * len(groups)
    return {one["sku"]: one for answer in answers for one in answer.data["configureBundle"]["optionEffects"]}


def amounts(one):
    return tuple(one[name] and one[name]["amount"] for name in ("dueToday", "monthly"))


def test_options_say_what_they_would_change(offer):
    found = told(*BOTH)
    assert {sku: (one["chosen"], amounts(one)) for sku, one in found.items()} == {
        "PHONE": (True, ("0.00", "0.00")),
        "PLAN": (True, ("0.00", "0.00")),
        "CASE": (False, ("21.64", "0.00")),
    }
    assert told(BOTH[0])["PLAN"]["monthly"]["amount"] == "35.00"
    assert list(told(*BOTH, groups=["extra"])) == ["CASE"]
    assert told(*BOTH, groups=["none"]) == {}


def test_of_what_is_chosen_as_often_as_allowed_there_is_no_more(shop, document):
    document["groups"][0]["upperLimit"] = 9
    document["groups"][3] |= {"upperLimit": 2, "options": [{"sku": "CASE", "upperLimit": 2}]}
    offers.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    offers.publish(code="phone-plan", actor=ADMIN)

    one, two = (told(*BOTH, {"group": "extra", "sku": "CASE", "quantity": count})["CASE"] for count in (1, 2))

    assert (one["chosen"], amounts(one)) == (True, ("21.64", "0.00"))
    assert (two["chosen"], amounts(two)) == (True, (None, None))


OFFER = large_offer.compiled()
ASKING = Asking(buyer=Buyer(day=dt.date(2026, 3, 2)), country="US")


@given(seed=st.integers(0, 500))
def test_each_effect_is_the_difference_of_the_two_prices(seed):
    chosen = large_offer.selections(OFFER, seed)
    judged = configurator.judge(OFFER, TERM, chosen, ASKING)
    try:
        before = quoting.price(OFFER, judged, ASKING, TERM)
    except ApiError:
        return
    groups = [group.code for group in OFFER.structure.groups if group.options][seed % 3 :: 3]
    for one in (one for group in groups for one in effects.effects(OFFER, judged, ASKING, TERM, group=group)):
        if one.due_today is None or (one.chosen and not one.due_today.amount and not one.monthly.amount):
            continue
        rest = [
            each for each in chosen if not (one.replaces and (each.group, each.instance) == (one.group, one.instance))
        ]
        wanted = [*rest, Selected(one.group, one.sku, one.instance)]
        after = quoting.price(OFFER, configurator.judge(OFFER, TERM, wanted, ASKING), ASKING, TERM)
        assert (one.due_today, one.monthly) == (after.due_today - before.due_today, after.monthly - before.monthly)
