"""How often a customer's cart and order ask the database: what a shopper waits for besides the core."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.identity import GUEST
from plugins.carts import services
from plugins.carts.services import DeliveryChoice

# The transactions are real ones, so that their BEGIN and COMMIT count as in a shop.
pytestmark = pytest.mark.django_db(transaction=True)

TWO = (("PHONE", 1), ("CASE", 2))


def statements(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured]


def commits(asked: list[str]) -> int:
    """How often something is on the disk before it goes on: transactions, and writes outside of any."""
    alone, inside = 0, False
    for sql in asked:
        if sql in ("BEGIN", "COMMIT"):
            inside = sql == "BEGIN"
        elif not inside and not sql.startswith("SELECT"):
            alone += 1
    return alone + asked.count("COMMIT")


def test_a_cart_is_made_with_its_lines_in_eight_statements(shop):
    assert len(statements(lambda: shop.cart(*TWO))) == 8


def test_a_cart_grows_by_any_number_of_lines_in_as_many_statements(shop):
    one = statements(lambda: shop.cart(("CASE", 1)))

    assert len(statements(lambda: shop.cart(*TWO))) == len(one)


def test_lines_are_added_to_a_cart_in_thirteen_statements(shop):
    cart = shop.cart(("PHONE", 1))

    def add():
        services.add_lines(caller=GUEST, cart_id=cart.pk, lines=[("CASE", 2)])

    assert len(statements(add)) == 13


def test_store_and_time_are_kept_in_sixteen_statements(shop):
    cart = shop.cart(*TWO)
    choice = DeliveryChoice(shop.stores[0].pk)

    asked = statements(lambda: services.update_delivery(caller=GUEST, cart_id=cart.pk, choice=choice))

    assert len(asked) == 16
    assert not [sql for sql in asked if sql.startswith("SAVEPOINT")]


def test_an_order_is_placed_in_forty_three_statements(shop):
    """Of these four are the card provider's, which stands in the same database here."""
    cart = shop.ready_cart(*TWO)

    asked = statements(lambda: shop.complete(cart))

    assert len(asked) == 43
    assert commits(asked) == 11
    assert not [sql for sql in asked if sql.startswith("SAVEPOINT")]


def test_an_order_of_more_lines_asks_no_more(shop):
    carts = [shop.ready_cart(("CASE", 1)), shop.ready_cart(*TWO)]

    one, two = (statements(lambda cart=cart: shop.complete(cart)) for cart in carts)

    assert len(one) == len(two)
