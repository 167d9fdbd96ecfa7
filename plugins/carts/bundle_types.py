"""GraphQL types of the bundles in carts and orders."""

import datetime as dt
from decimal import Decimal

import strawberry
from django.utils.translation import gettext_lazy as _

from kernel.api import MoneyType
from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.bundles import sold
from plugins.bundles.compiled import Selected
from plugins.carts import bundle_returns, refunds
from plugins.carts.bundle_quotes import Difference, difference
from plugins.carts.models import Cart, CartBundle, Order


@strawberry.type
class CartBundleChange:
    """What a bundle is when it is quoted anew; where it cannot be, only `refusal` is set and says why."""

    due_today: MoneyType | None
    monthly: MoneyType | None
    total_over_term: MoneyType | None
    promise_date: dt.date | None
    refusal: str | None

    @classmethod
    def of(cls, found: Difference, cart: Cart) -> "CartBundleChange":
        def money(amount: Decimal | None) -> MoneyType | None:
            return None if amount is None else MoneyType.of(cart.money(amount))

        return cls(
            due_today=money(found.due_today),
            monthly=money(found.monthly),
            total_over_term=money(found.total_over_term),
            promise_date=found.promise_date,
            refusal=found.refusal or None,
        )


@strawberry.type
class BundleFirstBill:
    """What the first bill of a bundle says, as it was quoted."""

    date: dt.date
    total: MoneyType
    days: int = strawberry.field(description="How many days of the first period are served ...")
    of_days: int = strawberry.field(description="... of so many that it has.")


@strawberry.input
class BundleReturnInput:
    line_id: strawberry.ID = strawberry.field(description="A line of the order.")
    quantity: int


@strawberry.type
class BundleRefundLine:
    line_id: strawberry.ID
    amount: MoneyType = strawberry.field(description="With its tax and its deposit.")


@strawberry.type
class BundleRefund:
    lines: list[BundleRefundLine]
    withheld: MoneyType = strawberry.field(description="Discounts that the rest no longer deserves.")
    total: MoneyType = strawberry.field(description="What the customer gets back: the lines less what is withheld.")


@strawberry.type
class BundleCharacteristicValue:
    name: str
    value: str


@strawberry.type
class BundleSelection:
    """Units of a SKU that were chosen in an instance of a group, as the configurator takes them."""

    group: str
    instance: int
    sku: str
    quantity: int
    characteristics: list[BundleCharacteristicValue]

    @classmethod
    def of(cls, one: Selected) -> "BundleSelection":
        return cls(
            group=one.group,
            instance=one.instance,
            sku=one.sku,
            quantity=one.quantity,
            characteristics=[BundleCharacteristicValue(name=name, value=value) for name, value in one.characteristics],
        )


@strawberry.type(name="CartBundle")
class CartBundleType:
    """A configured bundle as it was quoted; its lines carry its id."""

    model: strawberry.Private[CartBundle]
    id: strawberry.ID
    offer_code: str
    name: str
    version: int = strawberry.field(description="The version of the offer that it was quoted by, and goes on with.")
    term: int
    due_today: MoneyType
    monthly: MoneyType
    total_over_term: MoneyType
    promise_date: dt.date | None
    qualification_id: strawberry.ID | None = strawberry.field(
        description="What it was dated by, where it has an address."
    )
    quote_expires_at: dt.datetime = strawberry.field(description="Until when price and version are kept in a cart.")

    @classmethod
    def of(cls, bundle: CartBundle, spoken: str) -> "CartBundleType":
        cart = bundle.cart
        return cls(
            model=bundle,
            id=strawberry.ID(str(bundle.pk)),
            offer_code=bundle.version.offer_id,
            name=bundle.name_in(spoken),
            version=bundle.version.number,
            term=bundle.term,
            due_today=MoneyType.of(cart.money(bundle.due_today)),
            monthly=MoneyType.of(cart.money(bundle.monthly_price)),
            total_over_term=MoneyType.of(cart.money(bundle.total_over_term)),
            promise_date=bundle.promise_date,
            qualification_id=strawberry.ID(bundle.qualification_id) if bundle.qualification_id else None,
            quote_expires_at=bundle.expires_at,
        )

    @strawberry.field(description="The first bill at the price that was quoted, its first period by the day.")
    def first_bill(self) -> BundleFirstBill:
        bill = bundle_returns.price_of(self.model).first_bill
        return BundleFirstBill(date=bill.date, total=MoneyType.of(bill.total), days=bill.days, of_days=bill.of_days)

    @strawberry.field(
        description="What was chosen, to be changed; empty after the order. What was told of it is the customer's own: "
        "whoever may change the cart sees it, nobody else."
    )
    def selections(self) -> list[BundleSelection]:
        if self.model.cart.state == Cart.State.COMPLETED:
            return []
        return [BundleSelection.of(one) for one in sold.selected(self.model.selections, self.model.characteristics)]

    @strawberry.field(
        description="What it costs now and from when it works, once the quote has run out; null while it holds and "
        "after the order. The next completion tells it as PRICE_CHANGED or DATE_CHANGED."
    )
    def requoted(self) -> CartBundleChange | None:
        found = None if self.model.cart.state == Cart.State.COMPLETED else difference(self.model)
        return CartBundleChange.of(found, self.model.cart) if found is not None else None

    @strawberry.field(
        description="What comes back when these parts of an ordered bundle are returned before its first bill: each "
        "with its share of the discounts, to the cent. Changes nothing."
    )
    def refund(self, lines: list[BundleReturnInput]) -> BundleRefund:
        order = Order.objects.filter(cart=self.model.cart).first()
        if order is None:
            message = _("Only what was ordered can be returned.")
            raise ApiError(NOT_AVAILABLE, message, field="lines")
        wanted = [(str(one.line_id), one.quantity) for one in lines]
        before = refunds.returned_before(order)
        found = bundle_returns.refund(self.model, list(order.lines.all()), wanted, before)
        return BundleRefund(
            lines=[
                BundleRefundLine(line_id=strawberry.ID(str(line.pk)), amount=MoneyType.of(money))
                for line, money in found.lines
            ],
            withheld=MoneyType.of(found.withheld),
            total=MoneyType.of(found.total),
        )
