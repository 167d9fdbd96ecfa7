"""Writes a checked catalogue file: rows are found by slug or SKU, changed where they differ, never removed."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from tqdm import tqdm

from embedded_core import ids
from embedded_core.models import (
    Attribute,
    Category,
    Channel,
    Product,
    ProductType,
    ProductVariant,
    Promotion,
    PromotionRule,
    Shop,
    TaxClass,
    TaxRate,
    User,
    VariantListing,
    Warehouse,
)
from embedded_core.models.account import DEMONSTRATION

BATCH = 500
# Warehouses have UUIDs; made from their slugs they are the same in every installation.
WAREHOUSES = uuid.UUID("6f0f1f1e-6d5b-4b0f-9b53-0c5f3d2a7a11")


@dataclass
class Loaded:
    """How many rows a load made and changed."""

    created: int = 0
    changed: int = 0


@transaction.atomic
def load(data: dict[str, Any]) -> Loaded:
    """Write the catalogue in one transaction and fire no webhook: who loads a catalogue synchronises afterwards."""
    done = Loaded()
    with tqdm(total=_steps(data), desc="Catalogue", unit=" rows", disable=None, delay=2) as bar:
        loader = _Loader(data, done, bar)
        loader.run()
    return done


def _steps(data: dict[str, Any]) -> int:
    products = data.get("products", [])
    variants = [variant for row in products for variant in row["variants"]]
    listings = sum(len(variant.get("listings", {})) for variant in variants)
    return len(data.get("users", [])) + len(products) + len(variants) + listings


class _Loader:
    """One load: keeps what later parts look up, such as the keys of categories and products."""

    def __init__(self, data: dict[str, Any], done: Loaded, bar: tqdm) -> None:
        self.data, self.done, self.bar = data, done, bar
        self.now = timezone.now()

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.data.get(name, [])

    def run(self) -> None:
        self._shop()
        channels = self._upsert(Channel, "slug", (_channel(row) for row in self.rows("channels")))
        tax_classes = self._tax_classes()
        types = self._upsert(ProductType, "slug", (_product_type(row) for row in self.rows("product_types")))
        categories = self._categories()
        attributes = self._upsert(Attribute, "slug", (_attribute(row) for row in self.rows("attributes")))
        self._upsert(Warehouse, "slug", (_warehouse(row) for row in self.rows("warehouses")))
        self._users()
        lookups = {"product_type": types, "category": categories, "tax_class": tax_classes}
        products = self._products(lookups, attributes)
        variants = self._variants(products, attributes)
        for channel in channels.values():
            self._listings(variants, channel)
        self._promotions(channels, variants)
        _make_stock_rows()

    def _shop(self) -> None:
        name = self.data.get("shop", {}).get("name") or "Embedded core"
        Shop.objects.update_or_create(pk=1, defaults={"name": name})

    def _tax_classes(self) -> dict[str, TaxClass]:
        rows = self.rows("tax_classes")
        found = self._upsert(TaxClass, "slug", ({"slug": row["slug"], "name": row["name"]} for row in rows))
        rates = [
            TaxRate(tax_class=found[row["slug"]], country=country, rate=Decimal(str(rate)))
            for row in rows
            for country, rate in row.get("rates", {}).items()
        ]
        unique = ["tax_class", "country"]
        TaxRate.objects.bulk_create(rates, update_conflicts=True, unique_fields=unique, update_fields=["rate"])
        return found

    def _categories(self) -> dict[str, Category]:
        rows = self.rows("categories")
        named = ({"slug": row["slug"], "name": row["name"], "translations": _translations(row)} for row in rows)
        found = self._upsert(Category, "slug", named)
        for row in rows:
            category, parent = found[row["slug"]], found.get(row.get("parent") or "")
            if category.parent_id != (parent.pk if parent else None):
                category.parent = parent
                category.save(update_fields=["parent"])
        return found

    def _users(self) -> None:
        for row in self.rows("users"):
            self.bar.update()
            email = row["email"].strip().lower()
            names = {name: row.get(name, "") for name in ("first_name", "last_name")}
            flags = {name: bool(row.get(name)) for name in ("is_staff", "is_superuser")}
            user, created = User.objects.get_or_create(email=email, defaults=names | flags)
            self.done.created += created
            if created or not user.check_password(row["password"]):
                user.set_password(row["password"])
            for name, value in (names | flags).items():
                setattr(user, name, value)
            user.private_metadata[DEMONSTRATION] = "yes"
            user.save()

    def _products(self, lookups: dict[str, dict[str, Any]], attributes: dict[str, Attribute]) -> dict[str, Product]:
        rows = self.rows("products")
        # Products refer to each other: all of them exist before their attributes are written.
        known = set(Product.objects.values_list("slug", flat=True))
        new = [
            Product(slug=row["slug"], name=row["name"], product_type=lookups["product_type"][row["product_type"]])
            for row in rows
            if row["slug"] not in known
        ]
        Product.objects.bulk_create(new, batch_size=BATCH)
        self.done.created += len(new)
        by_slug = dict(Product.objects.values_list("slug", "pk"))
        names = {row["slug"]: row["name"] for row in rows}
        wanted = []
        for row in rows:
            self.bar.update()
            values = {f"{name}_id": found[row[name]].pk if row.get(name) else None for name, found in lookups.items()}
            owner = by_slug[row["slug"]]
            assigned = _assigned(row.get("attributes", {}), attributes, owner, by_slug, names)
            wanted.append(_product(row) | values | {"attribute_values": assigned})
        found = self._upsert(Product, "slug", wanted, touch=True)
        self.done.changed -= len(new)  # written twice, yet not changed
        return found

    def _variants(self, products: dict[str, Product], attributes: dict[str, Attribute]) -> dict[str, ProductVariant]:
        by_slug = {slug: product.pk for slug, product in products.items()}
        names = {slug: product.name for slug, product in products.items()}
        wanted = []
        for row in self.rows("products"):
            for position, variant in enumerate(row["variants"]):
                self.bar.update()
                owner = f"v-{variant['sku']}"
                assigned = _assigned(variant.get("attributes", {}), attributes, owner, by_slug, names)
                links = {"product_id": by_slug[row["slug"]], "sort_order": position, "attribute_values": assigned}
                wanted.append(_variant(variant) | links)
        return self._upsert(ProductVariant, "sku", wanted, touch=True)

    def _listings(self, variants: dict[str, ProductVariant], channel: Channel) -> None:
        known = {row.variant_id: row for row in VariantListing.objects.filter(channel=channel)}
        changed = []
        for variant in (variant for row in self.rows("products") for variant in row["variants"]):
            wanted = variant.get("listings", {}).get(channel.slug)
            if wanted is None:
                continue
            self.bar.update()
            pk = variants[variant["sku"]].pk
            before = wanted.get("undiscounted_price")
            prices = Decimal(str(wanted["price"])), None if before is None else Decimal(str(before))
            listing = known.get(pk)
            if listing is None or (listing.price, listing.undiscounted_price) != prices:
                self.done.created += listing is None
                self.done.changed += listing is not None
                changed.append(
                    VariantListing(variant_id=pk, channel=channel, price=prices[0], undiscounted_price=prices[1])
                )
        VariantListing.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["variant", "channel"],
            update_fields=["price", "undiscounted_price"],
        )
        # Who pulls products by `updatedAt` has to see new prices too.
        repriced = ProductVariant.objects.filter(pk__in=[row.variant_id for row in changed])
        repriced.update(updated_at=self.now)
        Product.objects.filter(variants__in=repriced).update(updated_at=self.now)

    def _promotions(self, channels: dict[str, Channel], variants: dict[str, ProductVariant]) -> None:
        for row in self.rows("promotions"):
            promotion, _created = Promotion.objects.get_or_create(name=row["name"])
            rule, _created = PromotionRule.objects.update_or_create(
                promotion=promotion,
                defaults={"reward_value_type": "PERCENTAGE", "reward_value": Decimal(str(row["percent"]))},
            )
            rule.channels.set(channels[slug] for slug in row["channels"])
            rule.variants.set(variants[sku] for sku in row["skus"])

    def _upsert(
        self, model: type[Model], key: str, rows: Iterable[dict[str, Any]], *, touch: bool = False
    ) -> dict[str, Any]:
        """Make or change rows named by `key`, in bulk; rows that are the same already are not written."""
        wanted = list(rows)
        known = {getattr(row, key): row for row in model._default_manager.filter(**{f"{key}__in": _of(wanted, key)})}
        stale = [row for row in wanted if _differs(known.get(row[key]), row)]
        self.done.created += sum(row[key] not in known for row in stale)
        self.done.changed += sum(row[key] in known for row in stale)
        if stale:
            stamp = {"updated_at": self.now} if touch else {}
            fields = sorted({name.removesuffix("_id") for name in stale[0]} - {key, "id"}) + list(stamp)
            model._default_manager.bulk_create(
                (model(**row, **stamp) for row in stale),
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=[key],
                update_fields=fields,
            )
        return {getattr(row, key): row for row in model._default_manager.filter(**{f"{key}__in": _of(wanted, key)})}


def _of(rows: Sequence[dict[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows]


def _differs(row: Model | None, wanted: dict[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in wanted.items())


def _channel(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "name": row["name"],
        "currency_code": row["currency"],
        "default_country": row["country"],
        "prices_entered_with_tax": bool(row.get("prices_entered_with_tax", False)),
        "allow_unpaid_orders": bool(row.get("allow_unpaid_orders", False)),
    }


def _product_type(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "name": row["name"],
        "kind": row.get("kind", ""),
        "is_shipping_required": bool(row.get("is_shipping_required", True)),
        "metadata": _texts(row.get("metadata", {})),
    }


def _attribute(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "name": row["name"],
        "input_type": row["input_type"],
        "entity_type": row.get("entity_type") or "",
        "translations": _translations(row),
    }


def _warehouse(row: dict[str, Any]) -> dict[str, Any]:
    address = {name: str(value or "") for name, value in row["address"].items()}
    return {
        "id": uuid.uuid5(WAREHOUSES, row["slug"]),
        "slug": row["slug"],
        "name": row["name"],
        "email": row.get("email") or "",
        "address": {"phone": row.get("phone") or "", "company_name": row["name"]} | address,
        "click_and_collect": row.get("click_and_collect", "DISABLED"),
        "metadata": _texts(row.get("metadata", {})),
    }


def _product(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "name": row["name"],
        "description": _description(row.get("description")),
        "translations": _translations(row),
        "media_url": row.get("media") or "",
        "metadata": _texts(row.get("metadata", {})),
    }


def _variant(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku": row["sku"],
        "name": row.get("name") or "",
        "translations": _translations(row),
        "track_inventory": bool(row.get("track_inventory", True)),
        "media_url": row.get("media") or "",
        "metadata": _texts(row.get("metadata", {})),
    }


def _texts(metadata: dict[str, Any]) -> dict[str, str]:
    """Metadata values are texts in Saleor; other values keep their JSON form."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}


