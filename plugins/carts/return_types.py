"""GraphQL types of returns: what they would bring back, and what came back."""

import datetime as dt
from decimal import Decimal

import strawberry

from kernel.api import MoneyType
from plugins.carts import refunds
from plugins.carts.models import Order, OrderReturn
from plugins.carts.payment_types import PaymentMethod


@strawberry.input
class OrderReturnInput:
    line_id: strawberry.ID
    quantity: int


@strawberry.type
class OrderRefundLine:
    """What units of a line bring back, as a line of the register's entry tells it."""

    line_id: strawberry.ID
    sku: str
    quantity: int = strawberry.field(description="How many come back; negative in the entry.")
    unit_price: Decimal
    discount: Decimal = strawberry.field(description="Brings unitPrice x -quantity to what is given back.")
    tax: Decimal = strawberry.field(description="Negative, as in the entry.")
    amount: MoneyType = strawberry.field(description="Given back for these units, tax included.")

    @classmethod
    def of(cls, one: refunds.LineRefund, order: Order) -> "OrderRefundLine":
        net = one.amount if order.channel.prices_include_tax else one.amount - one.tax
        unit_price = order.money(one.line.unit_price).amount
        return cls(
            line_id=strawberry.ID(str(one.line.pk)),
            sku=one.line.sku,
            quantity=one.quantity,
            unit_price=unit_price,
            discount=order.money(net - unit_price * one.quantity).amount,
            tax=-order.money(one.tax).amount,
            amount=MoneyType.of(order.money(one.amount)),
        )


@strawberry.type
class OrderRefundPart:
    method: PaymentMethod
    amount: MoneyType
    by_provider: bool = strawberry.field(
        description="True where the card is paid back by its provider, without anything at the counter."
    )


@strawberry.type
class OrderRefund:
    lines: list[OrderRefundLine]
    withheld: MoneyType = strawberry.field(
        description="Discounts that the rest no longer deserves; left out of the lines already."
    )
    tax: MoneyType
    total: MoneyType = strawberry.field(description="What the customer gets back.")
    payments: list[OrderRefundPart] = strawberry.field(
        description="The ways in which it was paid, and goes back; in cash what an old device had brought."
    )

    @classmethod
    def of(cls, found: refunds.OrderRefund, order: Order) -> "OrderRefund":
        return cls(
            lines=[OrderRefundLine.of(one, order) for one in found.lines],
            withheld=MoneyType.of(order.money(found.withheld)),
            tax=MoneyType.of(order.money(found.tax)),
            total=MoneyType.of(order.money(found.total)),
            payments=[
                OrderRefundPart(
                    method=PaymentMethod(payment.method),
                    amount=MoneyType.of(order.money(amount)),
                    by_provider=bool(payment.provider),
                )
                for payment, amount in found.payments
            ]
            + [
                OrderRefundPart(method=PaymentMethod.CASH, amount=MoneyType.of(order.money(amount)), by_provider=False)
                for amount in [found.for_old_devices]
                if amount
            ],
        )


@strawberry.type
class OrderReturnLine:
    line_id: strawberry.ID
    quantity: int
    serials: list[str]
    condition: str
    amount: MoneyType


@strawberry.type(name="OrderReturn")
class OrderReturnType:
    """Units that came back together."""

    id: strawberry.ID = strawberry.field(description="The clientId of the register's entry.")
    at: dt.datetime
    total: MoneyType
    withheld: MoneyType
    lines: list[OrderReturnLine]

    @classmethod
    def of(cls, made: OrderReturn, order: Order) -> "OrderReturnType":
        return cls(
            id=strawberry.ID(made.key),
            at=made.at,
            total=MoneyType.of(order.money(made.total)),
            withheld=MoneyType.of(order.money(made.withheld)),
            lines=[
                OrderReturnLine(
                    line_id=strawberry.ID(str(row.line_id)),
                    quantity=row.quantity,
                    serials=row.serials,
                    condition=row.condition,
                    amount=MoneyType.of(order.money(row.amount)),
                )
                for row in made.lines.all()
            ],
        )
