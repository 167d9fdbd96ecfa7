"""The commerce core as the suite sees it: `core()` gives a `Core` of plain functions.

The records are in `commerce.records`, the errors in `commerce.errors`: every method raises
`CoreUnavailable` (try later; after a write the outcome is unknown) or `CoreRefused` (the core's answer
is no), and RuntimeError when called inside a database transaction. Reads and idempotent calls are
repeated by themselves; each method says what a second call does. Ids are the core's opaque ids.
"""

import os
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from ipaddress import ip_address
from typing import Any

import httpx

from commerce import connection, convert, versions
from commerce.app_calls import AppCalls
from commerce.calls import pages, present, read, repeat, write
from commerce.client import input_types as inputs
from commerce.client.enums import ErrorPolicyEnum, StockUpdatePolicyEnum, TransactionEventTypeEnum
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.promotion_calls import PromotionCalls
from commerce.records import (
    CheckoutDraft,
    CoreChannel,
    CoreCheckout,
    CoreOrder,
    CoreOrderStock,
    CoreProduct,
    CoreTokens,
    CoreTransaction,
    CoreUser,
    CoreWarehouse,
    PosOrderDraft,
)
from commerce.stock_calls import StockCalls
from commerce.transport import SLOW_READ_SECONDS, Transport, refusal

PRODUCT_PAGE = 50
PAGE = 100  # the most that Saleor gives


def core() -> "Core":
    """The core that this suite belongs to (see `commerce.connection`).

    CoreUnavailable when there is none, and for a while after the core has refused our token.
    """
    found = connection.current()
    connection.check_token(found)
    return _core(found.url, found.token, os.getpid())


@lru_cache(maxsize=8)
def _core(url: str, token: str, _process: int) -> "Core":
    # One connection pool per process: a forked worker must not share its parent's sockets.
    return Core(url, token)


