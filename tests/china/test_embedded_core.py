"""The second channel over the whole road: a core that sells in two countries, the catalogue, a cart, a till."""

import random
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from commerce.core import core
from inventory import projection
from inventory import services as inventory
from inventory.models import Store
from kernel import clock, outbox
from kernel.identity import GUEST
from plugins.carts import completion, emails, holds
from plugins.carts import services as carts
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.models import Order
from plugins.carts.pricing import line_tax
from plugins.carts.services import DeliveryChoice
from plugins.catalogue import selectors as catalogue
from plugins.catalogue import services as catalogue_services
from plugins.catalogue.models import Channel
from plugins.pickup.models import PickupLine
from plugins.pos import selectors as pos
from plugins.pos import services
from plugins.pos.checks import LineDraft, SaleDraft, TenderDraft
from plugins.staff import services as staff
from plugins.staff import tokens
from plugins.staff.models import Register
from tests import embedded
from tests.embedded import EmbeddedCore
from tests.embedded_catalogue import CATALOGUE
from tests.inventory.goods import imei

pytestmark = pytest.mark.django_db


def two_channels() -> dict[str, Any]:
    """The small catalogue, sold in China too: phone and case with 13 % in the price, the plan with 6 %."""
    data = deepcopy(CATALOGUE)
    data["channels"].append(
        {"slug": "cn", "name": "中国大陆", "currency": "CNY", "country": "CN", "prices_entered_with_tax": True}
        | {"allow_unpaid_orders": True}
    )
    data["tax_classes"][0]["rates"]["CN"] = "13"
    data["tax_classes"][1]["rates"]["CN"] = "6"
    address = {"street_address_1": "朝阳区建国路1号", "city": "北京市", "postal_code": "100022", "country": "CN"}
    data["warehouses"].append(
        {"slug": "guomao", "name": "国贸店", "address": address, "click_and_collect": "LOCAL", "metadata": {}}
    )
    prices = {"ACME-ONE-128": "3499.00", "ACME-ONE-256": "3999.99", "ACME-CASE": "128.88", "PLAN-TALK": "99.00"}
    for product in data["products"]:
        for variant in product["variants"]:
            variant["listings"]["cn"] = {"price": prices[variant["sku"]]}
    phone = data["products"][0]
    phone["translations"] = {"zh-hans": {"name": "极致一号", "description": "一部好手机。"}}
    phone["variants"][0]["translations"] = {"zh-hans": {"name": "128 GB 版"}}
    data["attributes"][0]["translations"] = {"zh-hans": {"name": "品牌", "values": {"Acme": "极致"}}}
    return data


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCore]:
    """A core of its own: other tests count on one that sells in one channel."""
    yield from embedded.served(two_channels(), name="china", folder=tmp_path_factory.mktemp("core-china"))


@pytest.fixture
def beijing(server: EmbeddedCore, db: None, settings: Any) -> Store:
    """A store in Beijing with stock, known to the core; and one in Austin."""
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = server.url, server.token
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    catalogue_services.sync_everything()
    warehouses = {warehouse.slug: warehouse.id for warehouse in core().warehouses()}
    everyday = [{"weekday": day, "opens": "00:00", "closes": "23:59"} for day in range(1, 8)]
    inventory.upsert_store(
        code="store-1", name="Store 1", street_address="1 Congress Ave", city="Austin", postal_code="78701",
        country="US", latitude=30.26, longitude=-97.74, timezone="America/Chicago", hours=everyday,
        core_warehouse_id=warehouses["store-1"],
    )  # fmt: skip
    store = inventory.upsert_store(
        code="guomao", name="国贸店", street_address="朝阳区建国路1号", city="北京市", postal_code="100022",
        country="CN", latitude=39.91, longitude=116.46, timezone="Asia/Shanghai", hours=everyday,
        core_warehouse_id=warehouses["guomao"],
    )  # fmt: skip
    for sku, serials in (("ACME-ONE-128", [imei() for _n in range(9)]), ("ACME-CASE", [])):
        quantity = len(serials) or 90
        inventory.receive(
            store_id=store.pk, sku=sku, quantity=quantity, serials=serials, source_key=f"in/{sku}", actor="test"
        )
    projection.push_due()
    return store


def _ordered(beijing: Store, lines: list[tuple[str, int]]) -> Order:
    cart = carts.create_cart(
        caller=GUEST, channel=Channel.objects.get(slug="cn"), sales_channel="WEB", lines=lines, language="zh-hans",
        contact=ContactChange(first_name="伟", last_name="王", email="wang@example.com", phone="138 0013 8000"),
    )  # fmt: skip
    slot = next(slot for slot in holds.offered_slots(beijing, clock.now()) if slot.remaining)
    choice = DeliveryChoice(beijing.pk, holds.slots.slot_id(beijing.pk, slot.start))
    carts.update_delivery(caller=GUEST, cart_id=cart.pk, choice=choice)
    done = completion.complete_cart(caller=GUEST, cart_id=cart.pk, choices=[PaymentChoice("PAY_IN_STORE")])
    assert done.order is not None
    return done.order


