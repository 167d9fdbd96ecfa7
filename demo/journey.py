"""`make journey`: a shopper and a clerk walk through the whole suite over HTTP; each step says what it saw.

Runs against the server on PORT, or starts one of its own in a folder that is thrown away.
"""

import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from demo import documents as docs
from demo.client import Api, JourneyError
from demo.server import facts_of, server


@dataclass
class Walk:
    """The walker's memory: the demonstration's facts and what earlier steps found."""

    url: str
    facts: dict[str, Any]
    shopper: Api
    found: dict[str, Any] = field(default_factory=dict)
    clerk: Api | None = None

    @property
    def context(self) -> dict[str, Any]:
        return {"channel": self.facts["channel"]}

    @property
    def till(self) -> Api:
        if self.clerk is None:
            raise JourneyError("nobody has signed in at the register")
        return self.clerk


Step = tuple[str, Callable[[Walk], str]]


def walk(url: str, facts: dict[str, Any], say: Callable[[str], None] = print) -> int:
    """Take every step; returns how many failed (the walk ends at the first)."""
    walker = Walk(url, facts, Api(url))
    started = time.monotonic()
    for number, (name, step) in enumerate(STEPS, start=1):
        begun = time.monotonic()
        try:
            result, mark = step(walker), "ok  "
        except (JourneyError, httpx.HTTPError, KeyError, IndexError, TypeError, StopIteration) as error:
            result, mark = f"{type(error).__name__}: {error}", "FAIL"
        milliseconds = (time.monotonic() - begun) * 1000
        say(f"{mark} {number:2d}. {name:<34} {milliseconds:7.0f} ms  {result}")
        if mark == "FAIL":
            say(f"\nThe journey failed at step {number}: {name}.")
            return 1
    say(f"\nThe journey passed: {len(STEPS)} steps in {time.monotonic() - started:.1f} s.")
    return 0


def _expect(condition: object, what: str) -> None:
    if not condition:
        raise JourneyError(what)


# ---------------------------------------------------------------- the shopper


def _health(walk: Walk) -> str:
    answer = walk.shopper.http.get("/health/")
    _expect(answer.status_code == 200, f"HTTP {answer.status_code}")
    return str(answer.json()["status"])


def _search(walk: Walk) -> str:
    result = walk.shopper.query(docs.SEARCH, context=walk.context, input={"text": "pixel", "first": 5})
    _expect(result["totalCount"] > 0, "nothing found for pixel")
    # A core of somebody else may have a brand of its own, which is then no dimension.
    offered = {d["name"]: {v["value"]: v["count"] for v in d["values"]} for d in result["dimensions"] if d["values"]}
    _expect(offered, "no dimension to narrow down by")
    dimension = "brand" if "brand" in offered else next(iter(offered))
    value, count = max(offered[dimension].items(), key=lambda item: item[1])
    refined = walk.shopper.query(
        docs.SEARCH,
        context=walk.context,
        input={"text": "pixel", "refinements": [{"dimension": dimension, "values": [value]}]},
    )
    _expect(refined["totalCount"] == count, f"the facet said {count} of {value}, the result {refined['totalCount']}")
    first = result["edges"][0]["node"]["name"]
    return f"{result['totalCount']} products, first {first}; {value} {count} as its facet said"


def _correction(walk: Walk) -> str:
    result = walk.shopper.query(docs.SEARCH, context=walk.context, input={"text": "pixle", "first": 3})
    _expect(result["correction"] and result["totalCount"], "a typing error was not corrected")
    return f"pixle was read as {result['correction']['corrected']}: {result['totalCount']} products"


def _typeahead(walk: Walk) -> str:
    result = walk.shopper.query(docs.TYPEAHEAD, context=walk.context, prefix="gal")
    _expect(result["products"] or result["queries"], "no suggestion for gal")
    return ", ".join([*result["queries"], *(p["name"] for p in result["products"])][:4])


def _product(walk: Walk) -> str:
    serial = walk.facts["serials"][0]
    walk.found["serial"] = serial
    product = walk.shopper.query(docs.PRODUCT, context=walk.context, sku=serial["sku"])
    walk.found["product"] = product
    return f"{product['name']} from {product['price']['amount']}, {len(product['variants'])} variants"


