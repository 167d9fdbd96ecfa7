"""Customers of the core and their sign-in."""

from collections.abc import Callable
from typing import Any

import pytest

from commerce.core import Core
from commerce.errors import CoreRefused
from commerce.tokens import read_shopper
from tests.contract.conftest import Target
from tests.contract.shop import PASSWORD, Shop


def test_a_customer_is_found_by_the_exact_address(core: Core, shop: Shop) -> None:
    found = core.customer_by_email(shop.email.upper())
    assert found is not None
    assert (found.email, found.first_name, found.last_name) == (shop.email, "Ada", "Lovelace")
    assert core.customer_by_email(shop.email.removeprefix("a")) is None
    assert core.customer_by_email(f"nobody-{shop.tag}@example.com") is None


@pytest.mark.alive
@pytest.mark.django_db
def test_a_shopper_signs_in(connect: Callable[..., Core], target: Target, shop: Shop, settings: Any) -> None:
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = target.url, target.token
    core = connect(token="")  # shoppers sign in on their own behalf
    tokens = core.token_create(shop.email, PASSWORD)
    shopper = read_shopper(tokens.token)
    assert shopper is not None
    assert (shopper.user_id, shopper.email, shopper.is_staff) == (tokens.user.id, shop.email, False)
    assert read_shopper(tokens.refresh_token) is None
    again = core.token_refresh(tokens.refresh_token)
    renewed = read_shopper(again.token)
    assert renewed is not None
    assert renewed.user_id == shopper.user_id


def test_wrong_sign_ins_are_refused(core: Core, shop: Shop) -> None:
    with pytest.raises(CoreRefused) as wrong:
        core.token_create(shop.email, "wrong")
    assert wrong.value.code == "INVALID_CREDENTIALS"
    with pytest.raises(CoreRefused) as forged:
        core.token_refresh("garbage")
    assert forged.value.code == "JWT_DECODE_ERROR"
