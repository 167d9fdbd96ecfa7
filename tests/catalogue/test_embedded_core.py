"""The copy from a real core over HTTP: the embedded one."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from commerce import inbox
from commerce.models import InboxEvent
from kernel.errors import ApiError
from kernel.identity import GUEST
from plugins.carts import services as carts
from plugins.catalogue import selectors, services
from plugins.catalogue.models import Product
from plugins.guided_search import loader
from plugins.guided_search.selectors import Search, search
from tests.embedded import NOWHERE, EmbeddedCore
from tests.kernel.listening import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_embedded_core_is_copied(embedded_core: EmbeddedCore, settings: object) -> None:
    settings.CELERY_WAKE = False
    seen: list[int] = []
    services.sync_channels()
    report = services.sync_products("us", seen.append)
    assert (report.seen, report.skipped_variants, seen[-1]) == (3, 0, 3)
    channel = selectors.channel("us")
    phone = selectors.variant_by_sku("ACME-ONE-128", channel)
    assert phone is not None
    assert (phone.product.kind, phone.tracking, phone.barcode) == ("DEVICE", "IMEI", "4006381333931")
    assert (str(phone.price), phone.tax_rate) == ("499.00 USD", Decimal("0.0825"))
    assert phone.product.category_slugs == ["devices", "phones"]
    case = Product.objects.get(slug="acme-case")
    assert case.fits == [phone.product_id]
    plan = selectors.variant_by_sku("PLAN-TALK", channel)
    assert plan is not None
    assert (plan.kind, plan.stocked, plan.tax_rate) == ("PLAN", False, Decimal(0))


@pytest.fixture
def told(embedded_core: EmbeddedCore, live_server: Any) -> Iterator[EmbeddedCore]:
    """The core with its catalogue copied, telling the suite of changes; everything is shown again afterwards."""
    services.sync_everything()
    loader.forget()
    embedded_core.send_webhooks_to(f"{live_server.url}/webhooks/saleor/")
    yield embedded_core
    embedded_core.send_webhooks_to(NOWHERE)
    embedded_core.set_published("talk-more", True)
    loader.forget()


def _hear() -> None:
    """Wait for one webhook and handle it."""
    eventually(inbox.process_due)


def _found() -> list[str]:
    loader.forget()  # the index may be a second old
    channel = selectors.channel("us")
    hits = search(Search(channel=channel, text="talk")).page.hits
    return [hit.product_id for hit in hits]


def _into_a_cart(sku: str) -> None:
    channel = selectors.channel("us")
    carts.create_cart(caller=GUEST, channel=channel, sales_channel="WEB", lines=[(sku, 1)])


def test_what_the_merchant_hides_is_no_longer_sold(told: EmbeddedCore) -> None:
    channel = selectors.channel("us")
    plan = selectors.product(channel=channel, slug="talk-more")
    assert plan is not None
    assert _found() == [plan.pk]
    seq = selectors.last_change().seq

    told.set_published("talk-more", False)
    _hear()
    assert InboxEvent.objects.get(state=InboxEvent.State.HANDLED).event == "product_updated"
    assert _found() == []
    assert selectors.product(channel=channel, slug="talk-more") is None
    assert selectors.changes_since(seq, channel=channel, limit=9).removed_skus == ["PLAN-TALK"]
    with pytest.raises(ApiError) as refused:
        _into_a_cart("PLAN-TALK")
    assert refused.value.code == "UNKNOWN_SKU"
    # A full copy does not bring it back.
    services.sync_everything()
    assert selectors.variant_by_sku("PLAN-TALK", channel) is None

    seq = selectors.last_change().seq
    told.set_published("talk-more", True)
    _hear()
    assert _found() == [plan.pk]
    assert [item.sku for item in selectors.changes_since(seq, channel=channel, limit=9).items] == ["PLAN-TALK"]
    _into_a_cart("PLAN-TALK")
