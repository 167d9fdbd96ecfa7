"""What carts and orders hold of a customer. Erasure leaves lines, totals, dates and the store."""

from django.db.models import Q, QuerySet

from kernel import personal_data
from kernel.personal_data import Erasure
from plugins.carts.models import Attempts, Cart, CartBundle, Customer, Order, OrderLine, OrderStatus

_CONTACT = ["first_name", "last_name", "email", "phone", "billing_address", "shopper_id"]
_OPEN = (OrderStatus.PLACED, OrderStatus.HELD, OrderStatus.IN_PROGRESS, OrderStatus.PARTIALLY_FULFILLED)


def register() -> None:
    """Declare the holdings, in the order in which they are locked."""
    personal_data.register(
        Attempts,
        ["subject"],
        find=lambda email: Attempts.objects.filter(subject=f"sign-in:{email}"[:200]),
        erasure=Erasure.DELETE,
        note="Failed tries by e-mail or network address; forgotten within about an hour.",
    )
    personal_data.register(
        Customer,
        ["core_user_id", "email", "first_name", "last_name"],
        find=lambda email: Customer.objects.filter(email__iexact=email),
        erasure=Erasure.DELETE,
        shown=["last_signed_in_at"],
        note="A shopper who signed in; the account itself is the core's.",
    )
    personal_data.register(
        Cart,
        _CONTACT,
        find=lambda email: Cart.objects.filter(_of(email)),
        erasure=Erasure.BLANK,
        shown=["state", "created_at"],
        blocked=_being_ordered,
        note="Its goods stay in it without an owner.",
    )
    personal_data.register(
        CartBundle,
        ["characteristics", "qualification_id"],
        find=lambda email: CartBundle.objects.filter(cart__in=Cart.objects.filter(_of(email))),
        erasure=Erasure.BLANK,
        shown=["term", "quoted_at"],
        note="A number to bring, its PIN, an EID, and the answer about an address. Choice and price stay.",
    )
    personal_data.register(
        Order,
        _CONTACT,
        find=orders_of_person,
        erasure=Erasure.BLANK,
        shown=["number", "status", "currency", "total", "created_at"],
        blocked=_still_open,
        note="Number, lines, totals, tax and dates stay for the accounts.",
    )
    personal_data.register(
        OrderLine,
        ["serials"],
        find=lambda email: OrderLine.objects.filter(order__in=orders_of_person(email)),
        shown=["name", "sku", "quantity"],
        note="What was bought, for the accounts and the warranty: without the order's contact it names nobody.",
    )


def orders_of_person(email: str) -> QuerySet[Order]:
    """The orders given with this address, or placed by the shopper who has it."""
    return Order.objects.filter(_of(email))


def _of(email: str) -> Q:
    shopper_ids = Customer.objects.filter(email__iexact=email).values("core_user_id")
    return Q(email__iexact=email) | Q(shopper_id__in=shopper_ids)


def _being_ordered(cart: Cart) -> str | None:
    if cart.state != Cart.State.COMPLETING:
        return None
    return "An order is being placed from a cart of this person: wait until it is placed or given up."


def _still_open(order: Order) -> str | None:
    if order.status not in _OPEN:
        return None
    return f"Order {order.number} is {order.status}: hand it over or cancel it first."
