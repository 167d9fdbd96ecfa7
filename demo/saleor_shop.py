"""Writes a catalogue (the form that the embedded core's `load_catalogue` reads) into a real Saleor by its public API.

For trials: the demonstration (`make run` or `make journey` with DEMO_IN_CORE=1, SALEOR_API_URL and SALEOR_APP_TOKEN)
and the tests write theirs; `remove` takes it away again as far as that goes. Orders stay, and so does a channel that
has some: it is switched off.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from django.utils.text import slugify
from tqdm import tqdm

Json = dict[str, Any]

BATCH = 20  # products a call
PROMOTED_SECONDS = 180
# Each takes less than a second; one that hangs must not hold whoever waits as long as writing a batch may take.
REMOVAL_SECONDS = 30
_VARIANT = "query($sku: String!) { productVariant(sku: $sku) { id } }"
_ON_SALE = "query($id: ID!, $channel: String!) { productVariant(id: $id, channel: $channel) { pricing { onSale } } }"


class SaleorShop:
    """Sets a Saleor up with the suite's own token; `remove` after the tests."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=300)
        self._url = url
        self._ids: dict[tuple[str, str], str] = {}  # (kind, slug)
        self._found: frozenset[tuple[str, str]] = frozenset()
        self._input_types: dict[str, str] = {}
        self._countries: dict[str, str] = {}  # of channels

    def ask(self, mutation: str, field: str, **variables: Any) -> Any:
        """The payload of one operation; AssertionError with Saleor's reasons when it is refused."""
        reply = self._http.post(self._url, json={"query": mutation, "variables": variables}).json()
        assert "errors" not in reply, reply["errors"]
        payload = reply["data"][field]
        assert not payload.get("errors"), (field, payload)
        return payload

    def load(self, catalogue: Json, progress: Callable[[int], object] = lambda _count: None) -> list[str]:
        """Write the catalogue; returns the ids of its products. What bears one of its slugs already is taken as it is.

        Pictures and translations are left out: Saleor fetches the ones itself and guards the others by a permission
        that the suite has no use for. `progress` is told how many products were written.
        """
        self._input_types = {row["slug"]: row["input_type"] for row in catalogue["attributes"]}
        self._countries = {row["slug"]: row["country"] for row in catalogue["channels"]}
        self._find(catalogue)
        makers: dict[str, tuple[str, Callable[[Json], None]]] = {
            "tax_classes": ("tax", self._tax_class),
            "channels": ("channel", self._channel),
            "warehouses": ("warehouse", self._warehouse),
            "attributes": ("attribute", self._attribute),
            "categories": ("category", self._category),
        }
        for name, (kind, make) in makers.items():
            for row in self._missing(kind, catalogue[name]):
                make(row)
        for row in self._missing("type", catalogue["product_types"]):
            own = [product for product in catalogue["products"] if product["product_type"] == row["slug"]]
            self._product_type(row, own)
        # References name products that must be there.
        ordered = sorted(self._missing("product", catalogue["products"]), key=self._refers)
        for refers in (False, True):
            rows = [row for row in ordered if self._refers(row) == refers]
            for start in range(0, len(rows), BATCH):
                self._products(rows[start : start + BATCH])
                progress(len(rows[start : start + BATCH]))
        for row in catalogue.get("promotions", ()):
            self._promotion(row)
        for row in catalogue["users"]:
            if not row["is_staff"]:
                self._customer(row, catalogue["channels"][0]["slug"])
        return [self._ids["product", row["slug"]] for row in catalogue["products"]]

    def _missing(self, kind: str, rows: Sequence[Json]) -> list[Json]:
        return [row for row in rows if (kind, row["slug"]) not in self._ids]

    def _refers(self, row: Json) -> bool:
        return any(self._input_types[slug] == "REFERENCE" for slug in row["attributes"])

    def _find(self, catalogue: Json) -> None:
        """Note what is there already, so that a shop that was written before is used again."""
        channels = self._query("{ channels { id slug } }")["channels"]
        slugs = {row["slug"] for row in catalogue["channels"]}
        found = {("channel", node["slug"]): node["id"] for node in channels if node["slug"] in slugs}
        if not found:
            return
        for kind, field, key, name in (
            ("tax", "taxClasses", "name", "tax_classes"),
            ("warehouse", "warehouses", "slug", "warehouses"),
            ("attribute", "attributes", "slug", "attributes"),
            ("type", "productTypes", "slug", "product_types"),
            ("category", "categories", "slug", "categories"),
            ("product", "products", "slug", "products"),
        ):
            ours = {row[key]: row["slug"] for row in catalogue[name]}
            for node in self._all(field, key):
                if node[key] in ours:
                    found[kind, ours[node[key]]] = node["id"]
        self._ids |= found
        self._found = frozenset(found)

    def _all(self, field: str, key: str) -> Iterator[Json]:
        after = None
        while True:
            query = (
                f"query($after: String) {{ {field}(first: 100, after: $after) "
                f"{{ edges {{ node {{ id {key} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
            )
            page = self._query(query, after=after)[field]
            yield from (edge["node"] for edge in page["edges"])
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _query(self, query: str, **variables: Any) -> Any:
        reply = self._http.post(self._url, json={"query": query, "variables": variables}).json()
        assert "errors" not in reply, reply["errors"]
        return reply["data"]

    def remove(self) -> None:
        """Take away what can be taken away. Its channels are switched off first: one that stayed on, should this be cut
        off, would look like a merchant's own.
        """
        one_argument = {
            "channel": "channelDeactivate",
            "promotion": "promotionDelete",
            "customer": "customerDelete",
            "product": "productDelete",
            "category": "categoryDelete",
            "type": "productTypeDelete",
            "attribute": "attributeDelete",
            "warehouse": "deleteWarehouse",
            "tax": "taxClassDelete",
        }
        self._http.timeout = httpx.Timeout(REMOVAL_SECONDS)
        for kind, field in one_argument.items():
            for (owned, slug), id in reversed(list(self._ids.items())):
                if owned == kind and (owned, slug) not in self._found:
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
                    # Saleor knows not all places of all countries, and no made-up numbers of some.
                    "phone": row["phone"] if address["country"] == "US" else "",
                    "skipValidation": address["country"] != "US",
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
        for (kind, slug), channel in list(self._ids.items()):
            if kind == "channel" and self._countries[slug] == address["country"]:
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
                **({"entityType": row["entity_type"]} if row["entity_type"] else {}),
            },
        )
        self._keep("attribute", row["slug"], made["attribute"]["id"])

    def _product_type(self, row: Json, products: Sequence[Json]) -> None:
        of_products = _used(products)
        of_variants = _used([variant for product in products for variant in product["variants"]])
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
                "productAttributes": [self._ids["attribute", slug] for slug in of_products],
                "variantAttributes": [self._ids["attribute", slug] for slug in of_variants],
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

    def _products(self, rows: Sequence[Json]) -> None:
        made = self.ask(
            "mutation($products: [ProductBulkCreateInput!]!) { productBulkCreate(products: $products) "
            "{ results { product { id } errors { path message } } errors { path message } } }",
            "productBulkCreate",
            products=[self._product(row) for row in rows],
        )
        for row, result in zip(rows, made["results"], strict=True):
            assert result["product"], [(result["errors"]) for result in made["results"] if result["errors"]]
            self._keep("product", row["slug"], result["product"]["id"])

    def _product(self, row: Json) -> Json:
        listed = dict.fromkeys(slug for variant in row["variants"] for slug in variant["listings"])
        text = {"blocks": [{"type": "paragraph", "data": {"text": row["description"]}}]}
        return {
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
                    "channelId": self._ids["channel", slug],
                    "isPublished": True,
                    "visibleInListings": True,
                    "isAvailableForPurchase": True,
                }
                for slug in listed
            ],
            "variants": [
                {
                    "sku": variant["sku"],
                    "name": variant["name"],
                    "trackInventory": variant["track_inventory"],
                    "metadata": _pairs(variant["metadata"]),
                    "attributes": self._choices(variant["attributes"]),
                    "channelListings": [
                        {"channelId": self._ids["channel", slug], "price": listing["price"]}
                        for slug, listing in variant["listings"].items()
                    ],
                }
                for variant in row["variants"]
            ],
        }

    def _choices(self, values: dict[str, list[str]]) -> list[Json]:
        return [{"id": self._ids["attribute", slug], **self._choice(slug, names)} for slug, names in values.items()]

    def _choice(self, slug: str, names: list[str]) -> Json:
        kind = self._input_types[slug]
        if kind == "MULTISELECT":
            # One value for each slug that Saleor makes of it.
            different = {slugify(name): name for name in reversed(names)}
            return {"multiselect": [{"value": name} for name in different.values()]}
        if kind == "REFERENCE":
            return {"references": [self._ids["product", name] for name in names]}
        return {"plainText": names[0]} if kind == "PLAIN_TEXT" else {"dropdown": {"value": names[0]}}

    def _promotion(self, row: Json) -> None:
        """A percentage off some variants; waits until the core's own beat has put it into the prices."""
        ids = [node["id"] for sku in row["skus"] for node in [self._query(_VARIANT, sku=sku)["productVariant"]]]
        made = self.ask(
            "mutation($input: PromotionCreateInput!) "
            "{ promotionCreate(input: $input) { promotion { id } errors { field message } } }",
            "promotionCreate",
            input={
                "name": row["name"],
                "type": "CATALOGUE",
                "rules": [
                    {
                        "channels": [self._ids["channel", slug] for slug in row["channels"]],
                        "cataloguePredicate": {"variantPredicate": {"ids": ids}},
                        "rewardValueType": "PERCENTAGE",
                        "rewardValue": row["percent"],
                    }
                ],
            },
        )
        self._keep("promotion", row["name"], made["promotion"]["id"])
        deadline = time.monotonic() + PROMOTED_SECONDS
        places = [(id, channel) for id in ids for channel in row["channels"]]
        while not all(
            self._query(_ON_SALE, id=id, channel=ch)["productVariant"]["pricing"]["onSale"] for id, ch in places
        ):
            assert time.monotonic() < deadline, f"{row['name']} is not in the prices: do Saleor's worker and beat run?"
            time.sleep(1)

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


def _used(rows: Sequence[Json]) -> list[str]:
    """The attributes that the rows have, each once."""
    return list(dict.fromkeys(slug for row in rows for slug in row["attributes"]))


def main() -> int:
    """Write the catalogue of the file that is named into the core of the environment."""
    catalogue = json.loads(Path(sys.argv[1]).read_text())
    shop = SaleorShop(os.environ["SALEOR_API_URL"], os.environ["SALEOR_APP_TOKEN"])
    with tqdm(total=len(catalogue["products"]), desc="  products", ncols=80, file=sys.stdout, mininterval=0.5) as bar:
        shop.load(catalogue, progress=bar.update)
    return 0


if __name__ == "__main__":
    sys.exit(main())
