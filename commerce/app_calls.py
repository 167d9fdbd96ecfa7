"""What the suite asks a core about itself and about a catalogue that it is to take over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce import convert
from commerce.calls import always, connections, pages, read
from commerce.client import input_types as inputs
from commerce.errors import CoreRefused
from commerce.records import CoreProduct
from commerce.transport import SLOW_READ_SECONDS, Transport

PAGE = 100  # the most that Saleor gives
PRODUCT_PAGE = 50


@dataclass(frozen=True, slots=True)
class CoreWebhook:
    """A webhook of our App as the core has it; `query` is empty for one that takes events without a query."""

    name: str
    is_active: bool
    target_url: str
    query: str


@dataclass(frozen=True, slots=True)
class CoreIdentity:
    """Who the core says we are. `app_id` is empty when the token is no App's; `identifier` is the manifest's id."""

    version: str
    app_id: str
    identifier: str
    name: str
    is_active: bool
    app_version: str
    permissions: frozenset[str]
    webhooks: tuple[CoreWebhook, ...]


@dataclass(frozen=True, slots=True)
class ProductTypeFacts:
    """A product type. `metadata` may name its `kind` and `tracking`."""

    slug: str
    name: str
    is_shipping_required: bool
    kind: str
    tracking: str


@dataclass(frozen=True, slots=True)
class AttributeFacts:
    """An attribute; `input_type` is Saleor's."""

    slug: str
    name: str
    input_type: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Some products and where the next page begins; `after` is empty on the last. `total` where it was asked for."""

    products: tuple[CoreProduct, ...]
    after: str
    total: int | None


@dataclass(frozen=True, slots=True)
class StockPage:
    """(variant id, quantity) of a warehouse, and where the next page begins; `after` is empty on the last."""

    rows: tuple[tuple[str, int], ...]
    after: str


class AppCalls:
    """A part of `commerce.core.Core`."""

    _client: Transport

    @classmethod
    def bare(cls, url: str, token: str) -> "AppCalls":
        """Such a connection alone, whose refusals concern nobody else."""
        made = cls.__new__(cls)
        made._client = Transport(url, token)
        return made

    def identity(self) -> CoreIdentity:
        """Who we are to the core, and its version. CoreRefused PERMISSION_DENIED when it does not know the token."""
        found = read(self._client.app_identity)
        app = found.app
        if app is None:
            return CoreIdentity(found.shop.version, "", "", "", False, "", frozenset(), ())
        return CoreIdentity(
            version=found.shop.version,
            app_id=app.id,
            identifier=app.identifier or "",
            name=app.name or "",
            is_active=bool(app.is_active),
            app_version=app.version or "",
            permissions=frozenset(permission.code.value for permission in app.permissions or ()),
            webhooks=tuple(
                CoreWebhook(item.name or "", item.is_active, item.target_url, item.subscription_query or "")
                for item in app.webhooks or ()
            ),
        )

    def product_types(self) -> list[ProductTypeFacts]:
        """All product types."""
        nodes = pages(lambda **page: self._client.product_types(first=PAGE, **page).product_types)
        return [
            ProductTypeFacts(
                slug=node.slug,
                name=node.name,
                is_shipping_required=node.is_shipping_required,
                kind=(found := convert.metadata(node.metadata)).get("kind", ""),
                tracking=found.get("tracking", ""),
            )
            for node in nodes
        ]

    def attributes(self) -> list[AttributeFacts]:
        """All attributes."""
        nodes = pages(lambda **page: self._client.attributes(first=PAGE, **page).attributes)
        return [
            AttributeFacts(node.slug or "", node.name or "", node.input_type.value if node.input_type else "")
            for node in nodes
            if node.slug
        ]

    def product_pages(
        self,
        channel: str,
        *,
        after: str = "",
        updated_since: datetime | None = None,
        go_on: Callable[[], bool] = always,
    ) -> Iterator[ProductPage]:
        """The products of a channel page by page, from a cursor on, until `go_on` says no; hidden ones too, as
        `iter_products`.

        While the caller works on one page, a thread reads the next.
        """
        where = inputs.ProductWhereInput()
        if updated_since is not None:
            where.updated_at = inputs.DateTimeFilterInput(range=inputs.DateTimeRangeInput(gte=updated_since))

        def load(**page: Any) -> Any:
            return self._client.products(
                channel=channel, first=PRODUCT_PAGE, where=where, timeout=SLOW_READ_SECONDS, **page
            ).products

        for found in connections(load, after, go_on):
            yield ProductPage(
                products=tuple(convert.product(edge.node, channel) for edge in found.edges),
                after=(found.page_info.end_cursor or "") if found.page_info.has_next_page else "",
                total=found.total_count,
            )

    def stock_pages(
        self, warehouse_id: str, *, after: str = "", go_on: Callable[[], bool] = always
    ) -> Iterator[StockPage]:
        """What a warehouse holds, page by page from a cursor on, until `go_on` says no.

        CoreRefused NOT_FOUND when it is gone.
        """

        def load(**page: Any) -> Any:
            warehouse = self._client.warehouse_stock_page(id=warehouse_id, first=PAGE, **page).warehouse
            if warehouse is None:
                raise CoreRefused("NOT_FOUND", f"The core has no warehouse {warehouse_id}.", "id")
            return warehouse.stocks

        for found in connections(load, after, go_on):
            yield StockPage(
                rows=tuple((edge.node.product_variant.id, edge.node.quantity) for edge in found.edges),
                after=(found.page_info.end_cursor or "") if found.page_info.has_next_page else "",
            )
