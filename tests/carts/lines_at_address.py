"""A street of fibre beside the counter of a store: three houses, two ports, and broadband that is sold for it."""

import datetime as dt
import itertools
from dataclasses import dataclass

from kernel import outbox
from plugins.carts import at_address, completion, services
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import Address, ContactChange
from plugins.carts.models import Order
from plugins.catalogue.models import Product
from plugins.serviceability import capacity
from plugins.serviceability import services as qualifications
from plugins.serviceability.asking import Question
from plugins.serviceability.capacity import Wanted
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from plugins.serviceability.qualification import Drop
from tests.counter import GUEST, MONDAY, Counter, article
from tests.serviceability import places
from tests.serviceability.places import us

TODAY = MONDAY.date()
# Five work days for a house whose drop is built.
PROMISED = TODAY + dt.timedelta(days=7)
LATER = TODAY + dt.timedelta(days=14)
HOME = Address(street_address_1="120 Maple St", city="Austin", country="US", postal_code="78701", country_area="TX")
CARD = PaymentChoice("CARD", token="tok_ok")


@dataclass
class Street:
    """The counter's shop with FIBER (a service by fibre) and three premises, H1 to H3, of one node with two ports."""

    counter: Counter

    def cart(self, *lines, house="H1", caller=GUEST, email="ada@example.com"):
        """A cart whose services are placed at a house."""
        contact = ContactChange(first_name="Ada", last_name="Lovelace", email=email, billing_address=HOME)
        made = services.create_cart(
            caller=caller,
            channel=self.counter.channel,
            sales_channel="WEB",
            lines=lines or [("FIBER", 1)],
            contact=contact,
        )
        return at_address.place_services(caller=caller, cart_id=made.pk, qualification_id=self.qualify(house))

    def qualify(self, house="H1") -> str:
        return qualifications.qualify(Question(premises_id=house))[0].pk

    def complete(self, cart, caller=GUEST) -> Order:
        made = completion.complete_cart(caller=caller, cart_id=cart.pk, choices=[CARD]).order
        assert made is not None
        return made

    def order(self, house="H1", **given) -> Order:
        """An order of broadband; the next is placed a minute later."""
        made = self.complete(self.cart(house=house, **given), given.get("caller", GUEST))
        deliver()
        self.counter.clock.advance(minutes=1)
        return made

    def ports(self, count, *, opens_on=TODAY, moves_to=None) -> int:
        """The planner sets the ports that open on a day; what follows is delivered."""
        opening, _made = CapacityOpening.objects.get_or_create(node_id="OLT", opens_on=opens_on, defaults={"ports": 0})
        moved = capacity.change(wanted={opening.pk: Wanted(count, moves_to or opens_on)}, actor="planner")
        deliver()
        return moved

    def port_of(self, order) -> CapacityReservation:
        return CapacityReservation.objects.get(key=order.promises.get().key)


def deliver() -> None:
    """All that is due, also what follows from it."""
    while outbox.deliver_due():
        pass


def street(counter: Counter, ports: int = 2, houses: int = 3) -> Street:
    """Fill the database."""
    article(counter.channel, counter.core, itertools.count(50), "FIBER", "SERVICE", "40.00", "0", stocked=False)
    attributes = [{"name": "technology", "values": ["FTTH"]}, {"name": "download_mbps", "values": ["300"]}]
    Product.objects.filter(pk="p-FIBER").update(attributes=attributes)
    places.calendar()
    places.node("OLT", "FTTH", (TODAY, ports))
    for number in range(1, houses + 1):
        places.premises(f"H{number}", us(number, "MAPLE"), fibre=Drop.DROP, fibre_node="OLT")
    places.loaded()
    deliver()
    return Street(counter)
