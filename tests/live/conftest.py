"""The suite with a running Saleor, in this process: skipped, saying so, where there is none.

SALEOR_API_URL=... SALEOR_APP_TOKEN=... pytest tests/live
SALEOR_STOP=... SALEOR_START=...                             commands, for what happens while it is away
"""

import os
import secrets
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core import Core
from demo.saleor_shop import SaleorShop
from plugins.catalogue import services as catalogue_services
from plugins.staff import services as staff
from plugins.staff import tokens
from plugins.staff.models import Register
from tests.carts.sealed import shop_on
from tests.carts.shop import Shop as SuiteShop
from tests.contract.shop import Shop, catalogue, read_shop

URL = os.environ.get("SALEOR_API_URL", "")
TOKEN = os.environ.get("SALEOR_APP_TOKEN", "")


@pytest.fixture(scope="session")
def saleor() -> Iterator[Shop]:
    """The shop of the contract in the running Saleor, taken away again."""
    if not (URL and TOKEN):
        pytest.skip("SALEOR_API_URL and SALEOR_APP_TOKEN name no running Saleor.")
    tag, owned = secrets.token_hex(3), SaleorShop(URL, TOKEN)
    try:
        yield read_shop(Core(URL, TOKEN), tag, owned.load(catalogue(tag)))
    finally:
        owned.remove()


@pytest.fixture
def suite(saleor: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch) -> SuiteShop:
    """A store of ours at the first warehouse, with ten cases that the core knows of."""
    settings.DEBUG = True
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = URL, TOKEN
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    core = Core(URL, TOKEN)
    # Of the others one is kept, for the same country and earlier in the alphabet: a store must not sell in it.
    own = [channel for channel in core.channels() if channel.slug in (saleor.channel, "default-channel")]
    monkeypatch.setattr(Core, "channels", lambda _core: own)
    core.push_stock([(saleor.variants["charger"], saleor.warehouses["one"], 50)])
    made = shop_on(
        core,
        channel=saleor.channel,
        warehouse=saleor.warehouses["one"],
        product=saleor.products["case"],
        sku=saleor.skus["case"],
    )
    catalogue_services.sync_product(saleor.products["charger"])
    return made


@pytest.fixture
def counter(suite: SuiteShop) -> Any:
    """Who stands at register R1 of that store."""
    store = suite.stores[0]
    staff.upsert_register(register_id="register-R1", store_id=store.pk, code="R1")
    person = staff.upsert_staff(code="1001", name="Sam", role="clerk", pin="246810")

    def caller(role: str = "clerk", register: str = "R1") -> Any:
        return tokens.caller_for(person, Register.objects.get(pk=f"register-{register}"))

    return SimpleNamespace(store=store, staff=caller)
