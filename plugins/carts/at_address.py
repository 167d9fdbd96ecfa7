"""Lines of a cart that work at an address: what they were promised, what holds by now, and that a change is accepted.

`bind` is the one way by which a line, alone or of a bundle, comes to depend on a saved qualification.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, NOT_FOUND, ApiError, Message, raise_all
from kernel.identity import Caller
from plugins.carts import access, errors
from plugins.carts.lines import last_day, line_of
from plugins.carts.models import Cart, CartBundle, CartLine, Line, ServicePromise
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel, Kind
from plugins.catalogue.selectors import SellableVariant
from plugins.serviceability import deliverable, promises
from plugins.serviceability import selectors as serviceability
from plugins.serviceability import services as qualifications
from plugins.serviceability.models import Premises, Qualification
from plugins.serviceability.network import Network
from plugins.serviceability.promises import Way
from plugins.serviceability.qualification import Category, Confidence

_FIELD: Final = "qualificationId"
State = ServicePromise.State


@transaction.atomic
def place_services(*, caller: Caller, cart_id: str, qualification_id: str, line_ids: Sequence[str] = ()) -> Cart:
    """Say where services of the cart are to work: the lines named, all that depend on an address when none are.

    Errors: NOT_FOUND (cart, line, qualification), QUALIFICATION_EXPIRED, INVALID (an address that is not exact, a line
    that depends on none, more than one of a service), SERVICE_NOT_AVAILABLE.
    """
    cart = access.cart_to_change(caller, cart_id)
    found = list(cart.lines.all())
    named = [line_of(found, line_id, field=f"lineIds.{index}") for index, line_id in enumerate(line_ids)]
    needs = _needs(cart, named or [line for line in found if not line.bundle_id])
    if not needs or any(line.pk not in {one.pk for one, _ways in needs} for line in named):
        raise ApiError(INVALID, _("This article does not depend on an address."), field="lineIds")
    if any(line.quantity != 1 for line, _ways in needs):
        raise ApiError(INVALID, _("An address has one of a service: set the quantity to 1."), field="lineIds")
    bind(cart, needs, _kept(qualification_id))
    return cart


def bind(cart: Cart, needs: Iterable[tuple[CartLine, Sequence[Way]]], kept: Qualification) -> None:
    """Promise these lines of a locked cart at the address of an answer, each by the best of its ways.

    Lines of one technology share one promise, and its one port. A line's `available_from` becomes the promised day if
    that is later. Errors: INVALID, SERVICE_NOT_AVAILABLE.
    """
    if kept.premises is None or kept.confidence != Confidence.EXACT:
        raise ApiError(INVALID, _("Choose the exact address first: nothing is promised before."), field=_FIELD)
    network = promises.network_now()
    today = promises.today_at(kept.premises, network)
    for line, ways in needs:
        way, day = _best(cart, kept, ways, network, line.name)
        made, _new = ServicePromise.objects.update_or_create(
            cart=cart,
            premises=kept.premises,
            technology=way.technology,
            defaults={
                "qualification_id": kept.pk,
                "category": way.category,
                "least_mbps": max(way.least, _least(cart, kept, way)),
                "requested_on": kept.requested_date,
                "promised_on": day,
                "found_on": day,
                "agreed_on": today,
            },
        )
        line.service, line.available_from = made, max(day, line.available_from or day)
        line.save(update_fields=["service", "available_from"])


def agreed_day(cart_lines: Sequence[CartLine]) -> dt.date | None:
    """The day that the customer knows for all of these lines, though another may hold by now. At most one query."""
    told = {promise.pk: promise.promised_on for promise in promises_of(cart_lines)}
    days = [told[line.service_id] if line.service_id else line.available_from for line in cart_lines]
    return max((day for day in days if day is not None), default=None)


def date_bundles(cart_id: str | None, of_lines: Sequence[Line]) -> None:
    """Let the bundles of a cart, or of the order that it became, follow the days of their lines."""
    for bundle in CartBundle.objects.filter(cart=cart_id):
        bundle.promise_date = last_day(line for line in of_lines if line.bundle_id == str(bundle.pk))
        bundle.save(update_fields=["promise_date"])


def promises_of(cart_lines: Iterable[CartLine]) -> list[ServicePromise]:
    """The promises that lines rely on. No query where there are none, else one."""
    keys = {line.service_id for line in cart_lines if line.service_id}
    return list(ServicePromise.objects.select_related("premises").filter(pk__in=keys).order_by("pk")) if keys else []


def problems(cart_lines: Sequence[CartLine], found: Sequence[ServicePromise]) -> list[ApiError]:
    """What has changed since the customer was told, a sentence for each line: SERVICE_NOT_AVAILABLE, DATE_CHANGED."""
    by_id = {promise.pk: promise for promise in found}
    told = []
    for index, line in enumerate(cart_lines):
        promise = by_id.get(line.service_id) if line.service_id else None
        if promise is not None and is_changed(promise):
            told.append(_problem(promise, line.name, f"lines.{index}"))
    return told


def is_changed(promise: ServicePromise) -> bool:
    """Whether the customer has to be asked: later than told, or no longer to be had."""
    return promise.found_on is None or promise.promised_on is None or promise.found_on > promise.promised_on


def check(cart_lines: Sequence[CartLine]) -> None:
    """Refuse an order whose dates the customer has not agreed to. Errors: SERVICE_NOT_AVAILABLE, DATE_CHANGED."""
    found = problems(cart_lines, promises_of(cart_lines))
    if found:
        raise found[0]


def require_placed(channel: Channel, of_lines: Sequence[Line]) -> None:
    """Refuse services of which nobody has said where they are to work. Errors: SERVICE_ADDRESS_REQUIRED, one a line."""
    unplaced = [line for line in of_lines if line.kind == Kind.SERVICE and not line.bundle_id and not line.service_id]
    variants = catalogue.variants_by_skus([line.sku for line in unplaced], channel) if unplaced else {}
    raise_all(
        ApiError(
            errors.SERVICE_ADDRESS_REQUIRED,
            _("%(name)s works at an address: check the address where it is to work first."),
            field=f"lines.{index}",
            params={"name": line.name},
        )
        for index, line in enumerate(of_lines)
        if line in unplaced and line.sku in variants and _is_fixed(variants[line.sku])
    )


def _is_fixed(variant: SellableVariant) -> bool:
    """Whether a service comes by a line or cell of the place, not by the mobile network wherever one is."""
    needed = deliverable.need_of([*variant.product.attributes, *variant.attributes])
    return needed is not None and any(way.category is not Category.MOBILE for way in promises.ways(needed))


@transaction.atomic
def accept(*, caller: Caller, cart_id: str, line_dates: Sequence[tuple[str, dt.date]]) -> Cart:
    """The customer agrees with new days, as shown. Errors: NOT_FOUND (cart, line), SERVICE_NOT_AVAILABLE, and
    DATE_CHANGED where the day is another by now."""
    cart = access.cart_to_change(caller, cart_id)
    found = list(cart.lines.all())
    for index, (line_id, day) in enumerate(line_dates):
        field = f"lines.{index}"
        line = line_of(found, line_id, field=f"{field}.lineId")
        promise = ServicePromise.objects.filter(pk=line.service_id).first() if line.service_id else None
        if promise is None:
            raise ApiError(INVALID, _("This article does not depend on an address."), field=f"{field}.lineId")
        if promise.found_on is None or promise.found_on != day:
            raise _problem(promise, line.name, f"{field}.date")
        _agree(promise)
    return cart


def ask_again(cart_lines: Iterable[CartLine]) -> None:
    """Before an order: ask for every address of a cart's lines again, so that the cart shows what holds now. Those of
    bundles are asked when the bundles are renewed."""
    for promise in promises_of(line for line in cart_lines if not line.bundle_id):
        _renew_answer(promise)
        look_again(promise_id=str(promise.pk))


def _renew_answer(promise: ServicePromise) -> None:
    try:
        qualifications.ask_again(qualification_id=promise.qualification_id)
    except ApiError as error:
        # It ran out long ago and is forgotten: the premises are known all the same.
        if error.code != NOT_FOUND:
            raise


@transaction.atomic
def look_again(*, promise_id: str) -> None:
    """Note what holds now for a promise of an open cart. An earlier day is taken over; a later one is told."""
    promise = ServicePromise.objects.select_related("premises").get(pk=promise_id)
    cart = Cart.objects.select_for_update().get(pk=promise.cart_id)
    promise.refresh_from_db()
    if promise.state != State.OPEN or cart.state != Cart.State.OPEN:
        return
    network = promises.network_now()
    promise.found_on = _day(network, promise.premises, promise.technology, promise.least_mbps, promise.requested_on)
    promise.save(update_fields=["found_on"])
    if promise.found_on and promise.promised_on and promise.found_on < promise.promised_on:
        _agree(promise)
    else:
        _date_lines(promise, promise.found_on)


def _agree(promise: ServicePromise) -> None:
    today = promises.today_at(promise.premises, promises.network_now())
    promise.promised_on, promise.agreed_on = promise.found_on, today
    promise.save(update_fields=["promised_on", "agreed_on"])
    _date_lines(promise, promise.promised_on)


def _date_lines(promise: ServicePromise, day: dt.date | None) -> None:
    changed = CartLine.objects.filter(service=promise)
    changed.update(available_from=day)
    if changed.exclude(bundle_id="").exists():
        date_bundles(promise.cart_id, list(CartLine.objects.filter(cart=promise.cart_id)))


def _problem(promise: ServicePromise, name: str, field: str) -> ApiError:
    if promise.found_on is None:
        message: Message = _("%(name)s can no longer be had at this address. Remove it or choose another one.")
        return ApiError(errors.SERVICE_NOT_AVAILABLE, message, field=field, params={"name": name})
    message = _("%(name)s works later than you were told, from %(shown)s on. Agree with the new date or remove it.")
    shown = formats.date_format(promise.found_on, "DATE_FORMAT")
    params = {"name": name, "day": promise.found_on.isoformat(), "shown": shown}
    return ApiError(errors.DATE_CHANGED, message, field=field, params=params)


def _kept(qualification_id: str) -> Qualification:
    kept = serviceability.qualification(qualification_id.replace("\0", ""))
    if kept is None:
        raise ApiError(NOT_FOUND, _("There is no such qualification."), field=_FIELD)
    qualifications.require_valid(kept)
    return kept


def _needs(cart: Cart, lines: Sequence[CartLine]) -> list[tuple[CartLine, list[Way]]]:
    variants = catalogue.variants_by_skus([line.sku for line in lines], cart.channel)
    found = []
    for line in lines:
        variant = variants.get(line.sku)
        needed = deliverable.need_of([*variant.product.attributes, *variant.attributes]) if variant else None
        if needed is not None:
            found.append((line, promises.ways(needed)))
    return found


def _best(cart: Cart, kept: Qualification, ways: Sequence[Way], network: Network, name: str) -> tuple[Way, dt.date]:
    """The way that a line of the cart comes by already, else the best that there is."""
    assert kept.premises is not None
    taken = set(cart.promises.filter(premises=kept.premises).values_list("technology", flat=True))
    for way in sorted(ways, key=lambda one: one.technology not in taken):
        day = _day(network, kept.premises, way.technology, way.least, kept.requested_date)
        if day is not None:
            return way, day
    message = _("%(name)s cannot be had at this address.")
    raise ApiError(errors.SERVICE_NOT_AVAILABLE, message, field=_FIELD, params={"name": name})


def _least(cart: Cart, kept: Qualification, way: Way) -> int:
    there = cart.promises.filter(premises=kept.premises, technology=way.technology).first()
    return there.least_mbps if there else 0


def _day(network: Network, premises: Premises, technology: str, least: int, wanted: dt.date | None) -> dt.date | None:
    found = promises.found(network, premises, technology, least, on=promises.today_at(premises, network))
    if found is None or found.day is None:
        return None
    return max(found.day, wanted or found.day)
