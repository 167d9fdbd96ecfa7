"""The counter with the embedded core over HTTP: what is sold and handed over reaches the commercial record."""

from decimal import Decimal

import pytest

from commerce.core import core
from inventory import projection
from inventory import services as inventory
from inventory.models import Store
from kernel import clock, outbox
from kernel.models import OutboxMessage
from plugins.carts import completion, holds, refunds, returns
from plugins.carts import services as carts
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.models import Order, OrderReturn
from plugins.carts.services import DeliveryChoice
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel, Variant
from plugins.pickup.models import Pickup
from plugins.pos import core_orders, services
from plugins.pos.checks import LineDraft, TenderDraft
from plugins.pos.models import Sale
from plugins.staff import services as staff
from plugins.staff import tokens
from plugins.staff.models import Register
from tests.counter import GUEST
from tests.embedded import EmbeddedCore
from tests.inventory.goods import imei
from tests.pickup import steps
from tests.pos.sales import Till, line, sale

pytestmark = pytest.mark.django_db


class Counter:
    """As tests.counter.Counter, but all that it sells comes from the embedded core."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.serials = [imei() for _n in range(3)]
        staff.upsert_register(register_id="register-R1", store_id=store.pk, code="R1")
        self.person = staff.upsert_staff(code="1001", name="Sam", role="clerk", pin="246810")

    def staff(self, role="clerk", register="R1"):
        return tokens.caller_for(self.person, Register.objects.get(pk=f"register-{register}"))


@pytest.fixture
def counter(embedded_core: EmbeddedCore, db, settings):
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    catalogue.sync_everything()
    warehouse = next(entry for entry in core().warehouses() if entry.slug == "store-1")
    store = inventory.upsert_store(
        code="store-1", name="Store 1", street_address="1 Congress Ave", city="Austin", postal_code="78701",
        country_area="TX", country="US", latitude=30.26, longitude=-97.74, timezone="America/Chicago",
        hours=[{"weekday": day, "opens": "00:00", "closes": "23:59"} for day in range(1, 8)],
        core_warehouse_id=warehouse.id,
    )  # fmt: skip
    made = Counter(store)
    for sku, serials in (("ACME-ONE-128", made.serials), ("ACME-CASE", [])):
        inventory.receive(store_id=store.pk, sku=sku, quantity=3, serials=serials, source_key=f"in/{sku}", actor="test")
    push()
    return made


def push():
    """Let the core learn what waits."""
    outbox.deliver_due()
    projection.push_due()


def core_quantity(counter, sku):
    """What the core holds."""
    variant = Variant.objects.get(sku=sku)
    quantity, _allocated = core().stock_of(variant.pk)[counter.store.core_warehouse_id]
    return quantity


def test_a_sale_is_recorded_once_and_the_stock_follows(counter):
    till = Till(counter)
    till.shift = till.open().shift
    made = till.sell(
        line("ACME-ONE-128", price="499.00", serials=counter.serials[:1], tax=Decimal("41.17")),
        line("ACME-CASE", 2, price="19.99", tax=Decimal("3.30")),
    )
    assert (made.errors, made.exceptions) == ([], [])

    push()
    order = Order.objects.get(pk=made.order.pk)
    recorded = core().order(order.core_id)
    Order.objects.update(core_id="", core_number="")
    core_orders.tell_core({"sale_id": Sale.objects.get().pk}, 0)

    assert (recorded.status, recorded.external_reference) == ("FULFILLED", str(Sale.objects.get().client_id))
    assert recorded.total.gross == order.total
    assert Order.objects.get().core_id == recorded.id
    assert [row.core_line_id for row in order.lines.all()] == [row.id for row in recorded.lines]
    assert core_quantity(counter, "ACME-ONE-128") == 2
    assert core_quantity(counter, "ACME-CASE") == 1


def test_an_order_paid_and_handed_over_is_paid_and_fulfilled_in_the_core(counter):
    cart = carts.create_cart(
        caller=GUEST, channel=Channel.objects.get(), sales_channel="WEB", lines=[("ACME-ONE-128", 1)],
        contact=ContactChange(first_name="Ada", last_name="Lovelace", email="ada@example.com"),
    )  # fmt: skip
    slot = next(slot for slot in holds.offered_slots(counter.store, holds.clock.now()) if slot.remaining)
    choice = DeliveryChoice(counter.store.pk, holds.slots.slot_id(counter.store.pk, slot.start))
    carts.update_delivery(caller=GUEST, cart_id=cart.pk, choice=choice)
    order = completion.complete_cart(caller=GUEST, cart_id=cart.pk, choices=[PaymentChoice("PAY_IN_STORE")]).order
    pickup = Pickup.objects.get(order=order)
    steps.accept(counter, pickup)
    steps.scan(counter, pickup, counter.serials[0])
    steps.ready(counter, pickup)
    till = Till(counter)
    till.shift = till.open().shift
    paid = sale(
        shift=till.shift, order_id=order.pk, total=order.total, tax_total=Decimal(0),
        tenders=(TenderDraft("CASH", order.total),),
    )  # fmt: skip
    [outcome] = services.sync(caller=counter.staff(), sales=[paid])
    assert outcome.errors == []
    steps.hand_over(counter, pickup)

    push()

    recorded = core().order(order.core_id)
    assert (recorded.status, recorded.charge_status) == ("FULFILLED", "FULL")
    assert [paid.charged for paid in recorded.transactions] == [order.total]
    assert core_quantity(counter, "ACME-ONE-128") == 2


def test_what_comes_back_is_returned_and_refunded_in_the_core_once(counter, embedded_core):
    till = Till(counter)
    till.shift = till.open().shift
    made = till.sell(line("ACME-CASE", 3, price="19.99", tax=Decimal("4.95")))
    push()
    [case] = made.order.lines.all()
    assert core_quantity(counter, "ACME-CASE") == 0

    for units, status in ((1, "PARTIALLY_RETURNED"), (2, "RETURNED")):
        order = Order.objects.get(pk=made.order.pk)
        found = refunds.refund_of(order, [(str(case.pk), units)])
        back = LineDraft("ACME-CASE", -units, Decimal("19.99"), -found.tax, original_line_id=str(case.pk))
        draft = sale(back, shift=till.shift, total=-found.total, tax_total=-found.tax,
                     tenders=(TenderDraft("CASH", -found.total),))  # fmt: skip
        [outcome] = till.sync(draft)
        assert (outcome.errors, outcome.order.status) == ([], status)
        # The core takes it back, but its answers are lost: told again, nothing happens twice.
        embedded_core.set_faults(
            {"kind": "lost_reply", "operation": "OrderReturn", "count": 1},
            {"kind": "lost_reply", "operation": "TransactionEventReport", "count": 1},
        )
        push()
        OutboxMessage.objects.filter(delivered_at=None).update(next_attempt_at=clock.now())
        push()
        returns.return_in_core({"return_id": OrderReturn.objects.latest("pk").pk}, 0)
        recorded = core().order(order.core_id)
        given = sum((one.total for one in OrderReturn.objects.all()), Decimal(0))
        assert recorded.status == status
        assert [(paid.charged, paid.refunded) for paid in recorded.transactions] == [(order.total - given, given)]
    assert given == order.total
    assert core_quantity(counter, "ACME-CASE") == 3