def _stores(walk: Walk) -> str:
    page = walk.shopper.query(docs.STORES, near={"latitude": 40.758, "longitude": -73.985})
    nodes = [edge["node"] for edge in page["edges"]]
    _expect(nodes[0]["distanceKm"] <= nodes[-1]["distanceKm"], "stores are not in order of distance")
    return f"nearest {nodes[0]['name']} at {nodes[0]['distanceKm']:.1f} km"


def _availability(walk: Walk) -> str:
    serial = walk.found["serial"]
    answer = walk.shopper.query(docs.AVAILABILITY, skus=[serial["sku"]], storeIds=[serial["store_id"]])
    walk.found["quantity"] = answer[0]["stores"][0]["quantity"]
    _expect(walk.found["quantity"] > 0, "the demonstration's unit is not available")
    return f"{walk.found['quantity']} in {answer[0]['stores'][0]['store']['name']}"


def _cart(walk: Walk) -> str:
    made = {"context": walk.context, "lines": [{"sku": walk.found["serial"]["sku"], "quantity": 1}]}
    key = str(uuid.uuid4())
    cart = walk.shopper.mutate(docs.CART_CREATE, key=key, input=made)["cart"]
    again = walk.shopper.mutate(docs.CART_CREATE, key=key, input=made)["cart"]
    _expect(cart["id"] == again["id"], "the same Idempotency-Key made a second cart")
    walk.found["cart"] = cart
    return f"total {cart['total']['amount']} {cart['total']['currency']}, repeated once with the same key"


def _refusals(walk: Walk) -> str:
    cart_id = walk.found["cart"]["id"]
    line_id = walk.found["cart"]["lines"][0]["id"]
    lines = [
        walk.shopper.refused(docs.LINES_ADD, cartId=cart_id, lines=[{"sku": "NO-SUCH-SKU", "quantity": 1}]),
        walk.shopper.refused(
            docs.LINES_ADD, cartId=cart_id, lines=[{"sku": walk.found["serial"]["sku"], "quantity": -1}]
        ),
        walk.shopper.refused(docs.LINES_UPDATE, cartId=cart_id, lines=[{"lineId": line_id, "quantity": 100_000}]),
        walk.shopper.refused(docs.CART_COMPLETE, cartId=cart_id, payments=[{"method": "PAY_IN_STORE"}]),
        walk.shopper.refused(docs.QUEUE, storeId=walk.found["serial"]["store_id"]),
    ]
    _expect(lines[-1] == "UNAUTHENTICATED", f"the pickup queue answered a guest with {lines[-1]}")
    return ", ".join(lines)


def _contact(walk: Walk) -> str:
    contact = {"firstName": "Ines", "lastName": "Moreau", "email": "ines@example.com", "phone": "+12125550142"}
    walk.shopper.mutate(docs.CART_CONTACT, cartId=walk.found["cart"]["id"], contact=contact)
    return "Ines Moreau"


def _delivery(walk: Walk) -> str:
    walk.found["slot"] = _choose_slot(walk, walk.found["cart"]["id"], walk.found["serial"]["store_id"])
    return f"collection from {walk.found['slot']['start']}"


def _choose_slot(walk: Walk, cart_id: str, store_id: str) -> dict[str, Any]:
    store = _point_of(walk, store_id)
    options = walk.shopper.query(docs.PICKUP_OPTIONS, cartId=cart_id, near=store)
    option = next(option for option in options if option["store"]["id"] == store_id)
    slot: dict[str, Any] = next(slot for slot in option["slots"] if slot["remaining"] > 0)
    cart = walk.shopper.mutate(
        docs.CART_DELIVERY, cartId=cart_id, delivery={"pickupStoreId": store_id, "pickupSlotId": slot["id"]}
    )["cart"]
    _expect(cart["reservedUntil"], "nothing was reserved")
    return slot


def _point_of(walk: Walk, store_id: str) -> dict[str, float]:
    page = walk.shopper.query("{ stores(first: 100) { edges { node { id latitude longitude } } } }")
    node = next(edge["node"] for edge in page["edges"] if edge["node"]["id"] == store_id)
    return {"latitude": node["latitude"], "longitude": node["longitude"]}


