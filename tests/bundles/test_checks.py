"""`check_core` names promotions of the core that would change the prices of offers."""

import datetime as dt

import pytest

from commerce.errors import CoreRefused
from commerce.promotion_calls import PromotionCalls
from commerce.records import CorePromotion, CorePromotionRule
from kernel import clock
from plugins.bundles import checks

CASE_OF_OFFER = {"variantPredicate": {"ids": ["v-CASE", "v-OTHER"]}}


class FakePromotions(PromotionCalls):
    """The core's promotions, judged by the adapter's own rules."""

    def __init__(self, *known):
        self.known = known

    def promotions(self):
        if self.known == ("denied",):
            raise CoreRefused("PERMISSION_DENIED", "To access this path, you need MANAGE_DISCOUNTS.")
        return list(self.known)


@pytest.fixture
def told(monkeypatch):
    def with_promotions(*known):
        monkeypatch.setattr(checks, "core", lambda: FakePromotions(*known))
        return [(point.level.value, point.found) for point in checks.promotions()]

    return with_promotions


def promotion(name, *, kind="CATALOGUE", predicate=CASE_OF_OFFER, channel="us", ended=None):
    end = None if ended is None else clock.now() - dt.timedelta(hours=ended)
    rule = CorePromotionRule(frozenset({channel}), predicate)
    return CorePromotion(name, name, kind, clock.now(), end, (rule,))


def test_without_offers_nothing_is_asked(shop, told):
    assert told("denied") == [("OK", "no offer is sold")]


def test_promotions_that_touch_no_offer_are_fine(offer, told):
    other = promotion("Other goods", predicate={"variantPredicate": {"ids": ["v-OTHER"]}})
    abroad = promotion("Abroad", channel="cn")
    assert told(promotion("Over", ended=1), other, abroad) == [("OK", "2 in the core, none touches an offer")]


def test_a_promotion_that_covers_goods_of_an_offer_is_named(offer, told):
    to_come = promotion("Summer", predicate={"productPredicate": {"ids": ["p-PHONE", "p-PLAN"]}}, ended=-1)
    assert told(promotion("Black Friday"), to_come) == [
        ("WARN", "Black Friday covers goods of offers in us: CASE"),
        ("WARN", "Summer covers goods of offers in us: PHONE, PLAN"),
    ]


def test_a_promotion_on_whole_orders_is_named(offer, told):
    assert told(promotion("Ten off", kind="ORDER", predicate={})) == [("WARN", "Ten off changes whole orders in us")]


def test_without_the_permission_it_says_so(offer, told):
    assert told("denied") == [("WARN", "cannot be seen with the App's permissions")]
