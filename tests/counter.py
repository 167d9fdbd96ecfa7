"""A store with its counter, for the tests of pickups and registers: articles, people, registers and a core in memory.

from tests.counter import counter  # noqa: F401 - fixture

def test_something(counter):
    order = counter.order(("PHONE", 1))
"""

import datetime as dt
import itertools
import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from commerce import records
from commerce.errors import CoreRefused
from inventory import selectors as stock
from inventory import services as inventory
from inventory.models import Balance, Store
from kernel import clock
from kernel.errors import ApiError
from kernel.identity import Caller
from plugins.carts import completion, holds, services
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.models import Cart, Order
from plugins.carts.services import DeliveryChoice
from plugins.carts.slots import slot_id
from plugins.catalogue.models import ChangeCounter, Channel, ChannelListing, Product, Variant
from plugins.pickup.models import Pickup
from plugins.staff import services as staff
from plugins.staff import tokens
from plugins.staff.models import Register, StaffMember
from tests.fake_core_port import FakeCore
from tests.inventory.goods import imei

# A Monday, 10:00 in Austin.
MONDAY = dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)
GUEST = Caller(kind="guest", id="")
ADA = Caller(kind="shopper", id="user-ada", email="ada@example.com")
PINS = {"clerk": "246810", "manager": "135790"}


class CounterCore(FakeCore):
    """The core as the counter needs it: fulfilments, and sales recorded by their external reference."""

    takes_payment_first = False  # True where Saleor's setting "allow fulfilling unpaid orders" is off

    def fulfil_order(self, order_id, lines, warehouse_id, *, allow_short=False):
        with self._call("fulfil_order"):
            order, wanted = self.orders[order_id], dict(lines)
            if self.takes_payment_first and sum(paid.charged for paid in order.transactions) < order.total.gross:
                raise CoreRefused("CANNOT_FULFILL_UNPAID_ORDER", "Cannot fulfill unpaid order.", "order")
            self.orders[order_id] = replace(
                order,
                status="FULFILLED",
                lines=tuple(replace(line, quantity_fulfilled=wanted.get(line.id, 0)) for line in order.lines),
            )
        return self.orders[order_id]

    def order_by_external_reference(self, reference):
        with self._call("order_by_external_reference"):
            return next((order for order in self.orders.values() if order.external_reference == reference), None)

    def bulk_create_pos_order(self, draft):
        with self._call("bulk_create_pos_order"):
            if any(order.external_reference == draft.external_reference for order in self.orders.values()):
                raise CoreRefused("UNIQUE", "Recorded before.", "externalReference")
            made = _sale_in_core(draft, number=len(self.orders) + 1)
            self.orders[made.id] = made
        return made


def _sale_in_core(draft, number):
    zero = records.CorePrice(Decimal(0), Decimal(0), Decimal(0), draft.currency)
    return records.CoreOrder(
        id=f"core-order-{number}",
        number=str(number),
        status="FULFILLED",
        charge_status="FULL",
        external_reference=draft.external_reference,
        created=draft.created_at,
        updated_at=draft.created_at,
        email=draft.email,
        channel=draft.channel,
        warehouse_id=draft.warehouse_id,
        collection_point_name=None,
        metadata=draft.metadata,
        lines=tuple(
            records.CoreOrderLine(
                id=f"core-line-{number}-{index}",
                sku=line.sku,
                product_name=line.product_name,
                quantity=line.quantity,
                quantity_fulfilled=line.quantity,
                unit_price=zero,
                total=records.CorePrice(
                    line.total_net, line.total_gross - line.total_net, line.total_gross, draft.currency
                ),
                metadata=line.metadata,
            )
            for index, line in enumerate(draft.lines)
        ),
        total=zero,
        transactions=tuple(
            records.CoreTransaction(tender.psp_reference, tender.psp_reference, Decimal(0), tender.amount)
            for tender in draft.tenders
        ),
    )


