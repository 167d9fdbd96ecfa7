"""The copy from a real core over HTTP: the embedded one."""

from decimal import Decimal

import pytest

from plugins.catalogue import selectors, services
from plugins.catalogue.models import Product
from tests.embedded import EmbeddedCore

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
