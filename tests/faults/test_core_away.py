"""The embedded core fails for an hour, in each way that its switch knows: stores sell on, all is told, once."""

import math
from types import SimpleNamespace

import pytest

from commerce import breaker, transport
from commerce.core import _core, core
from kernel import clock
from plugins.catalogue.models import Variant
from plugins.staff import services as staff
from plugins.staff import tokens
from plugins.staff.models import Register
from tests.carts.sealed import shop_on
from tests.faults.hour_away import HOUR, SALES, sell_through_an_hour

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.payments.urls"),
    pytest.mark.fault,
]


@pytest.fixture
def suite(embedded_core, settings, monkeypatch):
    """A store with ten cases that the core knows of."""
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # The hour is not waited for, nor is the rest that a failing core is given.
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    monkeypatch.setattr(transport, "_FIRST_PAUSE_SECONDS", 0.0)
    # A rest that the core asks for is one of the suite's clock. No connection to it comes from another test or goes on.
    monkeypatch.setattr(transport, "time", SimpleNamespace(monotonic=lambda: clock.now().timestamp(), sleep=_never))
    _core.cache_clear()
    _variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 0)
    product = next(item.id for item in core().iter_products("us") if item.slug == "acme-case")
    yield shop_on(core(), channel="us", warehouse=warehouse, product=product, sku="ACME-CASE")
    _core.cache_clear()


def _never(seconds):
    assert seconds == 0, "the core asked for more than a call waits for"


@pytest.fixture
def counter(suite):
    """Who stands at register R1 of that store."""
    staff.upsert_register(register_id="register-R1", store_id=suite.stores[0].pk, code="R1")
    person = staff.upsert_staff(code="1001", name="Sam", role="clerk", pin="246810")
    return SimpleNamespace(
        store=suite.stores[0],
        staff=lambda _role="clerk", register="R1": tokens.caller_for(
            person, Register.objects.get(pk=f"register-{register}")
        ),
    )


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "status": 500},
        {"kind": "error", "status": 429},
        {"kind": "error", "status": 429, "seconds": 120},
        {"kind": "error", "status": 503, "seconds": 600},
        {"kind": "refused"},
        {"kind": "lost_reply"},  # all is done in the core, and nothing is heard of it
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_an_hour_without_the_core(suite, counter, embedded_core, fault):
    asked = []
    sell_through_an_hour(
        suite,
        counter,
        sku="ACME-CASE",
        price="19.99",
        variant=Variant.objects.get(sku="ACME-CASE").pk,
        away=lambda: embedded_core.set_faults({**fault, "operation": "*", "count": 100_000}),
        back=lambda: (asked.append(embedded_core.struck()), embedded_core.set_faults()),
    )
    if "seconds" in fault:
        # It asks for rest, and gets it: it is asked once after each, with the first sale, or with a later one when the
        # rest is over. Sales are 400 s apart.
        rest = max(1, math.ceil(fault["seconds"] / (HOUR.seconds / SALES)))
        assert asked == [math.ceil((SALES + 1) / rest)]
