"""Everything that a bulk of orders names, read in one query per table."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from embedded_core import ids
from embedded_core.models import Channel, Order, ProductVariant, TaxClass, User, Warehouse

M = TypeVar("M", bound=Model)


class Lookup:
    """Rows by their global ids, SKUs, slugs and e-mail addresses; what does not exist is missing."""

    def __init__(self, orders: Sequence[dict[str, Any]]) -> None:
        lines = [line for order in orders for line in _lines(order)]
        places = [line.get("warehouse") for line in lines]
        places += [(order.get("delivery_method") or {}).get("warehouse_id") for order in orders]
        self._rows: dict[type[Model], dict[Any, Model]] = {
            Warehouse: _rows(Warehouse.objects.all(), places),
            TaxClass: _rows(TaxClass.objects.all(), [line.get("tax_class_id") for line in lines]),
            User: _rows(User.objects.all(), [order["user"].get("id") for order in orders]),
        }
        emails = {(order["user"].get("email") or "").lower() for order in orders}
        self.users_by_email = {user.email: user for user in User.objects.filter(email__in=emails)}
        variant_keys = _keys(ProductVariant, [line.get("variant_id") for line in lines])
        skus = {line["variant_sku"] for line in lines if line.get("variant_sku")}
        variants = ProductVariant.objects.select_related("product").filter(Q(pk__in=variant_keys) | Q(sku__in=skus))
        self._variants = {variant.pk: variant for variant in variants}
        self._by_sku = {variant.sku: variant for variant in self._variants.values()}
        self.channels = {row.slug: row for row in Channel.objects.filter(slug__in={o["channel"] for o in orders})}
        references = {order.get("external_reference") for order in orders} - {None}
        known = Order.objects.filter(external_reference__in=references)
        self.references = set(known.values_list("external_reference", flat=True))

    def find(self, text: str | None, model: type[M]) -> M | None:
        """The row of a warehouse, tax class or user with this global id."""
        try:
            return self._rows[model].get(ids.key_of(text or "", model))  # type: ignore[return-value]
        except ids.InvalidId:
            return None

    def variant(self, data: dict[str, Any]) -> ProductVariant | None:
        """The variant that a line names by id or by SKU."""
        if data.get("variant_id"):
            try:
                return self._variants.get(ids.key_of(data["variant_id"], ProductVariant))
            except ids.InvalidId:
                return None
        return self._by_sku.get(data.get("variant_sku") or "")


def _lines(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from order["lines"]
    for fulfillment in order.get("fulfillments") or ():
        yield from fulfillment.get("lines") or ()


def _keys(model: type[Model], texts: Sequence[str | None]) -> set[Any]:
    keys = set()
    for text in texts:
        try:
            keys.add(ids.key_of(text or "", model))
        except ids.InvalidId:
            continue
    return keys


def _rows(queryset: "QuerySet[M]", texts: Sequence[str | None]) -> dict[Any, M]:
    return queryset.in_bulk(_keys(queryset.model, texts))
