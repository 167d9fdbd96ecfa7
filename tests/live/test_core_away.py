"""A real Saleor is stopped while a store sells, and started again: everything is told, once.

Saleor is away for as long as a few sales take, not for the hour of the suite's clock.
"""

import os
import shlex
import subprocess

import pytest

from commerce import breaker
from tests.faults.hour_away import sell_through_an_hour

STOP, START = os.environ.get("SALEOR_STOP", ""), os.environ.get("SALEOR_START", "")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.payments.urls"),
    pytest.mark.fault,
    pytest.mark.skipif(not (STOP and START), reason="SALEOR_STOP and SALEOR_START give no commands."),
]


def run(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)


@pytest.fixture
def without_saleor():
    run(STOP)
    yield
    run(START)


def test_an_hour_without_the_core(suite, saleor, counter, monkeypatch, request):
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    sell_through_an_hour(
        suite,
        counter,
        sku=saleor.skus["case"],
        price="20.00",
        variant=saleor.variants["case"],
        away=lambda: request.getfixturevalue("without_saleor"),
        back=lambda: run(START),
    )
