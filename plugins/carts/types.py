"""GraphQL types of carts and orders. They only translate rows; see `schema` for the operations."""

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from inventory.schema import StoreType
from kernel.api import ApiErrorType, Connection, Info, MoneyType, as_errors, caller, connection, language
from kernel.errors import Errors
from kernel.money import Money
from plugins.carts import access, esims, holds, refunds, selectors, timeline
from plugins.carts.bundle_quotes import bundles_of
from plugins.carts.bundle_types import CartBundleType
from plugins.carts.esims import EsimCode
from plugins.carts.models import Cart, CartDelivery, CartLine, Customer, Order, OrderEvent, OrderLine, OrderStatus
from plugins.carts.payment_types import PaymentMethod as PaymentMethod
from plugins.carts.placing_order import first_day, promise_date
from plugins.carts.return_types import OrderRefund, OrderReturnInput, OrderReturnType
from plugins.carts.selectors import CartView
from plugins.carts.slots import Slot, slot_id
from plugins.catalogue.models import SalesChannel
from plugins.payments.models import Payment
from plugins.payments.selectors import payments_of

if TYPE_CHECKING:
    from plugins.pickup.schema import PickupType


@strawberry.enum(name="OrderStatus")
class OrderStatusType(Enum):
    PLACED = "PLACED"
    HELD = "HELD"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
    FULFILLED = "FULFILLED"
    PARTIALLY_RETURNED = "PARTIALLY_RETURNED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


@strawberry.type
class Contact:
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None

    @classmethod
    def of(cls, row: Cart | Order) -> "Contact":
        return cls(
            first_name=row.first_name or None,
            last_name=row.last_name or None,
            email=row.email or None,
            phone=row.phone or None,
        )


@strawberry.type(name="CartLine")
class CartLineType:
    id: strawberry.ID
    sku: str
    name: str
    quantity: int
    unit_price: MoneyType
    total: MoneyType
    monthly: MoneyType = strawberry.field(description="What it costs every month; of a bundle's part as it was quoted.")
    available_from: dt.date | None
    bundle_id: strawberry.ID | None = strawberry.field(
        description="Lines of one configured bundle carry the same value."
    )

    @classmethod
    def of(cls, line: CartLine, cart: Cart, delivery: CartDelivery | None) -> "CartLineType":
        return cls(
            id=strawberry.ID(str(line.pk)),
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=MoneyType.of(cart.money(line.unit_price)),
            total=MoneyType.of(cart.money(line.total)),
            monthly=MoneyType.of(cart.money(line.monthly)),
            available_from=first_day(line, delivery),
            bundle_id=strawberry.ID(line.bundle_id) if line.bundle_id else None,
        )


@strawberry.type
class PickupSlot:
    id: strawberry.ID
    start: dt.datetime
    end: dt.datetime
    remaining: int

    @classmethod
    def of(cls, slot: Slot, store_id: str) -> "PickupSlot":
        return cls(
            id=strawberry.ID(slot_id(store_id, slot.start)), start=slot.start, end=slot.end, remaining=slot.remaining
        )


@strawberry.type
class ShippingMethod:
    id: strawberry.ID
    name: str
    price: MoneyType
    minimum_days: int | None
    maximum_days: int | None


@strawberry.type(name="CartDelivery")
class CartDeliveryType:
    model: strawberry.Private[CartDelivery]
    id: strawberry.ID
    line_ids: list[strawberry.ID]
    shipping_method: ShippingMethod | None

    @strawberry.field
    def pickup_store(self) -> StoreType | None:
        return StoreType.of(self.model.store)

    @strawberry.field
    def pickup_slot(self) -> PickupSlot | None:
        return PickupSlot.of(holds.slot_of(self.model), self.model.store_id)

    @classmethod
    def of(cls, delivery: CartDelivery, lines: list[CartLine]) -> "CartDeliveryType":
        return cls(
            model=delivery,
            id=strawberry.ID(str(delivery.pk)),
            line_ids=[strawberry.ID(str(line.pk)) for line in lines if line.delivery_id == delivery.pk],
            shipping_method=None,
        )


