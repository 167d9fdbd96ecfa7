"""A commerce core in memory, at the port `commerce.core.core()`: the functions that carts call, failing as the real
one does. Prices are what `sell` says; `fail` makes the next calls of a function fail before or after their work.
"""

import uuid
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from commerce import records
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.transport import forbid_transaction
from kernel import clock
from kernel.money import tax_on

ZERO = Decimal("0.00")


class FakeCore:
    """One core. `calls` counts calls by name; `orders` and `checkouts` are what it holds."""

    def __init__(self):
        self.prices, self.stock = {}, {}
        self.checkouts, self.orders, self.by_checkout = {}, {}, {}
        self.attached = []  # customers, in the order in which checkouts were made theirs
        self.metadata = {}
        self.calls = defaultdict(int)
        self._faults = defaultdict(list)

    def sell(self, variant_id, sku, price, rate, stock=None):
        self.prices[variant_id] = (sku, Decimal(price), Decimal(rate))
        self.stock[variant_id] = stock

    def fail(self, name, *, times=1, after=False, error=None):
        """Fail the next calls of `name`: before the work, or `after` it (a lost reply)."""
        self._faults[name] += [(after, error or CoreUnavailable("no answer"))] * times

    @contextmanager
    def _call(self, name):
        forbid_transaction()
        self.calls[name] += 1
        after, error = self._faults[name].pop(0) if self._faults[name] else (False, None)
        if error and not after:
            raise error
        yield
        if error:
            raise error

    def create_checkout(self, draft):
        with self._call("create_checkout"):
            unknown = [line.variant_id for line in draft.lines if line.variant_id not in self.prices]
            if unknown:
                raise CoreRefused("UNAVAILABLE_VARIANT_IN_CHANNEL", "Not sold.", "lines", variants=tuple(unknown))
            made = records.CoreCheckout(
                id=f"checkout-{uuid.uuid4()}",
                email=draft.email,
                is_shipping_required=True,
                lines=tuple(self._line(line) for line in draft.lines),
                warehouse_id=None,
                collection_points={},
                discount=ZERO,
                subtotal=_price(ZERO, ZERO),
                total=_price(ZERO, ZERO),
                transactions=(),
            )
            net, tax = (sum((getattr(line.total, part) for line in made.lines), ZERO) for part in ("net", "tax"))
            self.checkouts[made.id] = replace(made, subtotal=_price(net, tax), total=_price(net, tax))
        return self.checkouts[made.id]

    def begin_checkout(self, draft):
        return self.create_checkout(draft).id

    def _line(self, line):
        sku, price, rate = self.prices[line.variant_id]
        price = price if line.price is None else line.price
        net = price * line.quantity
        return records.CoreCheckoutLine(
            id=f"line-{uuid.uuid4()}",
            variant_id=line.variant_id,
            sku=sku,
            quantity=line.quantity,
            unit_price=_price(price, tax_on(price, rate, "USD")),
            total=_price(net, tax_on(net, rate, "USD")),
            metadata=dict(line.metadata),
        )

    def attach_customer(self, id, customer_id):
        with self._call("attach_customer"):
            self.checkouts[id] = replace(self.checkouts[id], customer_id=customer_id)
            self.attached.append(customer_id)

    def set_checkout_delivery(self, id, warehouse_id):
        with self._call("set_checkout_delivery"):
            self.checkouts[id] = replace(self.checkouts[id], warehouse_id=warehouse_id)
        return self.checkouts[id]

    def create_transaction(
        self,
        id,
        *,
        psp_reference,
        currency,
        name,
        amount_authorized=None,
        amount_charged=None,
        asked_before=True,
    ):
        with self._call("create_transaction"):
            store = self.checkouts if id in self.checkouts else self.orders
            if id not in store:
                raise CoreRefused("NOT_FOUND", "No such object.", "id")
            # Whoever does not look first makes a second one, as in the core.
            there = store[id].transactions if asked_before else ()
            known = [item for item in there if item.psp_reference == psp_reference]
            made = (
                known[0]
                if known
                else records.CoreTransaction(
                    id=f"transaction-{uuid.uuid4()}",
                    psp_reference=psp_reference,
                    authorized=amount_authorized or ZERO,
                    charged=amount_charged or ZERO,
                    refunded=ZERO,
                )
            )
            if not known:
                store[id] = replace(store[id], transactions=(*store[id].transactions, made))
        return made

    def complete_checkout(self, id):
        with self._call("complete_checkout"):
            if id not in self.by_checkout:
                self._place(id)
        return self.orders[self.by_checkout[id]]

    def _place(self, id):
        if id not in self.checkouts:
            raise CoreRefused("NOT_FOUND", "No such checkout.", "id")
        checkout = self.checkouts[id]
        short = tuple(
            line.variant_id
            for line in checkout.lines
            if self.stock[line.variant_id] is not None and self.stock[line.variant_id] < line.quantity
        )
        if short:
            raise CoreRefused("INSUFFICIENT_STOCK", "Insufficient product stock.", "lines", variants=short)
        now = clock.now()
        order = records.CoreOrder(
            id=f"order-{uuid.uuid4()}",
            number=str(len(self.orders) + 1),
            status="UNFULFILLED",
            charge_status="NONE",
            external_reference=None,
            created=now,
            updated_at=now,
            email=checkout.email,
            channel="us",
            warehouse_id=checkout.warehouse_id,
            collection_point_name=None,
            metadata={},
            lines=tuple(
                records.CoreOrderLine(
                    id=f"order-{line.id}",
                    sku=line.sku,
                    product_name=line.sku or "",
                    quantity=line.quantity,
                    quantity_fulfilled=0,
                    unit_price=line.unit_price,
                    total=line.total,
                    metadata=line.metadata,
                )
                for line in checkout.lines
            ),
            total=checkout.total,
            transactions=checkout.transactions,
        )
        self.orders[order.id], self.by_checkout[id] = order, order.id
        del self.checkouts[id]

    def order(self, id):
        with self._call("order"):
            return self.orders.get(id)

    def cancel_order(self, id):
        with self._call("cancel_order"):
            self.orders[id] = replace(self.orders[id], status="CANCELED")
        return self.orders[id]

    def report_charge(self, transaction_id, *, amount, psp_reference):
        return self._report("report_charge", transaction_id, authorized=ZERO, charged=amount)

    def report_void(self, transaction_id, *, amount, psp_reference):
        return self._report("report_void", transaction_id, authorized=ZERO)

    def report_refund(self, transaction_id, *, amount, psp_reference):
        return self._report("report_refund", transaction_id, charged=ZERO, refunded=amount)

    def update_metadata(self, id, values):
        with self._call("update_metadata"):
            self.metadata.setdefault(id, {}).update(values)

    def _report(self, name, transaction_id, **values):
        with self._call(name):
            for store in (self.checkouts, self.orders):
                for key, owner in store.items():
                    store[key] = replace(
                        owner,
                        transactions=tuple(
                            replace(item, **values) if item.id == transaction_id else item
                            for item in owner.transactions
                        ),
                    )


def _price(net, tax):
    return records.CorePrice(net=net, tax=tax, gross=net + tax, currency="USD")
