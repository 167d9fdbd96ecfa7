"""A customer's cart and order on a running Saleor: by the suite's services, and by the calls that they make alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from bench.saleor_goods import ADDRESS, CHANNEL, STORE
from commerce import convert
from commerce.client import input_types as inputs
from commerce.core import Core, core
from commerce.records import CheckoutDraft
from commerce.transport import Transport
from inventory import services as inventory
from inventory.models import Store
from kernel import clock
from kernel.identity import GUEST
from kernel.money import Money
from plugins.carts import completion, core_records, services
from plugins.carts import lines as cart_lines
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.placing_payment import return_url
from plugins.carts.services import DeliveryChoice
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from plugins.catalogue.services import SyncReport
from plugins.payments.services import card_port

PIECES = 100_000
CONTACT = ContactChange(first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="512 555 0100")
WEEK = [{"weekday": day, "opens": "00:00", "closes": "23:59"} for day in range(1, 8)]


class Shop:
    """A store with plenty of two articles, in the suite and in Saleor."""

    def __init__(self) -> None:
        self.core: Core = core()
        self.version = self.core.version()
        channel = next(item for item in self.core.channels() if item.slug == CHANNEL)
        first = next(self.core.product_pages(CHANNEL))
        products = first.products[:2]
        catalogue.sync_channels()
        catalogue.copy_page(products=products, channel=channel, read_at=clock.now(), report=SyncReport())
        self.channel = Channel.objects.get(slug=CHANNEL)
        variants = [product.variants[0] for product in products]
        self.lines = [(variant.sku or "", 1) for variant in variants]
        self.warehouse = next(item.id for item in self.core.warehouses() if item.slug == STORE)
        self.store = _store(self.warehouse)
        inventory.expire_due()  # what earlier runs kept and left, as a worker does
        inventory.receive_opening(inventory.OpeningRow(self.store.pk, sku, PIECES, ()) for sku, _one in self.lines)
        self.core.push_stock([(variant.id, self.warehouse, PIECES) for variant in variants])
        # The suite's own connection: another would lead to another of Saleor's processes, and time that one.
        self._direct = self.core._client
        self._draft, self._total = self._of_a_cart()

    def buy(self) -> None:
        """A cart with its contact, store and time, then the order, paid by card."""
        cart = self._cart()
        paid = [PaymentChoice("CARD", token="tok_ok")]
        made = completion.complete_cart(caller=GUEST, cart_id=cart.pk, choices=paid)
        assert made.order is not None, "no order"

    def buy_directly(self) -> None:
        """The same in Saleor alone, with the same card provider."""
        ask = self._direct
        made = ask.checkout_begin(convert.checkout_input(self._draft, price_reasons=True)).checkout_create
        assert made is not None
        assert made.checkout is not None
        id = made.checkout.id
        ask.checkout_delivery_method_update(id=id, delivery_method_id=self.warehouse)
        held = card_port().authorise(
            key=str(uuid4()), token="tok_ok", amount=Money(self._total, self.channel.currency), return_url=return_url()
        )
        paid = inputs.MoneyInput(amount=self._total, currency=self.channel.currency)
        payment = inputs.TransactionCreateInput(name="Card", pspReference=held.reference, amountAuthorized=paid)
        ask.transaction_create(id=id, transaction=payment)
        done = ask.checkout_complete(id=id).checkout_complete
        assert done is not None
        assert done.order is not None, "no order"

    def _cart(self) -> Any:
        cart = services.create_cart(
            caller=GUEST, channel=self.channel, sales_channel="WEB", lines=self.lines, contact=CONTACT
        )
        return services.update_delivery(caller=GUEST, cart_id=cart.pk, choice=DeliveryChoice(self.store.pk))

    def _of_a_cart(self) -> tuple[CheckoutDraft, Decimal]:
        """What the suite tells Saleor of such a cart, and what it costs."""
        cart = self._cart()
        found = list(cart.lines.all())
        draft = core_records.checkout_draft(cart, found, number="SPEED", store=self.store)
        return draft, cart_lines.totals_of(found, cart).total


def calls_of(act: Callable[[], object]) -> list[str]:
    """The operations that are sent to the core meanwhile, in their order."""
    with noting() as sent:
        act()
    return [str(body["operationName"]) for body in sent]


def statements_of(act: Callable[[], object]) -> int:
    """How many statements of the suite's database that takes, transactions' beginnings and ends among them."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def keep_no_statements() -> None:
    """With DEBUG, which the card provider of one machine wants, Django writes out each statement a second time to keep
    it: no shop pays for that."""
    BaseDatabaseWrapper.queries_logged = property(lambda one: one.force_debug_cursor)  # type: ignore[assignment]


@contextmanager
def noting() -> Iterator[list[dict[str, Any]]]:
    """What is sent to the core meanwhile."""
    sent: list[dict[str, Any]] = []
    execute = Transport.execute

    def noted(self: Transport, *args: Any, **told: Any) -> Any:
        variables = self._convert_dict_to_json_serializable(told["variables"])
        sent.append({"query": told["query"], "operationName": told["operation_name"], "variables": variables})
        return execute(self, *args, **told)

    Transport.execute = noted  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Transport.execute = execute  # type: ignore[method-assign]


def _store(warehouse: str) -> Store:
    made = inventory.upsert_store(
        code=STORE,
        name="Speed store",
        street_address=ADDRESS["street_address_1"],
        city="Austin",
        postal_code=ADDRESS["postal_code"],
        country_area=ADDRESS["country_area"],
        country=ADDRESS["country"],
        latitude=30.27,
        longitude=-97.74,
        timezone="America/Chicago",
        hours=WEEK,
        core_warehouse_id=warehouse,
    )
    Store.objects.filter(pk=made.pk).update(slot_capacity=10_000)
    return Store.objects.get(pk=made.pk)