def _reserved(walk: Walk) -> str:
    serial = walk.found["serial"]
    answer = walk.shopper.query(docs.AVAILABILITY, skus=[serial["sku"]], storeIds=[serial["store_id"]])
    stores = answer[0]["stores"]
    quantity = stores[0]["quantity"] if stores else 0
    _expect(
        quantity == walk.found["quantity"] - 1, f"{quantity} available after reserving 1 of {walk.found['quantity']}"
    )
    return f"{quantity} left for everybody else"


def _complete(walk: Walk) -> str:
    payments = [{"method": "PAY_IN_STORE"}]
    payload = walk.shopper.mutate(docs.CART_COMPLETE, cartId=walk.found["cart"]["id"], payments=payments)
    order = walk.found["order"] = payload["order"]
    _expect(order["total"] == {"amount": walk.found["cart"]["total"]["amount"]}, "the order's total is not the cart's")
    code = order["pickups"][0]["handOverCode"]
    _expect(code, "no pickup code")
    again = walk.shopper.mutate(docs.CART_COMPLETE, cartId=walk.found["cart"]["id"], payments=payments)
    _expect(again["order"]["number"] == order["number"], "completing twice made two orders")
    return f"order {order['number']} (core {order['coreNumber']}), completed twice, one order"


def _order_by_number(walk: Walk) -> str:
    number = walk.found["order"]["number"]
    found = walk.shopper.query(docs.ORDER_BY_NUMBER, number=number, contact="INES@example.com")
    _expect(found and not found["pickups"][0]["handOverCode"], "not found, or its pickup code was shown")
    other = walk.shopper.query(docs.ORDER_BY_NUMBER, number=number, contact="somebody@example.com")
    _expect(other is None, "a stranger found the order")
    return f"{found['status']}, without the pickup code"


# ---------------------------------------------------------------- the clerk


def _pos_sign_in(walk: Walk) -> str:
    store_id = walk.found["serial"]["store_id"]
    register = next(r for r in walk.facts["registers"] if r["store_id"] == store_id)
    clerk = next(member for member in walk.facts["staff"] if member["role"] == "clerk")
    wrong = walk.shopper.refused(
        docs.POS_SIGN_IN, registerToken=register["token"], staffCode=clerk["code"], pin="000000"
    )
    payload = walk.shopper.mutate(
        docs.POS_SIGN_IN, registerToken=register["token"], staffCode=clerk["code"], pin=clerk["pin"]
    )
    walk.clerk = walk.shopper.signed_in(payload["token"])
    walk.found["register"] = register
    walk.found["shift"] = payload["currentShift"] and payload["currentShift"]["id"]
    return f"{payload['staffName']} at {payload['store']['name']} (a wrong PIN: {wrong})"


def _shift_open(walk: Walk) -> str:
    if walk.found["shift"]:
        return "a shift was open already"
    register = walk.found["register"]
    opened = {
        "clientId": str(uuid.uuid4()), "storeId": register["store_id"], "registerId": register["register_id"],
        "occurredAt": _now(), "openingFloat": "150.00",
    }  # fmt: skip
    shift = walk.till.mutate(docs.SHIFT_OPEN, input=opened)["shift"]
    walk.found["shift"] = shift["id"]
    walk.found["cash"] = Decimal(shift["openingFloat"])
    return f"float {shift['openingFloat']}"


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _queue(walk: Walk) -> str:
    page = walk.till.query(docs.QUEUE, storeId=walk.found["serial"]["store_id"], states=["PLACED"])
    number = walk.found["order"]["number"]
    pickup = next(edge["node"] for edge in page["edges"] if edge["node"]["orderNumber"] == number)
    _expect(not pickup["handOverCode"], "the clerk was shown the pickup code")
    walk.found["pickup"] = pickup
    return f"{len(page['edges'])} waiting, {number} among them, due {pickup['amountDue']['amount']}"


def _accept(walk: Walk) -> str:
    return str(walk.till.mutate(docs.PICKUP_ACCEPT, id=walk.found["pickup"]["id"])["pickup"]["state"])


