"""Whole lives of bundles: put in a cart, changed, ordered, partly returned, upgraded and left. After every step the sum
of the lines, the total, what the core has and what was paid and not given back are one amount, to the cent.

Prices, choices and acts are random; cart, order, returns and money are the suite's own, the core is the embedded one.
Upgrade and leaving go on with the life that the order's returns left.
"""

import datetime as dt
import itertools
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from commerce.core import core
from commerce.errors import CoreUnavailable
from inventory import services as inventory
from inventory.models import Store
from inventory.services import OpeningRow
from kernel import outbox
from kernel.errors import IN_PROGRESS, TRY_AGAIN, ApiError, Errors
from kernel.models import OutboxMessage
from plugins.bundles import changes
from plugins.bundles import services as offers
from plugins.bundles.errors import BUNDLE_ENDED, CREDIT_EXCEEDS_BILL, INVALID_CONFIGURATION, INVALID_TERM
from plugins.bundles.terms import Chosen
from plugins.carts import bundle_returns, bundles, completion, holds, orders, refunds, returns, selectors, services
from plugins.carts.bundle_quotes import Wish
from plugins.carts.contact import ContactChange
from plugins.carts.models import CartBundle, Order, OrderReturn
from plugins.carts.returns import Back
from plugins.carts.services import DeliveryChoice
from plugins.carts.slots import slot_id
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from plugins.payments.models import Payment
from tests.bundles.price_strategies import devices
from tests.bundles.test_price_lives import assert_sums, total
from tests.carts.shop import ADA, CARD
from tests.carts.test_bundle_cents import choices, documents

pytestmark = pytest.mark.django_db

GOODS = "ACME-CASE"
NUMBERS = itertools.count(1)
RETURNS = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=2), max_size=3)


@pytest.fixture
def store(embedded_core, settings):
    """A store with goods for many lives."""
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _variant, warehouse = embedded_core.set_stock(GOODS, "store-1", 100_000)
    catalogue.sync_everything()
    made = inventory.upsert_store(
        code="store-1", name="Store 1", street_address="1 Congress Ave", city="Austin", postal_code="78701",
        country_area="TX", country="US", latitude=30.26, longitude=-97.74, timezone="America/Chicago",
        hours=[{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(1, 8)],
        slot_capacity=1000, core_warehouse_id=warehouse,
    )  # fmt: skip
    inventory.receive_opening([OpeningRow(made.pk, GOODS, 100_000)])
    return Store.objects.get(pk=made.pk)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=documents(), chosen=choices(), term=st.sampled_from([24, 0]), quantity=st.integers(1, 9),
    come_back=RETURNS, newer=devices(), months=st.integers(0, 3),
)  # fmt: skip
def test_over_a_whole_life_every_sum_is_the_same(store, document, chosen, term, quantity, come_back, newer, months):
    cart = filled_cart(document, chosen, term)
    assert_cart(cart)
    change_part(cart, quantity)
    assert_cart(cart)

    order = ordered(cart, store)
    assert_order(order)
    for wanted in come_back:
        take_back(order, store, wanted)
        assert_order(order)

    bundle = CartBundle.objects.get(cart=cart)
    life = bundle_returns.life_of(bundle, list(order.lines.all()), refunds.returned_before(order))
    assert_sums(life)
    for_old = sum((made.for_old_devices for made in order.returns.all()), Decimal(0))
    assert in_money(life) == paid(order) - for_old
    if not life.running:
        return
    for _month in range(min(months, term)):
        life = step(life, lambda now: changes.bill(now))
    life = step(life, lambda now: upgraded(now, newer))
    if life.running:
        before, cost = total(life), life.exit_cost
        life = changes.leave(life)
        assert (life.to_pay, total(life)) == (cost, before + cost)


def filled_cart(document, chosen, term):
    if "tradeIns" not in document["groups"][0]["options"][0]["prices"]:
        chosen = [type(one)(one.group, one.sku, one.instance, one.quantity) for one in chosen]
    if term == 0:
        document["groups"][0]["options"][0]["prices"].pop("instalments", None)
    code, channel = f"life-{next(NUMBERS)}", Channel.objects.get(slug="us")
    offers.save_draft(code=code, channel=channel, document=document, test_cases=[], actor="test")
    offers.publish(code=code, actor="test")
    contact = ContactChange(email="ada@example.com", first_name="Ada", last_name="L", phone="512 555 0100")
    cart = services.create_cart(caller=ADA, channel=channel, sales_channel="WEB", contact=contact)
    return bundles.add_bundle(caller=ADA, cart_id=cart.pk, wish=Wish(code, term, tuple(chosen)))


def change_part(cart, quantity):
    """Another number of the goods, where the offer allows it."""
    line = cart.lines.filter(bundle_group="goods").order_by("position").first()
    try:
        services.update_lines(caller=ADA, cart_id=cart.pk, lines=[(str(line.pk), quantity)])
    except (ApiError, Errors) as refusal:
        # An old device for each of several new ones: the cart is as it was.
        if any(one.code != INVALID_CONFIGURATION for one in getattr(refusal, "errors", [refusal])):
            raise
        event("change refused")


