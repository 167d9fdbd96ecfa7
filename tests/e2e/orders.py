"""Orders made over HTTP, where a test in the browser begins with one."""

from demo import documents as docs
from demo import journey
from demo.goods import accessory, till


def placed(suite, register, payment=None):
    """An order of one accessory, to be collected in the register's store; with its SKU and the clerk's API."""
    api, store_id = suite.api, register["store_id"]
    clerk = till(api, suite.facts, register)
    sku = accessory(clerk, store_id)["sku"]
    walk = journey.Walk(suite.url, suite.facts, api)
    contact = {"firstName": "Kim", "lastName": "Osei", "email": "kim@example.com", "phone": "+12125550144"}
    made = {"context": walk.context, "contact": contact, "lines": [{"sku": sku, "quantity": 1}]}
    cart_id = api.mutate(docs.CART_CREATE, input=made)["cart"]["id"]
    journey._choose_slot(walk, cart_id, store_id)
    payments = [payment or {"method": "PAY_IN_STORE"}]
    return api.mutate(docs.CART_COMPLETE, cartId=cart_id, payments=payments)["order"], sku, clerk


def ready(suite, register):
    """An order paid by card that waits for its customer in the register's store."""
    order, sku, clerk = placed(suite, register, {"method": "CARD", "token": "tok_ok"})
    pickup_id = order["pickups"][0]["id"]
    clerk.mutate(docs.PICKUP_ACCEPT, id=pickup_id)
    clerk.mutate(docs.PICKUP_SCAN, id=pickup_id, code=sku, serial=None)
    clerk.mutate(docs.PICKUP_READY, id=pickup_id)
    return order