def _translations(row: dict[str, Any]) -> dict[str, Any]:
    """The file's texts by language tag (zh-hans) under Saleor's language codes (ZH_HANS)."""
    return {
        language.replace("-", "_").upper(): {
            name: _description(text) if name == "description" else text for name, text in texts.items()
        }
        for language, texts in row.get("translations", {}).items()
    }


def _description(text: Any) -> Any:
    """Descriptions are EditorJS documents; a plain text becomes one with a paragraph for each line."""
    if text is None or isinstance(text, dict):
        return text
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    return {"blocks": [{"type": "paragraph", "data": {"text": line}} for line in lines]}


def _assigned(
    values_by_slug: dict[str, list[str]],
    attributes: dict[str, Attribute],
    owner: object,
    product_ids: dict[str, int],
    product_names: dict[str, str],
) -> list[dict[str, Any]]:
    """The stored form of attribute values, with the slugs that Saleor gives to values of each input type."""
    assigned = []
    for slug, texts in values_by_slug.items():
        attribute = attributes[slug]
        values = [_value(attribute, text, owner, product_ids, product_names) for text in texts]
        assigned.append({"attribute": attribute.pk, "values": values})
    return assigned


def _value(
    attribute: Attribute, text: str, owner: object, product_ids: dict[str, int], product_names: dict[str, str]
) -> dict[str, Any]:
    value: dict[str, Any] = {"slug": f"{owner}_{attribute.pk}", "name": text, "reference": None, "boolean": None}
    if attribute.input_type == "BOOLEAN":
        yes = text.lower() == "true"
        answer = {"name": f"{attribute.name}: {'Yes' if yes else 'No'}", "boolean": yes}
        return value | answer | {"slug": f"{attribute.pk}_{str(yes).lower()}"}
    if attribute.input_type == "REFERENCE":
        pk = product_ids[text]
        name = product_names.get(text, text)
        return value | {"slug": f"{owner}_{pk}", "name": name, "reference": ids.to_global("Product", pk)}
    if attribute.input_type in ("DROPDOWN", "MULTISELECT"):
        return value | {"slug": slugify(text, allow_unicode=True) or value["slug"]}
    return value


def _make_stock_rows() -> None:
    """A stock row for every counted variant in every warehouse: a bulk update only changes rows that exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO embedded_core_stock (warehouse_id, variant_id, quantity, quantity_allocated)
            SELECT w.id, v.id, 0, 0
            FROM embedded_core_productvariant v CROSS JOIN embedded_core_warehouse w
            WHERE v.track_inventory
              AND NOT EXISTS (
                SELECT 1 FROM embedded_core_stock s WHERE s.variant_id = v.id AND s.warehouse_id = w.id
              )
            ORDER BY v.id, w.slug
            ON CONFLICT DO NOTHING
            """
        )
