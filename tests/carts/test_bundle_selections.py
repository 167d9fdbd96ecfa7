"""What was chosen for a bundle, as its cart tells it: all while it can be changed, nothing after the order."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from psycopg import sql

from kernel import personal_data
from kernel.identity import GUEST
from plugins.bundles.compiled import Selected
from plugins.carts import bundles
from plugins.carts.bundle_quotes import Wish
from plugins.carts.bundle_types import CartBundleType
from plugins.carts.models import Cart, CartBundle
from tests.bundles.conftest import document, offer  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)

ADD = """mutation($id: ID!, $wish: BundleConfigurationInput!) { cartBundleAdd(cartId: $id, configuration: $wish) {
    cart { bundles { selections { sku characteristics { name value } } } } errors { code } } }"""
TOLD = (("portIn", "+15125550142"), ("pin", "4711"))
WISH = Wish("phone-plan", 24, (Selected("device", "PHONE"), Selected("plan", "PLAN", characteristics=TOLD)))


def shown(cart):
    (bundle,) = cart.bundles.all()
    return [
        Selected(
            one.group,
            one.sku,
            one.instance,
            one.quantity,
            tuple((each.name, each.value) for each in one.characteristics),
        )
        for one in CartBundleType.of(bundle, "en").selections()
    ]


def test_a_bundle_can_be_chosen_again_as_it_is(offer):  # noqa: F811
    cart = bundles.add_bundle(caller=GUEST, cart_id=offer.cart().pk, wish=WISH)
    assert sorted(shown(cart), key=lambda one: one.group) == list(WISH.selections)

    (bundle,) = cart.bundles.all()
    again = replace(WISH, selections=tuple(shown(cart)))
    cart = bundles.update_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(bundle.pk), wish=again)
    assert sorted(shown(cart), key=lambda one: one.group) == list(WISH.selections)


def test_what_was_told_is_not_told_again_after_the_order(offer):  # noqa: F811
    cart = bundles.add_bundle(caller=GUEST, cart_id=offer.cart().pk, wish=WISH)
    Cart.objects.filter(pk=cart.pk).update(state=Cart.State.COMPLETED)
    assert shown(Cart.objects.get(pk=cart.pk)) == []


def test_what_was_told_is_sealed_at_rest_in_no_log_and_erased(offer, caplog, client):  # noqa: F811
    caplog.set_level("DEBUG")
    cart = offer.cart()
    wish = {
        "offerCode": "phone-plan", "term": 24,
        "selections": [
            {"group": "device", "sku": "PHONE"},
            {"group": "plan", "sku": "PLAN", "characteristics": [
                {"name": "portIn", "value": "+15125550142"}, {"name": "pin", "value": "918273"},
            ]},
        ],
    }  # fmt: skip
    body = json.dumps({"query": ADD, "variables": {"id": cart.pk, "wish": wish}})
    answers = [
        client.post("/graphql/", body, content_type="application/json", headers={"Idempotency-Key": "k"}).json()
        for _again in range(2)
    ]
    assert answers[0] == answers[1]
    [bundle] = answers[0]["data"]["cartBundleAdd"]["cart"]["bundles"]
    assert {"name": "pin", "value": "918273"} in bundle["selections"][1]["characteristics"]

    assert "918273" not in everything_stored()
    assert "918273" not in caplog.text
    personal_data.erase(email="ada@example.com", actor="test")
    assert not CartBundle.objects.get().characteristics


def everything_stored():
    """All rows of all tables, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                sql.SQL("SELECT coalesce(string_agg(t::text, ' '), '') FROM {} t").format(sql.Identifier(table))
            )
            found.append(cursor.fetchone()[0])
    return " ".join(found)
