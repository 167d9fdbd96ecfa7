"""The confirmation by e-mail, in the customer's language."""

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext

from plugins.carts import emails
from plugins.pickup.selectors import hand_over_code
from tests.carts.shop import IN_STORE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


def confirmation(shop, language):
    cart = shop.cart(("PHONE", 1), ("PLAN", 1))
    cart.language = language
    cart.save()
    shop.collect(cart)
    order = shop.complete(cart, IN_STORE).order
    emails.send_confirmation(order)
    (message,) = mail.outbox
    return order, message, message.body, message.alternatives[0][0]


def test_the_confirmation_names_everything_but_the_code(shop):
    order, message, text, html = confirmation(shop, "en")

    assert message.subject == f"Your order {order.number}"
    assert order.number in message.extra_headers["Message-ID"]
    for body in (text, html):
        assert "1 Congress Ave" in body
        assert "575.17 USD" in body
        assert "Every month" in body
        assert "11 a.m." in body
        assert "You pay 575.17 USD when you collect." in body
        for pickup in order.pickups.all():
            assert hand_over_code(pickup) not in body


def test_the_confirmation_speaks_chinese(shop):
    with translation.override("zh-hans"):
        if gettext("Subtotal") == "Subtotal":
            pytest.skip("The translations are not compiled.")

    order, message, text, html = confirmation(shop, "zh-hans")

    assert message.subject.endswith(order.number)
    assert not message.subject.startswith("Your order")
    for body in (text, html):
        assert "2026年3月2日" in body
        assert "Subtotal" not in body
        assert "Collect" not in body


def test_without_an_address_nothing_is_sent(shop):
    order = shop.complete(shop.ready_cart(), IN_STORE).order
    order.email = ""

    emails.send_confirmation(order)

    assert mail.outbox == []
