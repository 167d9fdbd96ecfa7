"""Writes the shop of the contract into a real Saleor by its public API, and takes it away again as far as that goes.

Orders stay, and so does a channel that has some: it is switched off.
"""

import json
from typing import Any

import httpx

Json = dict[str, Any]


class SaleorShop:
    """Sets a Saleor up with the suite's own token; `remove` after the tests."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self._url = url
        self._ids: dict[tuple[str, str], str] = {}  # (kind, slug)

    def ask(self, mutation: str, field: str, **variables: Any) -> Any:
        """The payload of one operation; AssertionError with Saleor's reasons when it is refused."""
        reply = self._http.post(self._url, json={"query": mutation, "variables": variables}).json()
        assert "errors" not in reply, reply["errors"]
        payload = reply["data"][field]
        assert not payload.get("errors"), (field, payload)
        return payload

    def load(self, catalogue: Json) -> list[str]:
        """Write the catalogue; returns the ids of its products."""
        for row in catalogue["tax_classes"]:
            self._tax_class(row)
        for row in catalogue["channels"]:
            self._channel(row)
        for row in catalogue["warehouses"]:
            self._warehouse(row)
        for row in catalogue["attributes"]:
            self._attribute(row)
        for row in catalogue["product_types"]:
            self._product_type(row)
        for row in catalogue["categories"]:
            self._category(row)
        for row in catalogue["products"]:
            self._product(row)
        for row in catalogue["users"]:
            self._customer(row, catalogue["channels"][0]["slug"])
        return [id for (kind, _slug), id in self._ids.items() if kind == "product"]

    def remove(self) -> None:
        """Take away what can be taken away."""
        one_argument = {
            "customer": "customerDelete",
            "product": "productDelete",
            "category": "categoryDelete",
            "type": "productTypeDelete",
            "attribute": "attributeDelete",
            "warehouse": "deleteWarehouse",
            "tax": "taxClassDelete",
            "channel": "channelDeactivate",
        }
        for kind, field in one_argument.items():
            for (owned, _slug), id in reversed(list(self._ids.items())):
                if owned == kind and (kind, id) != ("category", ""):
                    query = f"mutation($id: ID!) {{ {field}(id: $id) {{ errors {{ message }} }} }}"
                    self._http.post(self._url, json={"query": query, "variables": {"id": id}}).raise_for_status()
        self._http.close()

    def _keep(self, kind: str, slug: str, id: str) -> str:
        self._ids[kind, slug] = id
        return id

    def _metadata(self, id: str, values: dict[str, str]) -> None:
        self.ask(
            "mutation($id: ID!, $input: [MetadataInput!]!) "
            "{ updateMetadata(id: $id, input: $input) { errors { field message } } }",
            "updateMetadata",
            id=id,
            input=_pairs(values),
        )

    def _tax_class(self, row: Json) -> None:
        made = self.ask(
            "mutation($input: TaxClassCreateInput!) "
            "{ taxClassCreate(input: $input) { taxClass { id } errors { field message } } }",
            "taxClassCreate",
            input={
                "name": row["name"],
                "createCountryRates": [{"countryCode": c, "rate": float(r)} for c, r in row["rates"].items()],
            },
        )
        self._keep("tax", row["slug"], made["taxClass"]["id"])

    def _channel(self, row: Json) -> None:
        made = self.ask(
            "mutation($input: ChannelCreateInput!) { channelCreate(input: $input) "
            "{ channel { id taxConfiguration { id } } errors { field message } } }",
            "channelCreate",
            input={
                "name": row["name"],
                "slug": row["slug"],
                "currencyCode": row["currency"],
                "defaultCountry": row["country"],
                "isActive": True,
                "orderSettings": {"allowUnpaidOrders": row["allow_unpaid_orders"]},
            },
        )["channel"]
        self._keep("channel", row["slug"], made["id"])
        self.ask(
            "mutation($id: ID!, $input: TaxConfigurationUpdateInput!) "
            "{ taxConfigurationUpdate(id: $id, input: $input) { errors { field message } } }",
            "taxConfigurationUpdate",
            id=made["taxConfiguration"]["id"],
            input={
                "chargeTaxes": True,
                "taxCalculationStrategy": "FLAT_RATES",
                "pricesEnteredWithTax": row["prices_entered_with_tax"],
            },
        )

    def _warehouse(self, row: Json) -> None:
        address = row["address"]
        made = self.ask(
            "mutation($input: WarehouseCreateInput!) "
            "{ createWarehouse(input: $input) { warehouse { id } errors { field message } } }",
            "createWarehouse",
            input={
                "name": row["name"],
                "slug": row["slug"],
                "email": row["email"],
                "address": {
                    "streetAddress1": address["street_address_1"],
                    "city": address["city"],
                    "postalCode": address["postal_code"],
                    "countryArea": address["country_area"],
                    "country": address["country"],
                    "phone": row["phone"],
                },
            },
        )
        id = self._keep("warehouse", row["slug"], made["warehouse"]["id"])
        self.ask(
            "mutation($id: ID!, $input: WarehouseUpdateInput!) "
            "{ updateWarehouse(id: $id, input: $input) { errors { field message } } }",
            "updateWarehouse",
            id=id,
            input={"clickAndCollectOption": row["click_and_collect"], "isPrivate": False},
        )
        self._metadata(id, row["metadata"])
        for (kind, _slug), channel in list(self._ids.items()):
            if kind == "channel":
                self.ask(
                    "mutation($id: ID!, $input: ChannelUpdateInput!) "
                    "{ channelUpdate(id: $id, input: $input) { errors { field message } } }",
                    "channelUpdate",
                    id=channel,
                    input={"addWarehouses": [id]},
                )

    def _attribute(self, row: Json) -> None:
        made = self.ask(
            "mutation($input: AttributeCreateInput!) "
            "{ attributeCreate(input: $input) { attribute { id } errors { field message } } }",
            "attributeCreate",
            input={
                "name": row["name"],
                "slug": row["slug"],
                "type": "PRODUCT_TYPE",
                "inputType": row["input_type"],
                "isVariantOnly": row["slug"].startswith("storage"),
            },
        )
        self._keep("attribute", row["slug"], made["attribute"]["id"])

    def _product_type(self, row: Json) -> None:
        ours = {slug: id for (kind, slug), id in self._ids.items() if kind == "attribute"}
        made = self.ask(
            "mutation($input: ProductTypeInput!) "
            "{ productTypeCreate(input: $input) { productType { id } errors { field message } } }",
            "productTypeCreate",
            input={
                "name": row["name"],
                "slug": row["slug"],
                "kind": "NORMAL",
                "isShippingRequired": row["is_shipping_required"],
                "hasVariants": True,
                "productAttributes": [id for slug, id in ours.items() if slug.startswith("brand")],
                "variantAttributes": [id for slug, id in ours.items() if slug.startswith("storage")],
            },
        )
        self._metadata(self._keep("type", row["slug"], made["productType"]["id"]), row["metadata"])

    def _category(self, row: Json) -> None:
        made = self.ask(
            "mutation($input: CategoryInput!, $parent: ID) "
            "{ categoryCreate(input: $input, parent: $parent) { category { id } errors { field message } } }",
            "categoryCreate",
            input={"name": row["name"], "slug": row["slug"]},
            parent=self._ids["category", row["parent"]] if row["parent"] else None,
        )
        self._keep("category", row["slug"], made["category"]["id"])

    def _product(self, row: Json) -> None:
        channels = {slug: id for (kind, slug), id in self._ids.items() if kind == "channel"}
        text = {"blocks": [{"type": "paragraph", "data": {"text": row["description"]}}]}
        made = self.ask(
            "mutation($products: [ProductBulkCreateInput!]!) { productBulkCreate(products: $products) "
            "{ results { product { id } errors { path message } } errors { path message } } }",
            "productBulkCreate",
            products=[
                {
                    "name": row["name"],
                    "slug": row["slug"],
                    "description": json.dumps(text),
                    "productType": self._ids["type", row["product_type"]],
                    "category": self._ids["category", row["category"]],
                    "taxClass": self._ids["tax", row["tax_class"]],
                    "metadata": _pairs(row["metadata"]),
                    "attributes": self._choices(row["attributes"]),
                    "channelListings": [
                        {
                            "channelId": id,
                            "isPublished": True,
                            "visibleInListings": True,
                            "isAvailableForPurchase": True,
                        }
                        for id in channels.values()
                    ],
                    "variants": [
                        {
                            "sku": variant["sku"],
                            "name": variant["name"],
                            "trackInventory": variant["track_inventory"],
                            "metadata": _pairs(variant["metadata"]),
                            "attributes": self._choices(variant["attributes"]),
                            "channelListings": [
                                {"channelId": channels[slug], "price": listing["price"]}
                                for slug, listing in variant["listings"].items()
                            ],
                        }
                        for variant in row["variants"]
                    ],
                }
            ],
        )
        result = made["results"][0]
        assert not result["errors"], result
        self._keep("product", row["slug"], result["product"]["id"])

    def _choices(self, values: dict[str, list[str]]) -> list[Json]:
        return [{"id": self._ids["attribute", slug], "dropdown": {"value": names[0]}} for slug, names in values.items()]

    def _customer(self, row: Json, channel: str) -> None:
        self.ask(
            "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { errors { field message } } }",
            "accountRegister",
            input={
                "email": row["email"],
                "password": row["password"],
                "firstName": row["first_name"],
                "lastName": row["last_name"],
                "channel": channel,
                "redirectUrl": "http://localhost:8000/",
            },
        )
        reply = self._http.post(
            self._url, json={"query": "query($email: String!) { user(email: $email) { id } }", "variables": row}
        ).json()
        id = self._keep("customer", row["email"], reply["data"]["user"]["id"])
        self.ask(
            "mutation($id: ID!, $input: CustomerInput!) "
            "{ customerUpdate(id: $id, input: $input) { errors { field message } } }",
            "customerUpdate",
            id=id,
            input={"isConfirmed": True},
        )


def _pairs(values: dict[str, str]) -> list[Json]:
    return [{"key": key, "value": value} for key, value in values.items()]
