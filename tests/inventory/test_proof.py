"""`manage.py prove_stock` and the tasks."""

import io

import pytest
from django.core.management import CommandError, call_command

from inventory import tasks
from inventory.models import Balance

from .goods import stock

pytestmark = pytest.mark.django_db


def test_the_command_says_that_all_is_proven(store, phone, cable):
    stock(store, phone, 2)
    stock(store, cable, 2)
    out = io.StringIO()
    call_command("prove_stock", stdout=out)
    assert out.getvalue() == "2 balances proven.\n"
    assert tasks.prove_stock() == 0


def test_the_command_names_each_difference_and_fails(store, cable, caplog):
    stock(store, cable, 2)
    Balance.objects.update(on_hand=1)
    err = io.StringIO()
    with pytest.raises(CommandError, match="3 differences"):
        call_command("prove_stock", stderr=err)
    lines = err.getvalue().splitlines()
    assert len(lines) == 3
    assert all(cable.sku in line and store.code in line for line in lines)
    assert tasks.prove_stock() == 3
    assert cable.sku in caplog.text


def test_the_sweep_runs_with_nothing_to_do(db):
    assert tasks.expire_due() == 0