@strawberry.type(name="Cart")
class CartType:
    model: strawberry.Private[Cart]
    id: strawberry.ID
    channel: str
    sales_channel: SalesChannel
    contact: Contact
    lines: list[CartLineType]
    deliveries: list[CartDeliveryType]
    shipping_methods: list[ShippingMethod]
    subtotal: MoneyType
    discount_total: MoneyType
    shipping_total: MoneyType
    tax: MoneyType
    total: MoneyType = strawberry.field(
        description="Due today: subtotal less discounts, with shipping, with tax where prices exclude it."
    )
    monthly: MoneyType = strawberry.field(
        description="What the customer will pay every month from the plans and instalments in it."
    )
    promise_date: dt.date | None = strawberry.field(
        description="First day on which everything in it works or can be had."
    )
    reserved_until: dt.datetime | None
    problems: list[ApiErrorType] = strawberry.field(
        description="What has changed at the address since the customer was told: DATE_CHANGED, accepted by "
        "cartDatesAccept, or SERVICE_NOT_AVAILABLE. The cart cannot be ordered before; completing tells it too, and "
        "completing again accepts the day of a bundle, as its price."
    )

    @classmethod
    def of(cls, view: CartView) -> "CartType":
        cart = view.cart
        own = {
            line.pk: delivery for delivery in view.deliveries for line in view.lines if line.delivery_id == delivery.pk
        }
        nothing = MoneyType.of(Money.zero(cart.currency))
        return cls(
            model=cart,
            id=strawberry.ID(cart.pk),
            channel=cart.channel_id,
            sales_channel=SalesChannel(cart.sales_channel),
            contact=Contact.of(cart),
            lines=[CartLineType.of(line, cart, own.get(line.pk)) for line in view.lines],
            deliveries=[CartDeliveryType.of(delivery, view.lines) for delivery in view.deliveries],
            shipping_methods=[],
            subtotal=MoneyType.of(cart.money(view.totals.subtotal)),
            discount_total=nothing,
            shipping_total=nothing,
            tax=MoneyType.of(cart.money(view.totals.tax)),
            total=MoneyType.of(cart.money(view.totals.total)),
            monthly=MoneyType.of(cart.money(view.monthly)),
            promise_date=promise_date(view.lines, view.deliveries[0] if view.deliveries else None),
            reserved_until=view.reserved_until,
            problems=as_errors(Errors(view.problems)),
        )

    @strawberry.field(description="The configured bundles, in the order in which they were quoted.")
    def bundles(self, info: Info) -> list[CartBundleType]:
        return [CartBundleType.of(bundle, language(info)) for bundle in bundles_of(self.model)]


@strawberry.type(name="PickupOption")
class PickupOptionType:
    store: StoreType
    complete: bool = strawberry.field(description="All lines asked for can be handed over there.")
    ready_by: dt.datetime = strawberry.field(description="When it would be ready if ordered now.")
    slots: list[PickupSlot]

    @classmethod
    def of(cls, option: selectors.PickupOption) -> "PickupOptionType":
        return cls(
            store=StoreType.of_near(option.near),
            complete=option.complete,
            ready_by=option.ready_by,
            slots=[PickupSlot.of(slot, option.near.store.pk) for slot in option.slots],
        )


@strawberry.type(name="OrderLine")
class OrderLineType:
    id: strawberry.ID
    sku: str
    name: str
    quantity: int
    total: MoneyType
    serials: list[str]
    available_from: dt.date | None
    bundle_id: strawberry.ID | None

    @classmethod
    def of(cls, line: OrderLine, order: Order) -> "OrderLineType":
        return cls(
            id=strawberry.ID(str(line.pk)),
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            total=MoneyType.of(order.money(line.total)),
            serials=line.serials,
            available_from=line.available_from,
            bundle_id=strawberry.ID(line.bundle_id) if line.bundle_id else None,
        )


@strawberry.type
class OrderPayment:
    method: PaymentMethod
    amount: MoneyType
    state: str

    @classmethod
    def of(cls, payment: Payment, order: Order) -> "OrderPayment":
        return cls(
            method=PaymentMethod(payment.method),
            amount=MoneyType.of(order.money(payment.amount)),
            state=payment.state,
        )


@strawberry.type(name="OrderEvent")
class OrderEventType:
    at: dt.datetime
    label: str
    code: str

    @classmethod
    def of(cls, event: OrderEvent) -> "OrderEventType":
        return cls(at=event.at, label=timeline.label(event), code=event.code)


@strawberry.type(name="OrderHold")
class OrderHoldType:
    since: dt.datetime
    promise_date: dt.date | None = strawberry.field(description="The new day; null where none is known.")
    label: str = strawberry.field(description="Why it waits, in words that a customer may read.")


