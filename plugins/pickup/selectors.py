"""Reading pickups."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from inventory.documents import Document
from kernel import codes
from kernel.errors import PERMISSION_DENIED, ApiError
from kernel.identity import Caller
from plugins.carts.models import OrderStatus
from plugins.carts.personal_data import orders_of_person
from plugins.payments.models import Payment
from plugins.payments.states import COVERING
from plugins.pickup import errors
from plugins.pickup.models import Pickup
from plugins.pickup.states import State
from plugins.staff.permissions import PICKUP_HANDLE


def queue(*, caller: Caller, store_id: str, states: Sequence[str] | None = None) -> QuerySet[Pickup]:
    """The pickups of the caller's store, the most urgent first; the open ones unless states are named.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED (also for another store than the caller's).
    """
    require_store(caller, store_id)
    wanted = list(states) if states else [State.PLACED, State.ACCEPTED, State.PICKING, State.READY]
    return with_details(Pickup.objects.filter(store_id=store_id, state__in=wanted)).order_by("ready_by", "id")


def with_details(pickups: QuerySet[Pickup]) -> QuerySet[Pickup]:
    """The pickups with all that a list of them shows, in a fixed number of queries."""
    paid = Payment.objects.filter(reference=OuterRef("order_id"), state__in=list(COVERING)).order_by()
    covered = Subquery(paid.values("reference").annotate(sum=Sum("amount")).values("sum"))
    return pickups.select_related("order", "store").prefetch_related("lines").annotate(covered=covered)


def amount_due(pickup: Pickup) -> Decimal:
    """What must be paid before the hand-over, as `carts.orders.amount_due` says it, of a pickup read `with_details`."""
    order = pickup.order
    if order.status == OrderStatus.CANCELLED:
        return Decimal(0)
    return max(order.total - (pickup.covered or Decimal(0)), Decimal(0))  # type: ignore[attr-defined]


def of_order(order_id: str) -> list[Pickup]:
    """The pickups of an order."""
    return list(with_details(Pickup.objects.filter(order_id=order_id)).order_by("ready_by", "id"))


def of_customer(email: str) -> QuerySet[Pickup]:
    """The pickups of the orders of the person with this e-mail address."""
    return Pickup.objects.filter(order__in=orders_of_person(email))


def require_store(caller: Caller, store_id: str) -> None:
    """Errors: UNAUTHENTICATED, PERMISSION_DENIED unless the caller works on pickups of that store."""
    caller.require(PICKUP_HANDLE)
    if caller.store_id != store_id:
        raise ApiError(PERMISSION_DENIED, _("You work in another store."), field="storeId")


def hand_over_code(pickup: Pickup) -> str | None:
    """The code that the customer shows; None once there is nothing left to collect."""
    if pickup.state in (State.HANDED_OVER, State.REJECTED, State.EXPIRED, State.CANCELLED):
        return None
    return code_of(pickup)


def code_of(pickup: Pickup) -> str:
    """The code by which a pickup is handed over, whatever its state."""
    return codes.derive(settings.SECRET_KEY.encode(), f"pickup:{pickup.pk}:{pickup.generation}")


def not_found() -> ApiError:
    """There is no such pickup, or it is another store's."""
    return ApiError(errors.PICKUP_NOT_FOUND, _("There is no such pickup in this store."), field="id")


def documents_of(keys: Collection[str]) -> dict[str, Document]:
    """The orders that pickups belong to, by the pickups' ids. One query."""
    pickups = Pickup.objects.filter(pk__in=keys).select_related("order")
    return {str(pickup.pk): Document(pickup.order.number, "pickup_pickup", pickup.pk) for pickup in pickups}
