"""What the tests of carts do again and again, in one word each."""

from dataclasses import dataclass, field
from typing import Any

from inventory import selectors as stock
from kernel.errors import ApiError
from kernel.identity import GUEST, Caller
from plugins.carts import completion, holds, services
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.services import DeliveryChoice
from plugins.carts.slots import slot_id

CARD = PaymentChoice("CARD", token="tok_ok")
IN_STORE = PaymentChoice("PAY_IN_STORE")
ADA = Caller(kind="shopper", id="user-ada", email="ada@example.com")
BOB = Caller(kind="shopper", id="user-bob", email="bob@example.com")
CLERK = Caller(kind="staff", id="1", name="Sam", permissions=frozenset({"pos.sell", "pickup.handle"}), store_id="store")


@dataclass
class Shop:
    channel: Any
    stores: list[Any]
    core: Any
    at: Any
    caller: Caller = field(default=GUEST)

    def cart(self, *lines, caller=GUEST, contact=True):
        return services.create_cart(
            caller=caller,
            channel=self.channel,
            sales_channel="WEB",
            lines=lines,
            contact=ContactChange(first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="512 555 0100")
            if contact
            else None,
        )

    def slots(self, store=0):
        return holds.offered_slots(self.stores[store], self.at.now())

    def collect(self, cart, *, store=0, slot=0, caller=GUEST, line_ids=()):
        chosen = self.stores[store]
        wanted = slot_id(chosen.pk, self.slots(store)[slot].start)
        choice = DeliveryChoice(pickup_store_id=chosen.pk, pickup_slot_id=wanted, line_ids=line_ids)
        return services.update_delivery(caller=caller, cart_id=cart.pk, choice=choice)

    def ready_cart(self, *lines, caller=GUEST, slot=0):
        cart = self.cart(*(lines or [("PHONE", 1)]), caller=caller)
        self.collect(cart, caller=caller, slot=slot)
        return cart

    def complete(self, cart, *choices, caller=GUEST):
        return completion.complete_cart(caller=caller, cart_id=cart.pk, choices=list(choices or [CARD]))

    def available(self, sku, store=0):
        pk = self.stores[store].pk
        return stock.availability([sku], [pk])[sku, pk]


class NoMail:
    """A mail back end whose server refuses everything."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("the mail server refuses")


def refused(call, *args, **kwargs) -> ApiError:
    """The refusal that a call ends in; fails the test if it does not."""
    try:
        call(*args, **kwargs)
    except ApiError as refusal:
        return refusal
    raise AssertionError("it was not refused")