class Core(AppCalls, PromotionCalls, StockCalls):
    """A connection to one core. Thread-safe."""

    def __init__(self, url: str, token: str, *, wire: httpx.BaseTransport | None = None) -> None:
        """`wire` carries the requests in place of the network: to record them, or to replay a record."""
        self._client = Transport(url, token, wire=wire)
        self._told = ""  # its version
        self._client.on_denied = partial(connection.token_denied, url, token)

    # Catalogue

    def version(self) -> str:
        """The core's version; also the cheapest way to learn whether it answers and accepts our key."""
        self._told = str(read(self._client.core_version).shop.version)
        return self._told

    def _version_once(self) -> str:
        # A core that is upgraded meanwhile takes what it took before.
        return self._told or self.version()

    def channels(self) -> list[CoreChannel]:
        """All channels, inactive ones too."""
        return [convert.channel(node) for node in read(self._client.channels).channels or ()]

    def warehouses(self) -> list[CoreWarehouse]:
        """All warehouses."""
        nodes = pages(lambda **page: self._client.warehouses(first=PAGE, **page).warehouses)
        return [convert.warehouse(node) for node in nodes]

    def iter_products(
        self, channel: str, *, updated_since: datetime | None = None, ids: Sequence[str] | None = None
    ) -> Iterator[CoreProduct]:
        """Products with prices of `channel` (a slug): all, those changed since a time, or those given.

        Also those that the merchant hides there: see `CoreProduct.published`.
        """
        where = inputs.ProductWhereInput()
        if updated_since is not None:
            where.updated_at = inputs.DateTimeFilterInput(range=inputs.DateTimeRangeInput(gte=updated_since))
        if ids is not None:
            where.ids = list(ids)
        nodes = pages(
            lambda **page: (
                self._client.products(
                    channel=channel, first=PRODUCT_PAGE, where=where, timeout=SLOW_READ_SECONDS, **page
                ).products
            )
        )
        return (convert.product(node, channel) for node in nodes)

    def product(self, id: str, channel: str) -> CoreProduct | None:
        """One product with prices of `channel`, hidden or not, or None when it is gone."""
        node = read(lambda: self._client.product_by_id(id=id, channel=channel)).product
        return convert.product(node, channel) if node else None

    # Checkout

    def create_checkout(self, draft: CheckoutDraft) -> CoreCheckout:
        """A new checkout, every time it is called; one whose reply was lost stays unused in the core."""
        asked = self._checkout_input(draft)
        made = write(lambda: self._client.checkout_create(asked)).checkout_create
        return convert.checkout(present(made.checkout, "checkout"))

    def begin_checkout(self, draft: CheckoutDraft) -> str:
        """As `create_checkout`, for whoever changes it next: its id alone, without what it costs yet."""
        asked = self._checkout_input(draft)
        made = write(lambda: self._client.checkout_begin(asked)).checkout_create
        return str(present(made.checkout, "checkout").id)

    def _checkout_input(self, draft: CheckoutDraft) -> inputs.CheckoutCreateInput:
        reasons = any(line.price_reason for line in draft.lines) and versions.has_price_reasons(self._version_once())
        return convert.checkout_input(draft, price_reasons=reasons)

    def checkout(self, id: str) -> CoreCheckout | None:
        """The checkout with its current totals, or None when it is gone (completed ones are)."""
        node = read(lambda: self._client.checkout(id=id)).checkout
        return convert.checkout(node) if node else None

    def set_checkout_delivery(self, id: str, warehouse_id: str) -> CoreCheckout:
        """Choose the collection point; idempotent. The core checks its stock only at completion.

        It wants a stock row there of every variant, of plans and services too; those that are missing are made.
        """

        def choose() -> Any:
            return self._client.checkout_delivery_method_update(id=id, delivery_method_id=warehouse_id)

        try:
            made = repeat(choose).checkout_delivery_method_update
        except CoreRefused as refused:
            if refused.code != "DELIVERY_METHOD_NOT_APPLICABLE" or not self._make_rows(id, warehouse_id):
                raise
            made = repeat(choose).checkout_delivery_method_update
        return convert.checkout(present(made.checkout, "checkout"))

    def attach_customer(self, id: str, customer_id: str) -> None:
        """Make the checkout a customer's, so that the order is among theirs; idempotent.

        The checkout's e-mail address becomes the customer's. One that is another customer's is refused.
        """
        try:
            repeat(lambda: self._client.checkout_customer_attach(id=id, customer_id=customer_id))
        except CoreRefused as refused:
            # The core refuses whoever attaches twice, the same customer too.
            known = self.checkout(id) if refused.code == "PERMISSION_DENIED" else None
            if known is None or known.customer_id != customer_id:
                raise

    def _make_rows(self, id: str, warehouse_id: str) -> bool:
        checkout = self.checkout(id)
        variant_ids = list(dict.fromkeys(line.variant_id for line in checkout.lines)) if checkout else []
        return self.make_stock_rows(variant_ids, warehouse_id)

    def complete_checkout(self, id: str) -> CoreOrder:
        """Turn the checkout into an order; idempotent: a second call gives the same order."""
        made = repeat(lambda: self._client.checkout_complete(id=id)).checkout_complete
        return convert.order(present(made.order, "order"))

    # Payments

    def create_transaction(
        self,
        id: str,
        *,
        psp_reference: str,
        currency: str,
        name: str,
        amount_authorized: Decimal | None = None,
        amount_charged: Decimal | None = None,
        asked_before: bool = True,
    ) -> CoreTransaction:
        """Record a payment on a checkout or an order, once per `psp_reference`.

        The core itself would record a second call as a second payment; so its transactions are read first and
        the write is not repeated here. After CoreUnavailable call again: that reads first, too. Only who knows that
        it was never asked for before, whatever crashed, may say so and spare the reading.
        """
        transactions = self._transactions(id) if asked_before else ()
        known = [item for item in transactions if item.psp_reference == psp_reference]
        if known:
            return known[0]
        transaction = inputs.TransactionCreateInput(name=name, pspReference=psp_reference)
        if amount_authorized is not None:
            transaction.amount_authorized = inputs.MoneyInput(amount=amount_authorized, currency=currency)
        if amount_charged is not None:
            transaction.amount_charged = inputs.MoneyInput(amount=amount_charged, currency=currency)
        made = write(lambda: self._client.transaction_create(id=id, transaction=transaction)).transaction_create
        return convert.transaction(present(made.transaction, "transaction"))

    def report_charge(self, transaction_id: str, *, amount: Decimal, psp_reference: str) -> CoreTransaction:
        """Record money taken on an authorisation; idempotent by `psp_reference` (the charge's own)."""
        return self._report(transaction_id, TransactionEventTypeEnum.CHARGE_SUCCESS, amount, psp_reference)

    def report_refund(self, transaction_id: str, *, amount: Decimal, psp_reference: str) -> CoreTransaction:
        """Record money given back; idempotent by `psp_reference` (of the refund)."""
        return self._report(transaction_id, TransactionEventTypeEnum.REFUND_SUCCESS, amount, psp_reference)

    def report_void(self, transaction_id: str, *, amount: Decimal, psp_reference: str) -> CoreTransaction:
        """Record an authorisation let go; idempotent by `psp_reference` (of the cancellation)."""
        return self._report(transaction_id, TransactionEventTypeEnum.CANCEL_SUCCESS, amount, psp_reference)

    def _report(self, id: str, kind: TransactionEventTypeEnum, amount: Decimal, psp_reference: str) -> CoreTransaction:
        made = repeat(
            lambda: self._client.transaction_event_report(id=id, type_=kind, amount=amount, psp_reference=psp_reference)
        ).transaction_event_report
        return convert.transaction(present(made.transaction, "transaction"))

    def _transactions(self, id: str) -> tuple[CoreTransaction, ...]:
        owner = self.order(id) if b64decode(id).startswith(b"Order:") else self.checkout(id)
        if owner is None:
            raise CoreRefused("NOT_FOUND", f"The core has no checkout or order {id}.", "id")
        return owner.transactions

    # Orders

    def order(self, id: str) -> CoreOrder | None:
        """The order, or None when the core has none of this id."""
        node = read(lambda: self._client.order(id=id)).order
        return convert.order(node) if node else None

    def order_by_external_reference(self, reference: str) -> CoreOrder | None:
        """The order made with this external reference, or None."""
        node = read(lambda: self._client.order_by_external_reference(reference=reference)).order
        return convert.order(node) if node else None

    def order_stock(self, id: str) -> CoreOrderStock | None:
        """What an order has allocated and what of it has left, as it is now; None when the core has none of this id."""
        node = read(lambda: self._client.order_stock(id=id)).order
        return convert.order_stock(node) if node else None

    def fulfil_order(
        self,
        order_id: str,
        lines: Sequence[tuple[str, int]],
        warehouse_id: str,
        *,
        allow_short: bool = False,
    ) -> CoreOrder:
        """Bring each (order line id, quantity) to that fulfilled quantity IN ALL, from one warehouse.

        Idempotent: what is fulfilled already is not fulfilled again, so a second call changes nothing.
        A cancelled order is refused with INVALID. With `allow_short` the core books out what it believes it has
        not: the goods have left the store. The core does not send its own e-mail.
        """
        order = self._existing_order(order_id)
        if order.status == "CANCELED":
            # The core itself would hand it over: nothing in it looks.
            raise CoreRefused("INVALID", "The order is cancelled.", "order")
        done = {line.id: line.quantity_fulfilled for line in order.lines}
        unknown = [line_id for line_id, _quantity in lines if line_id not in done]
        if unknown:
            raise CoreRefused("NOT_FOUND", "The order has no such line.", "lines", lines=tuple(unknown))
        due = [(line_id, quantity - done[line_id]) for line_id, quantity in lines if quantity > done[line_id]]
        if not due:
            return order
        fulfilment = inputs.OrderFulfillInput(
            notifyCustomer=False,
            allowStockToBeExceeded=allow_short,
            lines=[
                inputs.OrderFulfillLineInput(
                    orderLineId=line_id,
                    stocks=[inputs.OrderFulfillStockInput(quantity=quantity, warehouse=warehouse_id)],
                )
                for line_id, quantity in due
            ],
        )
        made = write(lambda: self._client.order_fulfill(order=order_id, input=fulfilment)).order_fulfill
        return convert.order(present(made.order, "order"))

    def cancel_order(self, id: str) -> CoreOrder:
        """Cancel the order and free its stock in the core; idempotent.

        Refused with CANNOT_CANCEL_ORDER once fulfilled. Money is not given back by this: see `report_refund`.
        """
        order = self._existing_order(id)
        if order.status == "CANCELED":
            return order
        made = write(lambda: self._client.order_cancel(id=id)).order_cancel
        return convert.order(present(made.order, "order"))

    def return_order(self, order_id: str, lines: Sequence[tuple[str, int]]) -> CoreOrder:
        """Bring each (order line id, quantity) to that returned quantity IN ALL; idempotent.

        Works for orders of a checkout and for recorded sales alike. The core puts nothing back into stock and gives
        no money back by this: see `push_stock` and `report_refund`. Refused with INVALID_QUANTITY when fewer left.
        """
        order = self._existing_order(order_id)
        due: list[inputs.OrderReturnFulfillmentLineInput] = []
        for line_id, quantity in lines:
            parts = [part for part in order.fulfilled if part.order_line_id == line_id]
            missing = quantity - sum(part.quantity for part in parts if part.returned)
            for part in parts:
                units = 0 if part.returned else min(part.quantity, missing)
                if units > 0:
                    due.append(inputs.OrderReturnFulfillmentLineInput(fulfillmentLineId=part.id, quantity=units))
                    missing -= units
            if missing > 0:
                raise CoreRefused("INVALID_QUANTITY", "So many have not left the store.", "lines", lines=(line_id,))
        if not due:
            return order
        wanted = inputs.OrderReturnProductsInput(fulfillmentLines=due)
        made = write(lambda: self._client.order_return(order=order_id, input=wanted))
        return convert.order(present(made.order_fulfillment_return_products.order, "order"))

    def _existing_order(self, id: str) -> CoreOrder:
        order = self.order(id)
        if order is None:
            raise CoreRefused("NOT_FOUND", f"The core has no order {id}.", "id")
        return order

    def bulk_create_pos_order(self, draft: PosOrderDraft) -> CoreOrder:
        """Record a finished sale, once per `draft.external_reference`. The core's stock is left alone."""
        wanted = {line.product_id for line in draft.lines}
        found = self.iter_products(draft.channel, ids=sorted(wanted))
        tax_classes = dict.fromkeys(wanted) | {product.id: product.tax_class_id for product in found}
        order = convert.pos_order_input(draft, tax_classes)
        made = repeat(
            lambda: self._client.order_bulk_create(
                orders=[order],
                error_policy=ErrorPolicyEnum.REJECT_EVERYTHING,
                stock_update_policy=StockUpdatePolicyEnum.SKIP,
            )
        ).order_bulk_create
        result = made.results[0] if made.results else None
        if result and result.order:
            return convert.order(result.order)
        found_wrong = (result.errors if result else None) or made.errors
        errors = [error.model_dump(mode="json") for error in found_wrong]
        if any(error["code"] == "UNIQUE" for error in errors):
            # Recorded before, and the reply was lost.
            recorded = self.order_by_external_reference(draft.external_reference)
            if recorded:
                return recorded
        if not errors:
            raise CoreUnavailable("The core neither made the order nor refused it.")
        raise refusal(errors[0])

    # People and metadata

    def token_create(self, email: str, password: str, *, place: str = "") -> CoreTokens:
        """Sign a shopper in; CoreRefused INVALID_CREDENTIALS for a wrong password or unknown address.

        `place` is the shopper's network address: the core slows down guesses by address (LOGIN_ATTEMPT_DELAYED),
        which would be ours for all shoppers.
        """
        headers = {"X-Forwarded-For": place} if _is_address(place) else {}
        made = write(lambda: self._client.token_create(email=email, password=password, headers=headers)).token_create
        return _tokens(made, refresh_token=made.refresh_token or "")

    def token_refresh(self, refresh_token: str) -> CoreTokens:
        """A new access token; raises CoreRefused when the refresh token is worn out or forged."""
        made = repeat(lambda: self._client.token_refresh(refresh_token=refresh_token)).token_refresh
        return _tokens(made, refresh_token="")

    def customer_by_email(self, email: str) -> CoreUser | None:
        """The customer with exactly this address (case aside), or None."""
        found = read(lambda: self._client.customer_by_email(email=email)).customers
        nodes = [edge.node for edge in found.edges] if found else []
        return next((convert.user(node) for node in nodes if node.email.lower() == email.lower()), None)

    def update_metadata(self, id: str, values: Mapping[str, str]) -> None:
        """Set public metadata of any object; other keys stay. Idempotent."""
        repeat(lambda: self._client.metadata_update(id=id, input=convert.metadata_input(values)))

    def update_private_metadata(self, id: str, values: Mapping[str, str]) -> None:
        """Set private metadata, which only staff and our key can read; other keys stay. Idempotent."""
        repeat(lambda: self._client.private_metadata_update(id=id, input=convert.metadata_input(values)))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _tokens(made: Any, refresh_token: str) -> CoreTokens:
    token = present(made.token, "token")
    return CoreTokens(token=token, refresh_token=refresh_token, user=convert.user(present(made.user, "user")))