def _scan(walk: Walk) -> str:
    pickup_id, serial = walk.found["pickup"]["id"], walk.found["serial"]
    wrong = walk.till.refused(docs.PICKUP_SCAN, id=pickup_id, code=serial["sku"], serial="490154203237518")
    pickup = walk.till.mutate(docs.PICKUP_SCAN, id=pickup_id, code=serial["sku"], serial=serial["imei"])["pickup"]
    _expect(pickup["lines"][0]["picked"] == 1, "the scanned unit was not counted")
    return f"IMEI {serial['imei']} picked (another one: {wrong})"


def _ready(walk: Walk) -> str:
    return str(walk.till.mutate(docs.PICKUP_READY, id=walk.found["pickup"]["id"])["pickup"]["state"])


def _pay_in_store(walk: Walk) -> str:
    pickup = walk.found["pickup"]
    early = walk.till.refused(docs.PICKUP_HAND_OVER, id=pickup["id"], code=_code(walk), collectedBy="Ines Moreau")
    due = pickup["amountDue"]["amount"]
    sale = {
        "clientId": str(uuid.uuid4()), "shiftId": walk.found["shift"], "occurredAt": _now(), "currency": "USD",
        "total": due, "taxTotal": "0", "orderId": pickup["orderId"], "lines": [],
        "tenders": [{"method": "CASH", "amount": due}],
    }  # fmt: skip
    for replayed in (False, True):
        result = walk.till.mutate(docs.POS_SYNC, input={"sales": [sale]})["sales"][0]
        _expect(not result["errors"], str(result["errors"]))
        _expect(result["replayed"] is replayed, "the repeated payment was taken twice")
    walk.found["cash"] = walk.found.get("cash", Decimal(0)) + Decimal(due)
    return f"{due} in cash, sent twice, taken once (hand-over before: {early})"


def _code(walk: Walk) -> str:
    return str(walk.found["order"]["pickups"][0]["handOverCode"])


def _hand_over(walk: Walk) -> str:
    pickup_id = walk.found["pickup"]["id"]
    wrong = walk.till.refused(docs.PICKUP_HAND_OVER, id=pickup_id, code="WRONG000", collectedBy="Ines Moreau")
    pickup = walk.till.mutate(docs.PICKUP_HAND_OVER, id=pickup_id, code=_code(walk), collectedBy="Ines Moreau")[
        "pickup"
    ]
    _expect(pickup["state"] == "HANDED_OVER", pickup["state"])
    return f"{pickup['state']} (a wrong code: {wrong})"


def _sold(walk: Walk) -> str:
    answer = walk.till.query(docs.LOOKUP, context=walk.context, code=walk.found["serial"]["imei"])
    _expect(answer["serialState"] == "SOLD", f"the unit is {answer['serialState']}")
    order = walk.shopper.query(docs.ORDER_QUERY, id=walk.found["order"]["id"])
    _expect(order["status"] == "FULFILLED", order["status"])
    return f"the unit is SOLD, the order {order['status']}"


def _cash_sale(walk: Walk) -> str:
    store_id = walk.found["serial"]["store_id"]
    items = walk.till.query(docs.POS_CATALOGUE, storeId=store_id, first=5000)["items"]
    item = next(
        item for item in items if item["quantity"] > 0 and not item["serialised"] and item["sku"].startswith("ACC")
    )
    price = Decimal(item["price"])
    tax = (price * Decimal(item["taxRate"])).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    sale = {
        "clientId": str(uuid.uuid4()), "shiftId": walk.found["shift"], "occurredAt": _now(), "currency": "USD",
        "total": str(price + tax), "taxTotal": str(tax),
        "lines": [{"sku": item["sku"], "quantity": 1, "unitPrice": str(price), "tax": str(tax)}],
        "tenders": [{"method": "CASH", "amount": str(price + tax)}],
    }  # fmt: skip
    result = walk.till.mutate(docs.POS_SYNC, input={"sales": [sale]})["sales"][0]
    _expect(not result["errors"], str(result["errors"]))
    _expect(not result["exceptions"], str(result["exceptions"]))
    walk.found["cash"] += price + tax
    return f"{item['sku']} for {price + tax}: {result['order']['number']}"


