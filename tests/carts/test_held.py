"""Capacity that is lost after the answer: carts ask, orders wait, and everybody is told once."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.utils import translation
from django.utils.formats import date_format

from kernel import outbox
from kernel.models import AuditEntry, OutboxMessage
from plugins.carts import at_address, cancellation, emails, held, hold_handlers, selectors, tasks
from plugins.carts.models import Cart, Order, ServiceHold, ServicePromise
from plugins.serviceability import loader
from plugins.serviceability.models import CapacityReservation, DemandEntry, Premises, WorkCalendar
from plugins.serviceability.qualification import Drop
from tests.carts.lines_at_address import LATER, PROMISED, TODAY, deliver, street
from tests.counter import ADA, GUEST, counter, refused  # noqa: F401 - fixture
from tests.pickup import steps
from tests.serviceability import places

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


@pytest.fixture
def fibre(counter):  # noqa: F811
    loader.forget()
    yield street(counter)
    loader.forget()


def now(order):
    order = Order.objects.get(pk=order.pk)
    return order.status, order.promise_date


def subjects():
    return [message.subject for message in mail.outbox]


def codes(order):
    return list(order.events.values_list("code", flat=True))


# ------------------------------------------------------------------------------------------------------ carts


def test_a_placed_line_says_its_day_and_the_order_keeps_a_port(fibre):
    cart = fibre.cart()
    view = selectors.cart_view(cart)
    assert [line.available_from for line in view.lines] == [PROMISED]
    assert view.problems == []

    order = fibre.complete(cart)

    assert (order.status, order.promise_date) == ("PLACED", PROMISED)
    assert [line.available_from for line in order.lines.all()] == [PROMISED]
    port = fibre.port_of(order)
    assert (port.state, port.owner, port.needed_by) == ("CONFIRMED", f"order:{order.pk}", PROMISED)
    deliver()
    assert fibre.counter.core.metadata[order.core_id] == {"promiseDate": str(PROMISED), "held": "false"}
    assert f"Everything works from {date_format(PROMISED, 'DATE_FORMAT')} on." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("lines", "house", "code", "field"),
    [
        ([("PLAN", 1)], "H1", "INVALID", "lineIds"),
        ([("FIBER", 2)], "H1", "INVALID", "lineIds"),
        ([("FIBER", 1)], "SLOW", "SERVICE_NOT_AVAILABLE", "qualificationId"),
    ],
)
def test_what_cannot_be_placed_is_refused_and_nothing_is_promised(fibre, lines, house, code, field):
    places.premises("SLOW", places.us(9, "MAPLE"), copper=Drop.ACTIVE)
    places.loaded()
    refusal = refused(fibre.cart, *lines, house=house)
    assert (refusal.code, refusal.field) == (code, field)
    assert ServicePromise.objects.count() == 0


def test_an_answer_that_ran_out_or_is_not_there_is_refused(fibre):
    cart, kept = fibre.cart(), fibre.qualify()
    fibre.counter.clock.advance(days=20)
    place = at_address.place_services
    assert refused(place, caller=GUEST, cart_id=cart.pk, qualification_id=kept).code == "QUALIFICATION_EXPIRED"
    assert refused(place, caller=GUEST, cart_id=cart.pk, qualification_id="\0x").code == "NOT_FOUND"
    assert refused(place, caller=ADA, cart_id="none", qualification_id=kept).field == "cartId"


def test_a_cart_whose_day_moves_shows_it_and_is_ordered_only_after_it_is_accepted(fibre):
    # Given a cart that was told a day, and a network that gets later
    cart = fibre.cart()
    fibre.ports(2, moves_to=LATER)

    # Then the cart says so by itself, once for its line
    view = selectors.cart_view(Cart.objects.get(pk=cart.pk))
    assert [(one.code, one.field) for one in view.problems] == [("DATE_CHANGED", "lines.0")]
    assert view.lines[0].available_from == LATER
    # And is not ordered
    refusal = refused(fibre.complete, cart)
    assert (refusal.code, refusal.params["day"]) == ("DATE_CHANGED", str(LATER))
    assert (Order.objects.count(), CapacityReservation.objects.count()) == (0, 0)
    # Nor accepted for another day than it is
    line = str(view.lines[0].pk)
    accept = at_address.accept
    assert refused(accept, caller=GUEST, cart_id=cart.pk, line_dates=[(line, PROMISED)]).code == "DATE_CHANGED"

    # When the customer agrees
    accept(caller=GUEST, cart_id=cart.pk, line_dates=[(line, LATER)])

    # Then it is ordered for that day
    order = fibre.complete(cart)
    assert (order.promise_date, fibre.port_of(order).opening.opens_on) == (LATER, LATER)


def test_a_cart_whose_service_is_gone_says_so_and_cannot_be_accepted(fibre):
    cart = fibre.cart()
    fibre.ports(0)
    view = selectors.cart_view(Cart.objects.get(pk=cart.pk))
    assert [one.code for one in view.problems] == ["SERVICE_NOT_AVAILABLE"]
    assert view.lines[0].available_from is None
    dates = [(str(view.lines[0].pk), PROMISED)]
    assert refused(at_address.accept, caller=GUEST, cart_id=cart.pk, line_dates=dates).code == "SERVICE_NOT_AVAILABLE"
    assert refused(fibre.complete, cart).code == "SERVICE_NOT_AVAILABLE"
    assert Order.objects.count() == 0

    fibre.ports(2)
    assert selectors.cart_view(Cart.objects.get(pk=cart.pk)).problems == []


def test_an_earlier_day_is_taken_over_without_asking(fibre):
    cart = fibre.cart()
    Premises.objects.filter(pk="H1").update(fibre=Drop.EQUIPMENT)
    places.loaded()
    deliver()
    view = selectors.cart_view(Cart.objects.get(pk=cart.pk))
    assert (view.problems, view.lines[0].available_from) == ([], TODAY + dt.timedelta(days=1))


def test_the_answer_is_asked_again_before_the_order_though_nobody_told(fibre):
    cart = fibre.cart()
    fibre.counter.clock.advance(days=1)
    refusal = refused(fibre.complete, cart)
    assert (refusal.code, refusal.params["day"]) == ("DATE_CHANGED", str(PROMISED + dt.timedelta(days=1)))
    assert CapacityReservation.objects.count() == 0


def test_a_port_taken_between_asking_and_placing_refuses_the_order_and_frees_all(fibre, monkeypatch):
    cart = fibre.cart()
    fibre.order("H2")
    ask = at_address.ask_again

    def then_another_is_faster(wanted):
        ask(wanted)
        monkeypatch.setattr(at_address, "ask_again", ask)
        # Nobody has told this cart yet.
        fibre.complete(fibre.cart(house="H3"))

    monkeypatch.setattr(at_address, "ask_again", then_another_is_faster)
    assert refused(fibre.complete, cart).code == "DATE_CHANGED"
    assert (Order.objects.count(), Cart.objects.get(pk=cart.pk).state) == (2, "OPEN")
    assert refused(fibre.complete, cart).code == "SERVICE_NOT_AVAILABLE"


# ------------------------------------------------------------------------------------------------------ orders


def test_who_ordered_last_loses_and_everybody_is_told_the_same_once(fibre):
    # Given two orders with the two ports of a node
    first, last = fibre.order("H1"), fibre.order("H2", email="bob@example.com")
    mail.outbox.clear()

    # When one port is withdrawn, and the other opens later
    fibre.ports(0, opens_on=LATER)
    fibre.ports(1)

    # Then the last is on hold without a day, on the waiting list, and has one message
    assert now(first) == ("PLACED", PROMISED)
    assert now(last) == ("HELD", None)
    assert [line.available_from for line in last.lines.all()] == [None]
    assert fibre.port_of(last).state == "LOST"
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["bob@example.com"], f"Your order {last.number} is on hold")
    ]
    assert "Nobody comes" in mail.outbox[0].body
    assert list(DemandEntry.objects.values_list("email", "category", "premises")) == [
        ("bob@example.com", "BROADBAND", "H2")
    ]
    assert fibre.counter.core.metadata[last.core_id] == {"promiseDate": "", "held": "true"}
    # And any repeat tells nothing more
    for message in OutboxMessage.objects.filter(topic__in=["order.hold", "serviceability.network_changed"]):
        for handler in outbox._handlers[message.topic].values():
            handler(message.payload, message.pk)
    deliver()
    assert len(mail.outbox) == 1
    assert codes(last) == ["PLACED", "PAYMENT_AUTHORISED", "PAYMENT_CAPTURED", "HELD_WITHOUT_DATE"]

    # When a port is added that opens later
    fibre.ports(1, opens_on=LATER)

    # Then it has that port and that day, and waits on
    assert now(last) == ("HELD", LATER)
    assert fibre.port_of(last).opening.opens_on == LATER
    assert DemandEntry.objects.count() == 0
    assert len(mail.outbox) == 2
    # When the capacity is back
    fibre.ports(2)
    # Then it goes on, with the first day, and is told once
    assert now(last) == ("PLACED", PROMISED)
    assert fibre.port_of(last).opening.opens_on == TODAY
    assert [message.subject for message in mail.outbox][2:] == [f"Your order {last.number} goes on"]
    assert fibre.counter.core.metadata[last.core_id] == {"promiseDate": str(PROMISED), "held": "false"}
    assert codes(last)[-3:] == ["HELD_WITHOUT_DATE", "HELD", "HOLD_OVER"]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3


def test_a_day_that_moves_holds_the_order_until_the_port_opens(fibre):
    order = fibre.order()
    mail.outbox.clear()

    fibre.ports(2, moves_to=LATER)
    assert now(order) == ("HELD", LATER)
    assert [line.available_from for line in order.lines.all()] == [LATER]

    # Days pass without a change of the network: the day told stays, and nothing more is said
    fibre.counter.clock.advance(days=10)
    assert tasks.look_at_held_orders() == 0
    places.loaded()
    deliver()
    assert (now(order), len(mail.outbox)) == (("HELD", LATER), 1)
    # The day has come: the crew may go
    fibre.counter.clock.advance(days=4)
    assert tasks.look_at_held_orders() == 1
    deliver()
    assert (now(order), len(mail.outbox)) == (("PLACED", LATER), 2)
    places.loaded()
    deliver()
    assert now(order) == ("PLACED", LATER)


def test_days_that_pass_break_no_promise(fibre):
    order = fibre.order()
    fibre.counter.clock.advance(days=3)
    places.loaded()
    deliver()
    assert now(order) == ("PLACED", PROMISED)


def test_work_that_takes_longer_moves_the_day_and_a_line_withdrawn_leaves_none(fibre):
    order = fibre.order()
    mail.outbox.clear()
    WorkCalendar.objects.update(holidays=[str(TODAY + dt.timedelta(days=1))])
    places.loaded()
    deliver()
    assert now(order) == ("PLACED", PROMISED + dt.timedelta(days=1))
    assert subjects() == [f"Your order {order.number} has a new date"]

    Premises.objects.filter(pk="H1").update(fibre=Drop.NONE)
    places.loaded()
    deliver()
    assert now(order) == ("HELD", None)


def test_while_on_hold_nothing_is_installed_and_goods_of_it_stay(fibre):
    order = fibre.order()
    fibre.ports(0)
    manager = fibre.counter.staff("manager")
    refusal = refused(held.service_done, caller=manager, order_id=order.pk)
    assert refusal.code == "ORDER_HELD"
    assert order.promises.get().state == "HELD"

    fibre.ports(2)
    assert held.service_done(caller=manager, order_id=order.pk).status == "FULFILLED"
    assert held.service_done(caller=manager, order_id=order.pk).status == "FULFILLED"
    fibre.ports(0)
    assert now(order) == ("FULFILLED", PROMISED)


def with_goods(fibre):
    """An order of a case to collect and broadband, with its pickup accepted and picked."""
    cart = fibre.counter.held_cart(("CASE", 1), ("FIBER", 1))
    at_address.place_services(caller=GUEST, cart_id=cart.pk, qualification_id=fibre.qualify())
    order = fibre.complete(cart)
    deliver()
    (pickup,) = order.pickups.all()
    steps.accept(fibre.counter, pickup)
    steps.scan(fibre.counter, pickup, "CASE")
    return order, pickup


def test_goods_that_do_not_wait_are_handed_over_and_the_order_is_not_fulfilled(fibre):
    order, pickup = with_goods(fibre)
    fibre.ports(0)
    steps.ready(fibre.counter, pickup)
    steps.hand_over(fibre.counter, pickup)
    assert now(order) == ("HELD", None)
    assert "GOODS_HANDED_OVER" in codes(order)

    fibre.ports(2)
    assert now(order)[0] == "PARTIALLY_FULFILLED"
    assert held.service_done(caller=fibre.counter.staff("manager"), order_id=order.pk).status == "FULFILLED"


def test_goods_of_a_service_on_hold_are_not_handed_over(fibre):
    order, pickup = with_goods(fibre)
    order.lines.filter(sku="CASE").update(service=order.promises.get())
    fibre.ports(0)
    assert refused(steps.ready, fibre.counter, pickup).code == "ORDER_HELD"
    pickup.refresh_from_db()
    assert pickup.state == "PICKING"
    fibre.ports(2)
    steps.ready(fibre.counter, pickup)
    fibre.ports(0)
    assert refused(steps.hand_over, fibre.counter, pickup).code == "ORDER_HELD"
    pickup.refresh_from_db()
    assert (pickup.state, fibre.counter.on_hand("CASE")) == ("READY", 10)


def test_a_pickup_accepted_while_on_hold_is_in_progress_afterwards(fibre):
    cart = fibre.counter.held_cart(("CASE", 1), ("FIBER", 1))
    at_address.place_services(caller=GUEST, cart_id=cart.pk, qualification_id=fibre.qualify())
    order = fibre.complete(cart)
    fibre.ports(0)
    steps.accept(fibre.counter, order.pickups.get())
    assert now(order)[0] == "HELD"
    fibre.ports(2)
    assert now(order)[0] == "IN_PROGRESS"


def test_a_cancelled_order_frees_its_port_for_who_waits_and_is_told_nothing(fibre):
    first, last = fibre.order("H1"), fibre.order("H2")
    fibre.ports(1)
    mail.outbox.clear()

    cancellation.cancel(order_id=first.pk, reason="", actor="test")
    deliver()

    assert now(last) == ("PLACED", PROMISED)
    assert fibre.port_of(first).state == "RELEASED"
    assert first.promises.get().state == "ENDED"
    assert subjects() == [f"Your order {last.number} goes on"]
    fibre.ports(0)
    cancellation.cancel(order_id=last.pk, reason="", actor="test")
    fibre.ports(2)
    assert now(last)[0] == "CANCELLED"
    assert fibre.port_of(last).state == "RELEASED"


def test_a_hold_that_is_over_before_its_message_is_sent_is_told_as_it_is_now(fibre, settings):
    order = fibre.order()
    mail.outbox.clear()
    settings.EMAIL_BACKEND = "tests.carts.shop.NoMail"
    fibre.ports(0)
    fibre.ports(2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    fibre.counter.clock.advance(minutes=30)
    deliver()
    assert [message.subject for message in mail.outbox] == [f"Your order {order.number} goes on"]
    assert ServiceHold.objects.values_list("revision", "told").get() == (2, 2)


# ------------------------------------------------------------------------------------------------------ by hand


def test_a_colleague_lets_an_order_go_on_with_a_reason_and_it_stays_so(fibre):
    order = fibre.order()
    fibre.ports(0)
    manager, day = fibre.counter.staff("manager"), TODAY + dt.timedelta(days=9)
    release = held.release
    assert refused(release, caller=manager, order_id=order.pk, reason=" ", day=day).code == "REQUIRED"
    assert refused(release, caller=manager, order_id=order.pk, reason="x").field == "date"
    past = TODAY - dt.timedelta(days=1)
    assert refused(release, caller=manager, order_id=order.pk, reason="x", day=past).code == "INVALID"
    assert now(order) == ("HELD", None)

    release(caller=manager, order_id=order.pk, reason="a spare port was found", day=day)
    deliver()

    assert now(order) == ("PLACED", day)
    entry = AuditEntry.objects.get(action="order.hold_over")
    assert (entry.actor, entry.detail["reason"]) == (manager.scope, "a spare port was found")
    places.loaded()
    deliver()
    assert now(order) == ("PLACED", day)
    assert refused(release, caller=manager, order_id=order.pk, reason="x", day=day).code == "ORDER_NOT_HELD"


@pytest.mark.parametrize("who", ["guest", "shopper", "clerk"])
def test_nobody_but_a_manager_lets_go_or_reports(fibre, who):
    order = fibre.order()
    fibre.ports(0)
    caller = {"guest": GUEST, "shopper": ADA, "clerk": fibre.counter.staff("clerk")}[who]
    expected = "UNAUTHENTICATED" if who == "guest" else "PERMISSION_DENIED"
    assert refused(held.release, caller=caller, order_id=order.pk, reason="x", day=PROMISED).code == expected
    assert refused(held.service_done, caller=caller, order_id=order.pk).code == expected
    assert now(order) == ("HELD", None)


@pytest.mark.urls("storefront_api.urls")
@pytest.mark.parametrize("permissions", [[], ["view_servicehold"], ["view_servicehold", "change_servicehold"]])
def test_the_admin_lists_orders_on_hold_and_lets_one_go(fibre, client, permissions):
    order = fibre.order()
    fibre.ports(0)
    user = User.objects.create_user("colleague", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    page = f"/admin/carts/servicehold/{order.pk}/change/"
    assert client.get("/admin/carts/servicehold/").status_code == (200 if permissions else 403)
    assert (order.number in client.get(page).content.decode()) == bool(permissions)
    if len(permissions) < 2:
        assert client.post(page, {"reason": "x", "day": str(LATER)}).status_code == 403
        assert now(order) == ("HELD", None)
        return

    refusal = client.post(page, {"reason": "a spare port", "day": ""}, follow=True).content.decode()
    assert "Say the day that is promised to the customer." in refusal
    assert "successfully" not in refusal
    assert now(order) == ("HELD", None)
    assert client.post(page, {"reason": "a spare port", "day": str(LATER)}).status_code == 302
    assert now(order) == ("PLACED", LATER)
    assert client.post(page, {"reason": "again", "day": str(LATER)}).status_code == 403
    assert AuditEntry.objects.get(action="order.hold_over").actor == f"admin:{user.pk}"


def test_an_order_without_services_has_nothing_to_install(fibre):
    order = fibre.counter.order(("CASE", 1))
    manager = fibre.counter.staff("manager")
    assert refused(held.service_done, caller=manager, order_id=order.pk).code == "NOTHING_TO_INSTALL"


# ------------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(("language", "words"), [("en", "on hold"), ("zh-hans", "暂停")])
def test_the_message_is_in_the_customers_language(fibre, language, words):
    order = fibre.order()
    fibre.ports(2, moves_to=LATER)
    mail.outbox.clear()
    Order.objects.filter(pk=order.pk).update(language=language)
    order.refresh_from_db()
    emails.send_hold(order, order.hold)
    (message,) = mail.outbox
    assert words in message.subject
    assert "16" in message.body
    assert "16" in message.alternatives[0][0]
    with translation.override(language):
        assert translation.get_language() == language


def test_the_core_that_refuses_a_date_is_noted_for_a_person(fibre):
    from commerce.errors import CoreRefused

    order = fibre.order()
    fibre.counter.core.fail("update_metadata", error=CoreRefused("NOT_FOUND", "gone", "id"))
    hold_handlers.tell_core({"order_id": order.pk}, 1)
    assert AuditEntry.objects.filter(action="order.core_date_refused").count() == 1