def test_both_channels_are_copied_with_prices_and_texts_of_their_own(beijing: Store) -> None:
    in_china = catalogue.variant_by_sku("ACME-ONE-128", catalogue.channel("cn"))
    in_america = catalogue.variant_by_sku("ACME-ONE-128", catalogue.channel("us"))
    assert in_china is not None
    assert in_america is not None
    assert (str(in_china.price), in_china.tax_rate) == ("3499.00 CNY", Decimal("0.13"))
    assert (str(in_america.price), in_america.tax_rate) == ("499.00 USD", Decimal("0.0825"))
    assert in_china.full_name_in("zh-hans") == "极致一号, 128 GB 版"
    assert in_china.full_name_in("en") == "Acme One, 128 GB"
    assert in_china.product.texts("zh-hans")["attributes"] == {"brand": {"label": "品牌", "values": ["极致"]}}


def test_an_order_agrees_with_the_core_to_the_cent_and_reads_in_chinese(beijing: Store) -> None:
    order = _ordered(beijing, [("ACME-ONE-128", 1), ("ACME-CASE", 3), ("PLAN-TALK", 1)])

    recorded = core().order(order.core_id)
    assert recorded is not None
    # 3499.00 / 1.13 = 3096.46, 386.64 / 1.13 = 342.16, 99.00 / 1.06 = 93.40
    assert (order.subtotal, order.tax, order.total) == (
        Decimal("3984.64"),
        Decimal("452.62"),
        Decimal("3984.64"),
    )
    assert (recorded.total.gross, recorded.total.tax, recorded.total.currency) == (order.total, order.tax, "CNY")
    assert order.lines.get(sku="ACME-ONE-128").name == "极致一号, 128 GB 版"
    assert PickupLine.objects.get(pickup__order=order, sku="ACME-ONE-128").name == "极致一号, 128 GB 版"
    assert (order.language, order.full_name, order.phone) == ("zh-hans", "王伟", "+8613800138000")


def test_its_confirmation_is_in_chinese(beijing: Store, mailoutbox: list[Any]) -> None:
    emails.send_confirmation(_ordered(beijing, [("ACME-CASE", 1)]))
    [mail] = mailoutbox
    assert "订单" in mail.subject
    assert "128.88" in mail.body


@pytest.mark.parametrize("seed", range(4))
def test_any_quantities_agree_with_the_core(beijing: Store, seed: int) -> None:
    draw = random.Random(seed)
    order = _ordered(beijing, [("ACME-CASE", draw.randint(1, 10)), ("PLAN-TALK", draw.randint(1, 10))])
    recorded = core().order(order.core_id)
    assert recorded is not None
    ours = {line.sku: (line.total, line.total - line.tax, line.tax) for line in order.lines.all()}
    theirs = {line.sku: (line.total.gross, line.total.net, line.total.tax) for line in recorded.lines}
    assert ours == theirs
    assert (recorded.total.gross, recorded.total.tax) == (order.total, order.tax)


def test_a_till_in_beijing_sells_in_yuan_with_the_tax_in_the_price(beijing: Store) -> None:
    staff.upsert_register(register_id="register-B1", store_id=beijing.pk, code="B1")
    person = staff.upsert_staff(code="3001", name="王芳", role="clerk", pin="271828")
    clerk = tokens.caller_for(person, Register.objects.get(pk="register-B1"))
    delta = pos.catalogue_delta(caller=clerk, store_id=beijing.pk, cursor=None, first=100, language="zh-hans")
    assert (delta.channel.slug, delta.channel.currency, delta.channel.prices_include_tax) == ("cn", "CNY", True)
    shelf = {item.variant.sku: (item.price, item.quantity) for item in delta.items}
    assert shelf["ACME-ONE-128"] == (Decimal("3499.00"), 9)
    # The same place in the changes, read in another language: every name is news.
    again = {"caller": clerk, "store_id": beijing.pk, "cursor": delta.cursor, "first": 100}
    assert pos.catalogue_delta(**again, language="zh-hans").items == []
    assert len(pos.catalogue_delta(**again, language="en").items) == len(delta.items)

    shift = services.open_shift(
        caller=clerk, client_id="00000000-0000-4000-8000-000000000001", store_id=beijing.pk,
        register_id="register-B1", occurred_at=clock.now(), opening_float=Decimal("500.00"),
    ).shift  # fmt: skip
    assert shift.currency == "CNY"
    tax = line_tax(
        unit_price=Decimal("128.88"), quantity=3, rate=Decimal("0.13"), prices_include_tax=True, currency="CNY"
    )
    sale = SaleDraft(
        client_id="00000000-0000-4000-8000-000000000002", shift_id=str(shift.client_id), occurred_at=clock.now(),
        currency="CNY", total=Decimal("386.64"), tax_total=tax,
        lines=(LineDraft(sku="ACME-CASE", quantity=3, unit_price=Decimal("128.88"), tax=tax),),
        tenders=(TenderDraft("CASH", Decimal("386.64")),),
    )  # fmt: skip
    [outcome] = services.sync(caller=clerk, sales=[sale])
    assert (outcome.errors, outcome.exceptions) == ([], [])
    outbox.deliver_due()

    order = Order.objects.get(pk=outcome.order.pk)  # type: ignore[union-attr]
    recorded = core().order(order.core_id)
    assert recorded is not None
    assert (order.currency, order.subtotal, order.tax, order.total, order.language) == (
        "CNY",
        Decimal("386.64"),
        Decimal("44.48"),
        Decimal("386.64"),
        "zh-hans",
    )
    assert (recorded.channel, recorded.total.gross, recorded.total.tax) == ("cn", order.total, order.tax)
