"""The shop of the carts' tests, with an offer: a phone with a plan, and perhaps a case."""

import copy

import pytest

from plugins.bundles import services
from tests.carts.conftest import at, core, shop  # noqa: F401  (fixtures)

DOCUMENT = {
    "name": {"en": "Phone and plan", "zh-Hans": "手机加套餐"},
    "currency": "USD",
    "terms": [24, 0],
    "groups": [
        {"code": "all", "label": {"en": "Everything"}, "lowerLimit": 2, "upperLimit": 3},
        {
            "code": "device", "label": {"en": "Device"}, "parent": "all", "lowerLimit": 1, "upperLimit": 1,
            "options": [
                {
                    "sku": "PHONE", "default": 1,
                    "prices": {
                        "instalments": [{"months": 24, "downPayment": "19.00", "when": {"terms": [24]}}],
                        "credits": [
                            {"code": "loyal", "total": "120.00", "months": 24, "when": {"terms": [24]}}
                        ],
                    },
                }
            ],
        },
        {
            "code": "plan", "label": {"en": "Plan", "zh-Hans": "套餐"}, "parent": "all", "lowerLimit": 1,
            "upperLimit": 1,
            "options": [
                {
                    "sku": "PLAN", "default": 1,
                    "characteristics": [
                        {"name": "portIn", "label": {"en": "Number to bring"}, "type": "PHONE_NUMBER"},
                        {"name": "pin", "label": {"en": "PIN"}, "type": "DIGITS", "minimumLength": 4,
                         "maximumLength": 10, "requiredWith": "portIn"},
                    ],
                }
            ],
        },
        {"code": "extra", "label": {"en": "Extras"}, "parent": "all", "options": [{"sku": "CASE"}]},
    ],
    "rules": [
        {"code": "case-fits", "kind": "REQUIRES", "when": {"skus": ["CASE"]}, "then": {"groups": ["device"]}}
    ],
}  # fmt: skip
BOTH = [{"group": "device", "sku": "PHONE"}, {"group": "plan", "sku": "PLAN"}]
# 499.00 less 19.00 in 24 instalments with their tax, less 5.00 a month, and the plan.
CASES = [
    {"name": "both", "term": 24, "selections": BOTH, "dueToday": "20.57", "monthly": "51.65"},
    {"name": "no plan", "term": 24, "selections": BOTH[:1], "valid": False},
]
ADMIN = "admin:1"


@pytest.fixture
def document():
    return copy.deepcopy(DOCUMENT)


@pytest.fixture
def offer(shop, document):  # noqa: F811
    services.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=CASES, actor=ADMIN)
    services.publish(code="phone-plan", actor=ADMIN)
    return shop