def _shift_close(walk: Walk) -> str:
    closing = {"clientId": str(uuid.uuid4()), "shiftId": walk.found["shift"], "occurredAt": _now()}
    counted = {**closing, "countedCash": str(walk.found["cash"]), "reason": "counted by the journey"}
    shift = walk.till.mutate(docs.SHIFT_CLOSE, input=counted)["shift"]
    _expect(
        Decimal(shift["difference"]) == Decimal(shift["countedCash"]) - Decimal(shift["expectedCash"]),
        "the difference is not counted less expected",
    )
    return f"expected {shift['expectedCash']}, counted {shift['countedCash']}, difference {shift['difference']}"


# ---------------------------------------------------------------- a customer with an account


def _sign_in(walk: Walk) -> str:
    account = walk.facts["shopper"]
    wrong = walk.shopper.refused(docs.SIGN_IN, email=account["email"], password="not the password")
    payload = _sign_in_after_a_wrong_one(walk, account)
    walk.shopper = walk.shopper.signed_in(payload["token"])
    me = walk.shopper.query(docs.ME)
    return f"{me['firstName']} ({me['email']}); a wrong password: {wrong}"


def _sign_in_after_a_wrong_one(walk: Walk, account: dict[str, str]) -> Any:
    """Saleor makes whoever was wrong wait for some seconds, and the suite says TRY_AGAIN."""
    for seconds in (2, 4, 8):
        try:
            return walk.shopper.mutate(docs.SIGN_IN, email=account["email"], password=account["password"])
        except JourneyError as error:
            if "TRY_AGAIN" not in str(error):
                raise
            time.sleep(seconds)
    raise JourneyError("the core lets nobody sign in any more")


def _card_order(walk: Walk) -> str:
    store_id = walk.found["serial"]["store_id"]
    page = walk.till.query(docs.POS_CATALOGUE, storeId=store_id, first=5000)
    sku = next(i["sku"] for i in page["items"] if i["quantity"] > 1 and i["sku"].startswith("ACC"))
    made = {
        "context": walk.context,
        "contact": {"email": walk.facts["shopper"]["email"], "phone": "+12125550143"},
        "lines": [{"sku": sku, "quantity": 1}],
    }
    cart = walk.shopper.mutate(docs.CART_CREATE, input=made)["cart"]
    _choose_slot(walk, cart["id"], store_id)
    declined = walk.shopper.refused(
        docs.CART_COMPLETE, cartId=cart["id"], payments=[{"method": "CARD", "token": "tok_declined"}]
    )
    payments = [{"method": "CARD", "token": "tok_ok"}]
    order = walk.shopper.mutate(docs.CART_COMPLETE, cartId=cart["id"], payments=payments)["order"]
    walk.found["card_order"] = order
    return f"order {order['number']}, {order['payments'][0]['state']} (a declined card: {declined})"


def _cancel(walk: Walk) -> str:
    order = walk.shopper.mutate(docs.ORDER_CANCEL, id=walk.found["card_order"]["id"])["order"]
    _expect(order["status"] == "CANCELLED", order["status"])
    return f"{order['status']}, payment {order['payments'][0]['state']}, pickup {order['pickups'][0]['state']}"


STEPS: list[Step] = [
    ("the suite is ready", _health),
    ("search with true facet counts", _search),
    ("search with a typing error", _correction),
    ("suggestions while typing", _typeahead),
    ("a product", _product),
    ("stores near me", _stores),
    ("live stock in a store", _availability),
    ("a cart", _cart),
    ("what is refused", _refusals),
    ("contact", _contact),
    ("a store and a slot", _delivery),
    ("the stock is reserved", _reserved),
    ("the order, to be paid in store", _complete),
    ("find the order as a guest", _order_by_number),
    ("clerk signs in", _pos_sign_in),
    ("clerk opens a shift", _shift_open),
    ("pickup queue", _queue),
    ("accept", _accept),
    ("scan the unit", _scan),
    ("ready", _ready),
    ("customer pays in cash", _pay_in_store),
    ("hand over", _hand_over),
    ("one truth afterwards", _sold),
    ("a cash sale", _cash_sale),
    ("shopper signs in", _sign_in),
    ("an order paid by card", _card_order),
    ("cancel it", _cancel),
    ("clerk closes the shift", _shift_close),
]


# ---------------------------------------------------------------- where to walk


def main() -> int:
    with server() as (url, environment):
        return walk(url, facts_of(environment))


if __name__ == "__main__":
    sys.exit(main())