@strawberry.type(name="Order")
class OrderType:
    """`show_code` is true for the signed-in owner and in the answer of cartComplete: then pickups carry their code."""

    model: strawberry.Private[Order]
    show_code: strawberry.Private[bool]
    id: strawberry.ID
    number: str = strawberry.field(description="The suite's number, given at once, also offline.")
    core_number: str | None = strawberry.field(description="The core's number, once the core has it.")
    status: OrderStatusType
    sales_channel: SalesChannel
    created_at: dt.datetime
    subtotal: MoneyType
    tax: MoneyType
    total: MoneyType
    monthly: MoneyType
    promise_date: dt.date | None

    @classmethod
    def of(cls, order: Order, *, show_code: bool = False) -> "OrderType":
        return cls(
            model=order,
            show_code=show_code,
            id=strawberry.ID(order.pk),
            number=order.number,
            core_number=order.core_number or None,
            status=OrderStatusType(order.status),
            sales_channel=SalesChannel(order.sales_channel),
            created_at=order.created_at,
            subtotal=MoneyType.of(order.money(order.subtotal)),
            tax=MoneyType.of(order.money(order.tax)),
            total=MoneyType.of(order.money(order.total)),
            monthly=MoneyType.of(order.money(order.monthly)),
            promise_date=order.promise_date,
        )

    @classmethod
    def seen_by(cls, info: Info, order: Order) -> "OrderType":
        """The order as the caller may see it: with its pickup code for the signed-in owner alone."""
        return cls.of(order, show_code=access.is_owner(caller(info), order))

    @strawberry.field(
        description="By which a guest shows later that the order is theirs. In the answer of cartComplete alone, never "
        "stored; null for an order of an account."
    )
    def guest_code(self, info: Info) -> str | None:
        return esims.guest_code(self.model) if self.show_code and caller(info).kind != "staff" else None

    @strawberry.field(description="That it waits for a line: nobody is sent out. Null for all other orders.")
    def hold(self) -> OrderHoldType | None:
        if self.model.status != OrderStatus.HELD:
            return None
        day = self.model.promise_date
        return OrderHoldType(since=self.model.hold.since, promise_date=day, label=timeline.hold_label(day))

    @strawberry.field
    def lines(self) -> list[OrderLineType]:
        return [OrderLineType.of(line, self.model) for line in self.model.lines.all()]

    @strawberry.field(description="The configured bundles in it, with the versions that were bought.")
    def bundles(self, info: Info) -> list[CartBundleType]:
        cart = self.model.cart
        return [CartBundleType.of(bundle, language(info)) for bundle in bundles_of(cart)] if cart else []

    @strawberry.field
    def payments(self) -> list[OrderPayment]:
        return [OrderPayment.of(payment, self.model) for payment in payments_of(self.model.pk)]

    @strawberry.field
    def pickups(self) -> list[Annotated["PickupType", strawberry.lazy("plugins.pickup.schema")]]:
        # Pickup stands above carts: its schema is known when a question is answered, not when this one is read.
        from plugins.pickup.schema import pickups_of

        return pickups_of(self.model.pk, show_code=self.show_code)

    @strawberry.field(
        description="What these units bring back when they are returned at a register: the figures of its posSync "
        "entry, whose lines are negative and name `originalLineId`. Changes nothing."
    )
    def refund(self, lines: list[OrderReturnInput]) -> OrderRefund:
        found = refunds.refund_of(self.model, [(str(one.line_id), one.quantity) for one in lines])
        return OrderRefund.of(found, self.model)

    @strawberry.field(description="What came back, the oldest first.")
    def returns(self) -> list[OrderReturnType]:
        return [OrderReturnType.of(made, self.model) for made in refunds.latest(self.model)]

    @strawberry.field(description="What happened, oldest first, in words that a customer may read.")
    def timeline(self) -> list[OrderEventType]:
        return [OrderEventType.of(event) for event in self.model.events.all()]


@strawberry.type
class Shopper:
    id: strawberry.ID
    email: str
    first_name: str
    last_name: str

    @classmethod
    def of(cls, customer: Customer) -> "Shopper":
        return cls(
            id=strawberry.ID(customer.pk),
            email=customer.email,
            first_name=customer.first_name,
            last_name=customer.last_name,
        )

    @strawberry.field
    def carts(self) -> list[CartType]:
        return [CartType.of(selectors.cart_view(cart)) for cart in selectors.carts_of(self.id)]

    @strawberry.field
    def orders(self, first: int | None = 20, after: str | None = None) -> Connection[OrderType]:
        return connection(
            selectors.orders_of(self.id),
            first,
            after,
            node=lambda order: OrderType.of(order, show_code=True),
            keyset=("-created_at", "pk"),
        )


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class SessionPayload:
    token: str | None = None
    refresh_token: str | None = None
    expires_at: dt.datetime | None = None
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class CartPayload:
    cart: CartType | None = None
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, cart: Cart) -> "CartPayload":
        return cls(cart=CartType.of(selectors.cart_view(cart)))


@strawberry.type
class CartSharePayload:
    code: str | None = None
    expires_at: dt.datetime | None = None
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class CartCompletePayload:
    order: OrderType | None = None
    payment_action_url: str | None = strawberry.field(
        default=None, description="Set when the customer must act, for example 3-D Secure; then complete again."
    )
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class EsimCodeType:
    sku: str
    name: str
    iccid: str = strawberry.field(description="The number of the profile.")
    activation_code: str = strawberry.field(description="LPA:1$…, as a device takes it, also as a QR code.")

    @classmethod
    def of(cls, code: EsimCode) -> "EsimCodeType":
        """The code as the owner sees it."""
        return cls(sku=code.sku, name=code.name, iccid=code.iccid, activation_code=code.activation_code)


@strawberry.type
class OrderEsimCodesPayload:
    codes: list[EsimCodeType] = strawberry.field(
        default_factory=list, description="Empty until the timeline tells ESIM_READY."
    )
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class OrderPayload:
    order: OrderType | None = None
    errors: list[ApiErrorType] = _errors()


@strawberry.type(description="Where an order stands after staff have worked on its services.")
class OrderStandingPayload:
    status: OrderStatusType | None = None
    promise_date: dt.date | None = None
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, order: Order) -> "OrderStandingPayload":
        return cls(status=OrderStatusType(order.status), promise_date=order.promise_date)
