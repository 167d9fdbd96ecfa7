"""Offers from draft to sale and back: nothing that cannot be sold is published, nothing published is changed."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.models import AuditEntry
from plugins.bundles import selectors, services
from plugins.bundles.models import Offer, OfferVersion, Publication
from plugins.catalogue.models import ChannelListing
from tests.bundles.conftest import ADMIN, CASES
from tests.carts.shop import refused

CODE = "phone-plan"


def draft(shop, document, **more):
    return services.save_draft(
        code=CODE, channel=shop.channel, document=document, test_cases=more.pop("test_cases", []), actor=ADMIN, **more
    )


def test_a_draft_is_published_and_sold(offer):
    version = selectors.sold(offer.channel, CODE)
    assert (version.number, version.state) == (1, "PUBLISHED")
    assert list(Publication.objects.values_list("kind", "version__number", "actor")) == [("PUBLISHED", 1, ADMIN)]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "bundles.draft_saved",
        "bundles.published",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["groups"][0].update(parent="plan"), "lies within itself"),
        (lambda d: d["groups"][1].update(lowerLimit=5), "The lower limit is above the upper limit."),
        (lambda d: d["groups"][0].update(lowerLimit=4, upperLimit=9), "nothing can be chosen"),
        (lambda d: d["groups"][3]["options"][0].update(sku="NONE"), "There is no"),
        (lambda d: d.update(rules=[]) or d["groups"][3]["options"][0].update(sku="NONE"), "does not sell NONE"),
        (lambda d: d.update(currency="EUR"), "sells in USD"),
        (lambda d: d["groups"][2]["options"][0].update(prices={"charges": [{"type": "GIFT"}]}), "A charge is one of"),
        (lambda d: d["groups"][2]["options"][0].update(prices={"instalment": []}), "There is no field"),
        (lambda d: d.update(prices={"fees": [{"code": "start", "on": "today", "amount": "9.00"}]}), "No SKU carries"),
        (
            lambda d: d["rules"].append(
                {"code": "x", "kind": "EXCLUDES", "when": {"skus": ["PHONE"]}, "then": {"groups": ["device"]}}
            ),
            "exclude itself",
        ),
    ],
)
def test_what_cannot_be_sold_is_not_published(shop, document, change, said):
    change(document)
    if said == "There is no":
        document["rules"][0]["when"]["skus"] = ["CASE"]
        said = "The offer has no option CASE."
    draft(shop, document)
    refusal = refused(services.publish, code=CODE, actor=ADMIN)
    assert refusal.code == "INVALID_OFFER"
    assert said in refusal.message
    assert not Publication.objects.exists()
    assert Offer.objects.get().current is None


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(surprise=1),
        lambda d: d["groups"][0].update(upperLimit=-1),
        lambda d: d.update(name="text"),
        lambda d: d.update(terms=["x"]),
        lambda d: d["groups"].extend([d["groups"][0]] * 300),
        lambda d: d["prices"].update(padding="x" * 500_000) if "prices" in d else d.update(prices={"p": "x" * 500_000}),
    ],
)
def test_what_has_not_the_form_is_not_even_kept(shop, document, change):
    change(document)
    assert refused(draft, shop, document).code == "INVALID_OFFER"
    assert not Offer.objects.exists()
    assert not OfferVersion.objects.exists()


def test_a_test_case_that_does_not_hold_stops_the_publishing(shop, document):
    draft(shop, document, test_cases=[{**CASES[0], "monthly": "1.00"}])
    refusal = refused(services.publish, code=CODE, actor=ADMIN)
    assert refusal.code == "TESTS_FAILED"
    assert "monthly: 1.00 ≠ 51.65" in refusal.message
    assert OfferVersion.objects.get().state == "DRAFT"


def test_published_versions_are_never_changed(offer):
    version = OfferVersion.objects.get()
    for change in (
        lambda: OfferVersion.objects.filter(pk=version.pk).update(note="x"),
        lambda: Publication.objects.update(actor="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_two_editors_do_not_overwrite_each_other(shop, document):
    first = draft(shop, document, seen=0)
    draft(shop, document, seen=first.revision)
    assert refused(draft, shop, document, seen=first.revision).code == "CHANGED_SINCE"
    assert refused(services.publish, code=CODE, actor=ADMIN, seen=first.revision).code == "CHANGED_SINCE"
    assert OfferVersion.objects.get().revision == 2


def test_a_new_version_and_one_click_back(offer, document):
    document["name"]["en"] = "Newer"
    draft(offer, document)
    services.publish(code=CODE, actor=ADMIN)
    assert selectors.sold(offer.channel, CODE).number == 2
    services.roll_back(code=CODE, actor=ADMIN)
    assert selectors.sold(offer.channel, CODE).number == 1
    assert refused(services.roll_back, code=CODE, actor=ADMIN).code == "NOT_FOUND"
    services.withdraw(code=CODE, actor=ADMIN)
    assert refused(selectors.sold, offer.channel, CODE).code == "OFFER_NOT_FOUND"
    services.roll_back(code=CODE, actor=ADMIN)
    assert selectors.sold(offer.channel, CODE).number == 1


def test_a_scheduled_version_comes_by_itself(offer, document):
    draft(offer, document)
    monday = clock.now() + dt.timedelta(days=7)
    assert refused(services.schedule, code=CODE, at=clock.now(), actor=ADMIN).field == "at"
    services.schedule(code=CODE, at=monday, actor=ADMIN)
    assert services.publish_due() == []
    with clock.use_clock(clock.FrozenClock(monday)):
        assert [version.number for version in services.publish_due()] == [2]
        assert services.publish_due() == []
    assert selectors.sold(offer.channel, CODE).number == 2


def test_what_is_due_and_cannot_be_sold_any_more_waits_and_says_why(offer, document):
    draft(offer, document)
    monday = clock.now() + dt.timedelta(days=7)
    services.schedule(code=CODE, at=monday, actor=ADMIN)
    ChannelListing.objects.filter(variant__sku="CASE").delete()
    with clock.use_clock(clock.FrozenClock(monday)):
        assert services.publish_due() == []
    waiting = OfferVersion.objects.get(state="SCHEDULED")
    assert "does not sell CASE" in waiting.refused
    assert selectors.sold(offer.channel, CODE).number == 1
