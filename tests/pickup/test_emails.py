"""What the customer is told, in the language of the order and the time of the store."""

import pytest
from django.core import mail

from kernel import outbox
from plugins.carts.models import Order
from plugins.pickup import selectors, services
from tests.pickup.steps import hand_over, make_ready, reject

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(counter):
    """What is sent from now on, the order's confirmation aside."""

    def deliver():
        outbox.deliver_due()
        return [message for message in mail.outbox if "confirm" not in message.subject.lower()]

    return deliver


def last(messages, word):
    return [message for message in messages if word in message.subject]


def test_ready_with_code_place_and_last_moment(counter, sent):
    pickup = make_ready(counter)

    [message] = last(sent(), "ready to collect")

    number = pickup.order.number
    assert (message.to, message.subject) == (["ada@example.com"], f"Order {number} is ready to collect")
    [(html, kind)] = message.alternatives
    for text in (message.body, html):
        assert selectors.code_of(pickup) in text
        assert "1 Congress Ave" in text
        assert "6 p.m." in text
        assert "Phone" in text
    assert kind == "text/html"


def test_rejected_with_the_reason(counter, sent):
    reject(counter, counter.pickup(("CASE", 1)), reason="The box is <broken>")

    [message] = last(sent(), "cannot be prepared")

    assert "The box is <broken>" in message.body
    assert "&lt;broken&gt;" in message.alternatives[0][0]


def test_expired(counter, sent):
    make_ready(counter)
    counter.clock.advance(days=6)
    services.expire_due()

    [message] = last(sent(), "was not collected")

    assert "cancelled" in message.body


def test_each_is_sent_once_and_the_hand_over_needs_none(counter, sent):
    pickup = make_ready(counter)
    hand_over(counter, pickup)

    sent()
    messages = sent()

    assert len(last(messages, pickup.order.number)) == len({message.subject for message in messages})


def test_somebody_without_an_address_gets_none(counter, sent):
    pickup = make_ready(counter)
    Order.objects.filter(pk=pickup.order_id).update(email="")

    assert last(sent(), "ready to collect") == []
    assert outbox.pending() == 0