def assert_cart(cart):
    bundle = CartBundle.objects.get(cart=cart)
    cart.refresh_from_db()
    view = selectors.cart_view(cart)
    assert sum(line.total + line.tax for line in view.lines) == view.totals.total == bundle.due_today


def ordered(cart, store):
    """The order, handed over and paid, in the core too."""
    slot = next(one for one in holds.offered_slots(store, holds.clock.now()) if one.remaining)
    choice = DeliveryChoice(pickup_store_id=store.pk, pickup_slot_id=slot_id(store.pk, slot.start))
    services.update_delivery(caller=ADA, cart_id=cart.pk, choice=choice)
    free = CartBundle.objects.get(cart=cart).due_today == 0
    order = patiently(
        lambda: completion.complete_cart(caller=ADA, cart_id=cart.pk, choices=[] if free else [CARD]).order
    )
    orders.fulfil(order_id=order.pk, serials={}, actor="test")
    goods = [(line.core_line_id, line.quantity) for line in order.lines.filter(stocked=True)]
    deliver()
    asked(lambda: core().fulfil_order(order.core_id, goods, store.core_warehouse_id, allow_short=True))
    return Order.objects.get(pk=order.pk)


def take_back(order, store, wanted):
    """Some units come back, where the rest bears its credits."""
    order.refresh_from_db()
    lines = [line for line in order.lines.order_by("position", "pk") if line.bundle_group]
    gone = {row.pk: sum(row.returned.values_list("quantity", flat=True)) for row in lines}
    left = [(line, line.quantity - gone[line.pk]) for line in lines if line.quantity > gone[line.pk]]
    if not left:
        return
    back = {}
    for pick, units in wanted:
        line, most = left[pick % len(left)]
        back[str(line.pk)] = min(units, most)
    before = OrderReturn.objects.count()
    try:
        returns.record(
            order_id=order.pk, key=f"life/{order.pk[:20]}/{before}", store_id=store.pk, actor="test",
            back=[Back(key, units) for key, units in back.items()], at=holds.clock.now(),
        )  # fmt: skip
    except ApiError as refusal:
        if refusal.code != CREDIT_EXCEEDS_BILL or OrderReturn.objects.count() != before:
            raise
        return
    event("returned")
    deliver()


def assert_order(order):
    order.refresh_from_db()
    recorded = asked(lambda: core().order(order.core_id))
    assert sum(line.total + line.tax for line in order.lines.all()) == order.total == recorded.total.gross
    given = sum((made.total for made in order.returns.all()), Decimal(0))
    assert given == sum((row.amount for made in order.returns.all() for row in made.lines.all()), Decimal(0))
    # What an old device had brought is paid out in cash: no payment brought it.
    for_old = sum((made.for_old_devices for made in order.returns.all()), Decimal(0))
    assert paid(order) == order.total - given + for_old
    # In the core: what was charged there less what was given back.
    assert sum((money.charged for money in recorded.transactions), Decimal(0)) == paid(order)
    assert sum((money.refunded for money in recorded.transactions), Decimal(0)) == given - for_old
    assert orders.amount_due(order) == 0


def paid(order):
    """What was taken and not given back."""
    return sum((one.amount - one.refunded for one in Payment.objects.filter(reference=order.pk)), Decimal(0))


def in_money(life):
    """What the customer has paid, old devices left out; what an old device brought was given back in money."""
    return sum((one.amount.amount for one in life.entries if one.kind is not changes.Kind.TRADE_IN), Decimal(0))


def step(life, act):
    """The life after an act that may be refused; sums hold either way."""
    try:
        after = act(life)
    except ApiError as refusal:
        if refusal.code not in (CREDIT_EXCEEDS_BILL, BUNDLE_ENDED, INVALID_TERM):
            raise
        return life
    assert_sums(after)
    assert after.entries == life.entries + after.last
    return after


def upgraded(life, newer):
    """The goods leave for a newer device; the lines stay."""
    now = [each.line.chosen for each in life.running if each.line.chosen is not None]
    rest = [one for one in now if one.group != "goods"]
    return changes.change(
        life, [*rest, Chosen(sku="NEW", group="goods", instance=5, terms=newer)], dt.date(2027, 10, 1)
    )


def asked(call, tries=20):
    """What the core answers, however slow it is; each of these may be asked twice."""
    for _try in range(tries):
        try:
            return call()
        except CoreUnavailable:
            time.sleep(1)
    return call()


def deliver():
    """All that waits, also what follows from it; what the core was too slow for is told again, as a worker does."""
    for _try in range(50):
        outbox.deliver_due()
        waiting = OutboxMessage.objects.filter(delivered_at=None)
        if not waiting.update(next_attempt_at=holds.clock.now()):
            return
    raise AssertionError("the outbox is never empty")


def patiently(call, tries=20):
    """What a client does while the core is too slow: it asks again, and nothing is lost."""
    for _try in range(tries):
        try:
            return call()
        except ApiError as refusal:
            if refusal.code not in (TRY_AGAIN, IN_PROGRESS):
                raise
            time.sleep(1)
    return call()
