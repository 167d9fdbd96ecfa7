"""Replies as Saleor gives them, for the fake core."""

from typing import Any

Json = dict[str, Any]


def taxed(net: float, tax: float, gross: float, currency: str = "USD") -> Json:
    return {
        "net": {"amount": net, "currency": currency},
        "tax": {"amount": tax},
        "gross": {"amount": gross, "currency": currency},
    }


def transaction(reference: str, *, authorized: float = 0, charged: float = 0) -> Json:
    return {
        "id": f"T-{reference}",
        "pspReference": reference,
        "authorizedAmount": {"amount": authorized},
        "chargedAmount": {"amount": charged},
        "refundedAmount": {"amount": 0.0},
    }


def checkout(**changes: Any) -> Json:
    return {
        "id": "Q2hlY2tvdXQ6MQ==",
        "email": "ada@example.com",
        "user": None,
        "isShippingRequired": True,
        "lines": [
            {
                "id": "L1",
                "quantity": 2,
                "variant": {"id": "V1", "sku": "SKU-1"},
                "unitPrice": taxed(0.1, 0.01, 0.11),
                "totalPrice": taxed(0.2, 0.02, 0.22),
                "metadata": [{"key": "line", "value": "1"}],
            }
        ],
        "deliveryMethod": {"__typename": "Warehouse", "id": "W1", "name": "Store"},
        "availableCollectionPoints": [{"id": "W1", "name": "Store"}],
        "discount": {"amount": 0.0},
        "subtotalPrice": taxed(0.2, 0.02, 0.22),
        "totalPrice": taxed(0.2, 0.02, 0.22),
        "transactions": [],
    } | changes


def order(**changes: Any) -> Json:
    return {
        "id": "T3JkZXI6MQ==",
        "number": "17",
        "status": "UNFULFILLED",
        "chargeStatus": "NONE",
        "externalReference": None,
        "created": "2026-01-02T03:04:05.123456+00:00",
        "updatedAt": "2026-01-02T03:04:05Z",
        "userEmail": "ada@example.com",
        "collectionPointName": "Store",
        "channel": {"slug": "us"},
        "metadata": [],
        "deliveryMethod": {"__typename": "Warehouse", "id": "W1", "name": "Store"},
        "lines": [order_line()],
        "fulfillments": [],
        "total": taxed(0.2, 0.02, 0.22),
        "transactions": [],
    } | changes


def order_line(**changes: Any) -> Json:
    return {
        "id": "OL1",
        "productSku": "SKU-1",
        "productName": "Phone",
        "quantity": 2,
        "quantityFulfilled": 0,
        "unitPrice": taxed(0.1, 0.01, 0.11),
        "totalPrice": taxed(0.2, 0.02, 0.22),
        "metadata": [],
    } | changes


def product(**changes: Any) -> Json:
    return {
        "id": "P1",
        "slug": "phone",
        "name": "Phone",
        "description": '{"blocks": [{"type": "paragraph", "data": {"text": "A <b>fine</b> phone."}},'
        ' {"type": "list", "data": {"items": ["light", {"content": "small"}]}}]}',
        "translation": {"name": "电话", "description": '{"blocks": [{"data": {"text": "好电话。"}}]}'},
        "updatedAt": "2026-01-02T03:04:05+00:00",
        "isAvailable": True,
        "channelListings": [{"channel": {"slug": "us"}, "isPublished": True, "publishedAt": None}],
        "productType": {
            "slug": "device",
            "name": "Device",
            "isShippingRequired": True,
            "metadata": [{"key": "kind", "value": "DEVICE"}],
        },
        "category": {
            "id": "C2",
            "slug": "phones",
            "name": "Phones",
            "translation": {"name": "手机"},
            "ancestors": {"edges": [{"node": {"id": "C1", "slug": "devices", "name": "Devices", "translation": None}}]},
        },
        "taxClass": {"id": "TC1", "name": "Goods", "countries": [{"country": {"code": "US"}, "rate": 8.25}]},
        "thumbnail": {"url": "/media/phone.svg"},
        "metadata": [],
        "attributes": [
            {
                "attribute": {
                    "slug": "brand",
                    "name": "Brand",
                    "inputType": "DROPDOWN",
                    "translation": {"name": "品牌"},
                },
                "values": [
                    {
                        "slug": "acme",
                        "name": "Acme",
                        "reference": None,
                        "boolean": None,
                        "translation": {"name": "极致"},
                    }
                ],
            }
        ],
        "variants": [variant()],
    } | changes


def variant(**changes: Any) -> Json:
    return {
        "id": "V1",
        "sku": "SKU-1",
        "name": "128 GB",
        "translation": None,
        "trackInventory": True,
        "updatedAt": "2026-01-02T03:04:05+00:00",
        "metadata": [{"key": "gtin", "value": "4006381333931"}],
        "attributes": [],
        "media": [{"url": "/media/phone.svg", "alt": ""}],
        "pricing": {"price": taxed(499.0, 41.17, 540.17), "priceUndiscounted": taxed(549.0, 45.29, 594.29)},
    } | changes


def page(field: str, nodes: list[Json], *, cursor: str | None = None) -> Json:
    info = {"hasNextPage": cursor is not None, "endCursor": cursor}
    connection = {"edges": [{"node": node} for node in nodes], "pageInfo": info}
    return {field: connection | ({"totalCount": 2} if field == "products" else {})}
