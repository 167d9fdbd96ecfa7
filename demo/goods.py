"""What a walk in the browser buys and sells: a unit that lies in a store, its product, and a register there."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from demo import serials
from demo.client import Api, JourneyError

PRODUCT = """query ($context: ContextInput!, $sku: String!) { product(context: $context, sku: $sku) {
  name slug brand variants { sku name attributes { name label values } } } }"""
STORES = """query ($country: String) { stores(first: 100, country: $country) {
  edges { node { id name postalCode latitude longitude } } } }"""
POS_CATALOGUE = """query ($storeId: ID!) { posCatalogue(storeId: $storeId, first: 5000) {
  items { sku name price taxRate serialised quantity } } }"""
SIGN_IN = """mutation ($registerToken: String!, $staffCode: String!, $pin: String!) {
  posSignIn(registerToken: $registerToken, staffCode: $staffCode, pin: $pin) { token errors { code message } } }"""

RECEIVE = """mutation ($input: StockDeliveryUnannouncedInput!) {
  stockDeliveryReceiveUnannounced(input: $input) { delivery { id } errors { code message } } }"""

# Numbers of units that neither the opening stock nor the deliveries reach, nor second IMEIs.
FRESH_UNITS: Final = range(410_000, 500_000)


@dataclass(frozen=True)
class Goods:
    """A unit for sale (`sku`, `imei`, `store_id`) with the product and the store around it."""

    serial: dict[str, str]
    product: dict[str, Any]
    store: dict[str, Any]

    @property
    def variant(self) -> dict[str, Any]:
        found: dict[str, Any] = next(v for v in self.product["variants"] if v["sku"] == self.serial["sku"])
        return found


def goods(api: Api, facts: dict[str, Any], serial: dict[str, str]) -> Goods:
    """Everything about that unit that a shopper sees. Raises JourneyError when the suite does not know it."""
    product = api.query(PRODUCT, context={"channel": facts["channel"]}, sku=serial["sku"])
    return Goods(serial, product, store_of(api, serial["store_id"]))


def store_of(api: Api, store_id: str) -> dict[str, Any]:
    page = api.query(STORES)
    found: dict[str, Any] = next(edge["node"] for edge in page["edges"] if edge["node"]["id"] == store_id)
    return found


def registers_in(api: Api, facts: dict[str, Any], country: str) -> list[dict[str, Any]]:
    """The registers of a country's stores: each country sells in a channel of its own."""
    ids = {edge["node"]["id"] for edge in api.query(STORES, country=country)["edges"]}
    return [register for register in facts["registers"] if register["store_id"] in ids]


def register_of(facts: dict[str, Any], store_id: str, number: int = 1) -> dict[str, Any]:
    """The store's register of that number, counted from 1."""
    found: dict[str, Any] = [r for r in facts["registers"] if r["store_id"] == store_id][number - 1]
    return found


def clerk_of(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(member for member in facts["staff"] if member["role"] == "clerk")
    return found


def till(api: Api, facts: dict[str, Any], register: dict[str, Any]) -> Api:
    """The API as the clerk at that register uses it."""
    clerk = clerk_of(facts)
    payload = api.mutate(SIGN_IN, registerToken=register["token"], staffCode=clerk["code"], pin=clerk["pin"])
    return api.signed_in(payload["token"])


def accessory(till_api: Api, store_id: str) -> dict[str, Any]:
    """A piece without a serial number of which the store has plenty."""
    items = till_api.query(POS_CATALOGUE, storeId=store_id)["items"]
    for item in items:
        if item["sku"].startswith("ACC") and item["quantity"] > 3 and not item["serialised"]:
            found: dict[str, Any] = item
            return found
    raise JourneyError("the store has no accessory to sell")


def contradiction(api: Api, facts: dict[str, Any], register: dict[str, Any]) -> tuple[str, str]:
    """A new device comes in at another store and then at that register's: number of its delivery note, and SKU."""
    known = facts["serials"][0]
    number = uuid.uuid4().hex[:8]
    code = serials.imei(int(known["imei"][2:8]), FRESH_UNITS[int(number, 16) % len(FRESH_UNITS)])
    other = next(row for row in facts["registers"] if row["store_id"] != register["store_id"])
    for place, note in ((other, f"{number}-0"), (register, number)):
        given = {
            "clientId": str(uuid.uuid4()),
            "occurredAt": datetime.now(UTC).isoformat(),
            "storeId": place["store_id"],
            "supplier": "Harbor Accessories",
            "number": note,
            "lines": [{"sku": known["sku"], "quantity": 1, "serials": [code]}],
        }
        till(api, facts, place).mutate(RECEIVE, input=given)
    return number, known["sku"]