@dataclass
class Counter:
    """A store open at ten on a Monday, with another one in town; three phones by IMEI and ten cases in the first."""

    channel: Channel
    store: Store
    other: Store
    core: CounterCore
    clock: clock.FrozenClock
    client: Any
    people: dict[str, StaffMember] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    serials: list[str] = field(default_factory=list)

    def staff(self, role="clerk", register="R1") -> Caller:
        return tokens.caller_for(self.people[role], self.registers[register])

    def token(self, role="clerk", register="R1") -> str:
        return tokens.issue(self.people[role], self.registers[register]).token

    def ask(self, query, *, token=None, key=None, **variables):
        """Send a document to the API; returns the whole body."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        body = json.dumps({"query": query, "variables": variables})
        return self.client.post("/graphql/", body, content_type="application/json", headers=headers).json()

    def held_cart(self, *lines, caller=GUEST) -> Cart:
        """A cart on the web with goods and time kept in the first store."""
        contact = ContactChange(first_name="Ada", last_name="Lovelace", email="ada@example.com")
        cart = services.create_cart(
            caller=caller, channel=self.channel, sales_channel="WEB", lines=lines or [("PHONE", 1)], contact=contact
        )
        slot = holds.offered_slots(self.store, clock.now())[0]
        choice = DeliveryChoice(self.store.pk, slot_id(self.store.pk, slot.start))
        return services.update_delivery(caller=caller, cart_id=cart.pk, choice=choice)

    def order(self, *lines, method="PAY_IN_STORE", caller=GUEST) -> Order:
        """An order placed on the web to be collected in the first store."""
        cart = self.held_cart(*lines, caller=caller)
        payment = PaymentChoice(method, token="tok_ok" if method == "CARD" else "")
        made = completion.complete_cart(caller=caller, cart_id=cart.pk, choices=[payment])
        assert made.order is not None
        return made.order

    def pickup(self, *lines, method="CARD", caller=GUEST) -> Pickup:
        """The pickup of such an order."""
        return Pickup.objects.select_related("order").get(order=self.order(*lines, method=method, caller=caller))

    def available(self, sku, store=None) -> int:
        pk = (store or self.store).pk
        return stock.availability([sku], [pk])[sku, pk]

    def on_hand(self, sku, store=None) -> int:
        return Balance.objects.get(item_id=sku, store=store or self.store).on_hand


@pytest.fixture
def counter(db, settings, monkeypatch, client):
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    core = CounterCore()
    monkeypatch.setattr("commerce.core.core", lambda: core)
    with clock.use_clock(clock.FrozenClock(MONDAY)) as frozen:
        yield build(core, frozen, client)


def build(core, frozen, client) -> Counter:
    """Fill the database."""
    channel = Channel.objects.create(
        slug="us", name="US", currency="USD", country="US", warehouse_ids=["warehouse-store-1", "warehouse-store-2"]
    )
    seq = itertools.count(1)
    article(channel, core, seq, "PHONE", "DEVICE", "499.00", "0.0825", tracking="IMEI")
    article(channel, core, seq, "CASE", "ACCESSORY", "19.99", "0.0825")
    article(channel, core, seq, "PLAN", "PLAN", "35.00", "0", stocked=False)
    article(channel, core, seq, "BUNDLED", "DEVICE", None, "0.0825")
    ChangeCounter.objects.update_or_create(pk=1, defaults={"value": next(seq) - 1})
    made = Counter(channel, _store("store-1"), _store("store-2"), core, frozen, client)
    made.serials = [imei() for _ in range(3)]
    for sku, quantity, serials in (("PHONE", 3, made.serials), ("CASE", 10, ())):
        inventory.receive(
            store_id=made.store.pk, sku=sku, quantity=quantity, serials=serials, source_key=f"in/{sku}", actor="test"
        )
    for code, store in (("R1", made.store), ("R2", made.store), ("R9", made.other)):
        staff.upsert_register(register_id=f"register-{code}", store_id=store.pk, code=code)
        made.registers[code] = Register.objects.get(pk=f"register-{code}")
    for number, role in enumerate(PINS, start=1):
        made.people[role] = staff.upsert_staff(code=f"{number}001", name=role.title(), role=role, pin=PINS[role])
    return made


def article(channel, core, seq, sku, kind, price, rate, *, tracking="NONE", stocked=True):
    """A product of one variant."""
    number = next(seq)
    product = Product.objects.create(
        id=f"p-{sku}",
        slug=sku.lower(),
        name=sku.title(),
        kind=kind,
        synced_at=MONDAY,
        seq=number,
        category_path=["All"],
    )
    variant = Variant.objects.create(
        id=f"v-{sku}", product=product, sku=sku, stocked=stocked, tracking=tracking, seq=number, barcode=""
    )
    amount = None if price is None else Decimal(price)
    ChannelListing.objects.create(variant=variant, channel=channel, price=amount, tax_rate=Decimal(rate))
    inventory.upsert_item(sku=sku, tracking=tracking, stocked=stocked, core_variant_id=variant.pk)
    if price is not None:
        core.sell(variant.pk, sku, price, rate)


def _store(code):
    return inventory.upsert_store(
        code=code,
        name=code.title(),
        street_address="1 Congress Ave",
        city="Austin",
        postal_code="78701",
        country_area="TX",
        country="US",
        latitude=30.26,
        longitude=-97.74,
        timezone="America/Chicago",
        hours=[{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 8)],
        slot_capacity=50,
        core_warehouse_id=f"warehouse-{code}",
    )


def refused(call, *args, **kwargs) -> ApiError:
    """The refusal that a call ends in; fails the test if it does not."""
    try:
        call(*args, **kwargs)
    except ApiError as refusal:
        return refusal
    raise AssertionError("it was not refused")
