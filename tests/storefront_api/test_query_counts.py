"""Lists are read in a fixed number of queries, however long they are."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import services as inventory
from plugins.carts import services
from plugins.catalogue.models import Product
from plugins.guided_search import loader
from tests.counter import ADA, article
from tests.inventory.goods import imei

MONEY = "{ amount currency }"
STORE = "{ id name openNow hours { weekday opens closes } }"
PRODUCT = f"id name price {MONEY} monthlyPriceFrom {{ term }} attributes {{ name }} variants {{ sku price {MONEY} }}"
CART = f"id lines {{ sku total {MONEY} }} deliveries {{ pickupStore {STORE} pickupSlot {{ remaining }} }} total {MONEY}"
PICKUP = f"id state store {STORE} orderNumber lines {{ sku serials }} amountDue {MONEY}"
ORDER = f"id lines {{ sku }} payments {{ state }} timeline {{ label }} pickups {{ {PICKUP} handOverCode }}"


def more_products(front):
    seq = itertools.count(100)
    for number in range(6):
        article(front.counter.channel, front.counter.core, seq, f"CASE-{number}", "ACCESSORY", "9.99", "0.0825")
    Product.objects.update(category_slugs=["all"])
    loader.forget()


def more_stores(_front):
    for number in range(6):
        inventory.upsert_store(
            code=f"extra-{number}",
            name=f"Extra {number}",
            street_address="2 Main St",
            city="Austin",
            postal_code="78701",
            country_area="TX",
            country="US",
            latitude=30.3,
            longitude=-97.7,
            timezone="America/Chicago",
            hours=[{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 8)],
            core_warehouse_id=f"extra-{number}",
        )


def more_orders(front):
    serials = [imei() for _ in range(4)]
    inventory.receive(
        store_id=front.counter.store.pk, sku="PHONE", quantity=4, serials=serials, source_key="more", actor="test"
    )
    for _ in range(4):
        front.counter.order(("PHONE", 1), ("CASE", 1), method="CARD", caller=ADA)


def more_carts(front):
    for _ in range(4):
        services.create_cart(
            caller=ADA,
            channel=front.counter.channel,
            sales_channel="WEB",
            lines=[("PHONE", 1), ("CASE", 2)],
            contact=None,
        )


# These are read one by one: so many queries for each.
FOR_EACH = {"my orders": 5, "my carts": 2}
QUESTIONS = {
    "search": (
        "ada",
        f'{{ guidedSearch(context: {{channel: "us"}}, input: {{}}) {{ edges {{ node {{ {PRODUCT} }} }} }} }}',
        more_products,
    ),
    "typeahead": (
        "guest",
        f'{{ typeahead(context: {{channel: "us"}}, prefix: "cas") {{ products {{ {PRODUCT} }} }} }}',
        more_products,
    ),
    "posCatalogue": (
        "clerk",
        '{ posCatalogue(storeId: "STORE") { items { sku attributes { name } quantity } removedSkus } }',
        more_products,
    ),
    "stores": ("guest", f"{{ stores(first: 100) {{ edges {{ node {STORE} }} }} }}", more_stores),
    "availability": (
        "guest",
        f'{{ availability(skus: ["CASE", "PHONE"], first: 50) {{ sku stores {{ quantity store {STORE} }} }} }}',
        more_stores,
    ),
    "my orders": ("ada", f"{{ me {{ orders {{ edges {{ node {{ {ORDER} }} }} }} }} }}", more_orders),
    "my carts": ("ada", f"{{ me {{ carts {{ {CART} }} }} }}", more_carts),
    "pickupQueue": (
        "clerk",
        f'{{ pickupQueue(storeId: "STORE") {{ edges {{ node {{ {PICKUP} }} }} }} }}',
        more_orders,
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_longer_list_asks_no_more(front, name):
    who, query, more = QUESTIONS[name]
    query = query.replace("STORE", front.counter.store.pk)
    front.counter.order(("PHONE", 1), ("CASE", 1), method="CARD", caller=ADA)
    services.create_cart(
        caller=ADA, channel=front.counter.channel, sales_channel="WEB", lines=[("PHONE", 1), ("CASE", 1)], contact=None
    )
    front.ask(query, who=who)  # What is kept in memory is read once.
    short, few = asked(front, query, who)
    more(front)
    front.ask(query, who=who)
    long, many = asked(front, query, who)
    assert len(str(long)) > len(str(short))
    allowed = 4 * FOR_EACH.get(name, 0)
    assert len(many) <= len(few) + allowed, "\n".join(entry["sql"][:200] for entry in many)


def asked(front, query, who):
    with CaptureQueriesContext(connection) as queries:
        body = front.ask(query, who=who)
    assert "errors" not in body, body
    return body, queries.captured_queries
