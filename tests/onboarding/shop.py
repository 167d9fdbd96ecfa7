"""A shop that exists in a core: some hundred products in pages, three warehouses and their stock."""

from typing import Any

from tests.commerce.fake_core import FakeCore
from tests.commerce.replies import product, variant

PRODUCTS = 120
PAGE = 50
STOCK_PAGE = 100


def channel(**changes: Any) -> dict[str, Any]:
    return {
        "id": "Q2hhbm5lbDox",
        "slug": "us",
        "name": "United States",
        "currencyCode": "USD",
        "isActive": True,
        "defaultCountry": {"code": "US"},
        "taxConfiguration": {"pricesEnteredWithTax": False, "chargeTaxes": True},
        "orderSettings": {"allowUnpaidOrders": True},
        "warehouses": [{"id": key} for key in ("W1", "W2", "W3")],
    } | changes


def warehouse(key: str, **changes: Any) -> dict[str, Any]:
    address = {
        "streetAddress1": "1 Congress Ave",
        "streetAddress2": "",
        "city": "Austin",
        "postalCode": "78701",
        "countryArea": "TX",
        "country": {"code": "US"},
        "phone": "",
    }
    told = [
        {"key": "latitude", "value": "30.27"},
        {"key": "longitude", "value": "-97.74"},
        {"key": "timezone", "value": "America/Chicago"},
    ]
    return {
        "id": key,
        "slug": f"store-{key.lower()}",
        "name": f"Store {key}",
        "email": "",
        "clickAndCollectOption": "LOCAL",
        "address": address,
        "metadata": told,
    } | changes


def products() -> list[dict[str, Any]]:
    return [
        product(
            id=f"P{number:03}",
            slug=f"phone-{number:03}",
            name=f"Phone {number}",
            variants=[variant(id=f"V{number:03}", sku=f"SKU-{number:03}", metadata=[])],
        )
        for number in range(PRODUCTS)
    ]


class Shop:
    """What the fake core answers; change the lists to change it."""

    def __init__(self, fake: FakeCore) -> None:
        self.fake = fake
        self.products = products()
        self.channels = [channel()]
        self.warehouses = [warehouse("W1"), warehouse("W2"), warehouse("W3")]
        self.types: list[dict[str, Any]] = [
            {"slug": "device", "name": "Device", "isShippingRequired": True, "metadata": []},
        ]
        self.attributes = [{"slug": "brand", "name": "Brand", "inputType": "DROPDOWN"}]
        self.stock: dict[str, list[tuple[str, int]]] = {
            "W1": [(f"V{number:03}", number) for number in range(PRODUCTS)],
            "W2": [("V001", 7)],
            "W3": [("V001", 9)],
        }
        fake.answer("Channels", lambda asked: {"channels": self.channels})
        fake.answer("Warehouses", lambda asked: {"warehouses": _page(self.warehouses, asked)})
        fake.answer("ProductTypes", lambda asked: {"productTypes": _page(self.types, asked)})
        fake.answer("Attributes", lambda asked: {"attributes": _page(self.attributes, asked)})
        fake.answer("Products", self._products)
        fake.answer("WarehouseStockPage", self._stocks)
        fake.answer("VariantStocks", self._of_variant)

    def _products(self, asked: dict[str, Any]) -> dict[str, Any]:
        since = ((asked["where"].get("updatedAt") or {}).get("range") or {}).get("gte")
        found = [item for item in self.products if since is None or item["updatedAt"] >= since]
        return {"products": _page(found, asked) | {"totalCount": len(found)}}

    def _stocks(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["id"] not in {item["id"] for item in self.warehouses}:
            return {"warehouse": None}
        rows = [
            {"quantity": quantity, "productVariant": {"id": key, "sku": ""}}
            for key, quantity in self.stock[asked["id"]]
        ]
        return {"warehouse": {"stocks": _page(rows, asked)}}

    def _of_variant(self, asked: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {
                "id": f"S{place}",
                "quantity": quantity,
                "quantityAllocated": 0,
                "warehouse": {"id": place, "slug": place},
            }
            for place, found in self.stock.items()
            for key, quantity in found
            if key == asked["id"]
        ]
        return {"productVariant": {"id": asked["id"], "sku": "", "stocks": rows}}


def _page(rows: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    begin = int(asked.get("after") or 0)
    end = begin + asked["first"]
    info = {"hasNextPage": end < len(rows), "endCursor": str(end)}
    return {"edges": [{"node": row} for row in rows[begin:end]], "pageInfo": info}
