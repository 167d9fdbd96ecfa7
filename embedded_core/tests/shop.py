"""A small shop, and the suite's operations to ask it with."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from graphql import FragmentDefinitionNode, OperationDefinitionNode, Visitor, parse, print_ast, visit

from embedded_core import ids, models, tokens
from embedded_core.requestor import PERMISSIONS, hash_app_token
from embedded_core.services import catalogue_load
from embedded_core.webhooks import EVENTS

TOKEN = "test-token-" + "x" * 24
OPERATIONS = Path(settings.BASE_DIR).parent / "commerce" / "operations"
ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "streetAddress1": "1 Main St",
    "city": "New York",
    "postalCode": "10001",
    "countryArea": "NY",
    "country": "US",
}


def catalogue() -> dict[str, Any]:
    """A catalogue file with a phone in two sizes, an accessory and a plan, and two stores."""
    store = {
        "street_address_1": "5 Broadway",
        "city": "New York",
        "postal_code": "10004",
        "country_area": "NY",
        "country": "US",
    }
    return {
        "shop": {"name": "Test Telco"},
        "channels": [
            {
                "slug": "us",
                "name": "United States",
                "currency": "USD",
                "country": "US",
                "prices_entered_with_tax": False,
                "allow_unpaid_orders": True,
            }
        ],
        "tax_classes": [
            {"slug": "standard", "name": "Standard", "rates": {"US": "8.25"}},
            {"slug": "exempt", "name": "Exempt", "rates": {"US": "0"}},
        ],
        "product_types": [
            {"slug": "device", "name": "Device", "kind": "DEVICE", "metadata": {"kind": "DEVICE"}},
            {"slug": "plan", "name": "Plan", "kind": "PLAN", "is_shipping_required": False},
        ],
        "categories": [
            {"slug": "devices", "name": "Devices", "parent": None},
            {"slug": "phones", "name": "Phones", "parent": "devices"},
        ],
        "attributes": [
            {"slug": "brand", "name": "Brand", "input_type": "DROPDOWN", "entity_type": None},
            {"slug": "esim", "name": "eSIM", "input_type": "BOOLEAN"},
            {"slug": "fits", "name": "Fits", "input_type": "REFERENCE", "entity_type": "PRODUCT"},
            {"slug": "storage", "name": "Storage", "input_type": "DROPDOWN"},
        ],
        "warehouses": [
            {"slug": "S1", "name": "Store 1", "address": store, "click_and_collect": "LOCAL"},
            {"slug": "S2", "name": "Store 2", "address": store, "click_and_collect": "LOCAL"},
            {"slug": "D1", "name": "Depot", "address": store, "click_and_collect": "DISABLED"},
            {"slug": "A1", "name": "Anywhere", "address": store, "click_and_collect": "ALL"},
        ],
        "products": [
            {
                "slug": "phone",
                "name": "Phone",
                "product_type": "device",
                "category": "phones",
                "tax_class": "standard",
                "description": "A phone.\nIt rings.",
                "media": "/media/catalogue/phone.svg",
                "attributes": {"brand": ["Motorola"], "esim": ["true"]},
                "variants": [
                    {
                        "sku": "PHONE-64",
                        "name": "64 GB",
                        "listings": {"us": {"price": "499.99"}},
                        "metadata": {"gtin": "4006381333931"},
                        "attributes": {"storage": ["64 GB"]},
                    },
                    {
                        "sku": "PHONE-128",
                        "name": "128 GB",
                        "listings": {"us": {"price": "549.99", "undiscounted_price": "599.99"}},
                    },
                ],
            },
            {
                "slug": "case",
                "name": "Case",
                "product_type": "device",
                "category": "devices",
                "tax_class": "standard",
                "attributes": {"fits": ["phone"]},
                "variants": [{"sku": "CASE", "name": "", "listings": {"us": {"price": "9.99"}}}],
            },
            {
                "slug": "plan",
                "name": "Plan",
                "product_type": "plan",
                "category": None,
                "tax_class": "exempt",
                "variants": [
                    {
                        "sku": "PLAN",
                        "name": "monthly",
                        "listings": {"us": {"price": "35.00"}},
                        "track_inventory": False,
                    }
                ],
            },
        ],
        "users": [
            {"email": "ada@example.com", "password": "demo-shopper-1", "first_name": "Ada", "last_name": "L"},
            {"email": "admin@example.com", "password": "demo-admin-1", "is_staff": True, "is_superuser": True},
            {"email": "clerk@example.com", "password": "demo-clerk-1", "is_staff": True},
        ],
    }


class Shop:
    """The catalogue above with ids at hand, and an app that may do everything."""

    def __init__(self) -> None:
        catalogue_load.load(catalogue())
        self.app = models.App.objects.create(
            name="suite",
            token_hash=hash_app_token(TOKEN),
            permissions=list(PERMISSIONS),
            webhook_url="http://127.0.0.1:1/webhooks/saleor/",
            events=list(EVENTS),
        )
        for store, quantity in (("S1", 5), ("S2", 2), ("D1", 3)):
            self.set_stock("PHONE-64", store, quantity)
            self.set_stock("CASE", store, quantity)
        self.operations = _operations()

    def set_stock(self, sku: str, store: str, quantity: int) -> None:
        models.Stock.objects.filter(variant__sku=sku, warehouse__slug=store).update(quantity=quantity)

    def stock(self, sku: str, store: str) -> tuple[int, int]:
        """Quantity and allocated quantity."""
        row = models.Stock.objects.get(variant__sku=sku, warehouse__slug=store)
        return row.quantity, row.quantity_allocated

    def variant(self, sku: str) -> str:
        return ids.global_id(models.ProductVariant.objects.get(sku=sku))

    def warehouse(self, slug: str) -> str:
        return ids.global_id(models.Warehouse.objects.get(slug=slug))

    def user_token(self, email: str) -> str:
        return tokens.create(models.User.objects.get(email=email), kind="access")

    def post(self, query: str, variables: dict[str, Any], token: str | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = json.dumps({"query": query, "variables": variables})
        reply = Client().post("/graphql/", body, content_type="application/json", headers=headers)
        return reply.json()

    def ask(self, name: str, *, token: str | None = TOKEN, **variables: Any) -> dict[str, Any]:
        """Run an operation of the suite as the app (or whoever) and give its whole answer."""
        return self.post(self.operations[name], variables, token)

    def do(self, name: str, *, token: str | None = TOKEN, **variables: Any) -> dict[str, Any]:
        """Run an operation whose answer has no top-level errors; gives its one field."""
        answer = self.ask(name, token=token, **variables)
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    def checkout(
        self, sku: str = "PHONE-64", quantity: int = 1, store: str | None = "S1", **line: Any
    ) -> dict[str, Any]:
        """A checkout that is ready to be completed."""
        made = self.do(
            "CheckoutCreate",
            input={
                "channel": "us",
                "email": "ada@example.com",
                "billingAddress": ADDRESS,
                "lines": [{"variantId": self.variant(sku), "quantity": quantity, **line}],
            },
        )
        assert made["errors"] == [], made
        if store is None:
            return made["checkout"]
        chosen = self.do(
            "CheckoutDeliveryMethodUpdate", id=made["checkout"]["id"], deliveryMethodId=self.warehouse(store)
        )
        assert chosen["errors"] == [], chosen
        return chosen["checkout"]

    def order(self, **options: Any) -> dict[str, Any]:
        done = self.do("CheckoutComplete", id=self.checkout(**options)["id"])
        assert done["errors"] == [], done
        return done["order"]

    def events(self) -> list[str]:
        """The names of the webhooks written so far, in order."""
        return list(models.WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def _operations() -> dict[str, str]:
    """The suite's operations by name, each with the fragments that it needs."""
    document = parse("\n".join(path.read_text() for path in sorted(OPERATIONS.glob("*.graphql"))))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    class Spreads(Visitor):
        def __init__(self) -> None:
            super().__init__()
            self.names: dict[str, None] = {}

        def enter_fragment_spread(self, node: Any, *_: Any) -> None:
            if node.name.value not in self.names:
                self.names[node.name.value] = None
                visit(fragments[node.name.value], self)

    found = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            spreads = Spreads()
            visit(definition, spreads)
            parts = [print_ast(definition), *(print_ast(fragments[name]) for name in spreads.names)]
            found[definition.name.value] = "\n".join(parts)
    return found


def codes(payload: dict[str, Any]) -> list[str]:
    """The error codes of a mutation's payload."""
    return [error["code"] for error in payload["errors"]]
