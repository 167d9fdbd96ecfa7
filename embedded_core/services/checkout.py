"""Checkouts: lines with their prices, addresses, and where the goods are collected."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Max, Prefetch, QuerySet

from embedded_core import ids
from embedded_core.errors import PermissionDenied, Problem, Refused, refuse
from embedded_core.models import Channel, Checkout, CheckoutLine, ProductVariant, User, Warehouse
from embedded_core.requestor import Requestor
from embedded_core.services import addresses, collection, events, stock
from embedded_core.services.metadata import as_dict

DOES_NOT_SHIP = "This checkout doesn't need shipping"
COLLECTED = (
    "Can't change shipping address manually. For click and collect delivery, address is set to a warehouse address."
)
_VARIANTS = ProductVariant.objects.select_related("product__tax_class", "product__product_type").prefetch_related(
    "listings", "product__tax_class__rates"
)


def queryset() -> "QuerySet[Checkout]":
    """Checkouts with everything that their prices need, in a fixed number of queries."""
    lines = CheckoutLine.objects.prefetch_related(Prefetch("variant", _VARIANTS))
    return Checkout.objects.select_related("channel", "collection_point", "user").prefetch_related(
        Prefetch("lines", lines)
    )


def _locked(checkout_id: str | None) -> Checkout:
    """The checkout, locked: changes of one checkout take turns."""
    key = ids.get(checkout_id, Checkout.objects.select_for_update(of=("self",)), "id").pk
    return queryset().get(pk=key)


def is_shipping_required(checkout: Checkout) -> bool:
    """Whether something in the checkout has to change hands."""
    return any(line.variant.product.product_type.is_shipping_required for line in checkout.lines.all())


def create(*, data: dict[str, Any], by: Requestor) -> Checkout:
    """A new checkout with its lines; refuses with the codes of CheckoutErrorCode."""
    lines = data["lines"]
    _check_override_permission(lines, by=by)
    private = data.get("private_metadata")
    if private:
        by.require("MANAGE_CHECKOUTS", "HANDLE_CHECKOUTS")
    checkout = Checkout(
        channel=_channel(data.get("channel")),
        user=by.user,
        email=data.get("email") or (by.user.email if by.user else ""),
        language_code=str(data.get("language_code") or "EN"),
        billing_address=addresses.from_input(data.get("billing_address"), by=by),
        shipping_address=addresses.from_input(data.get("shipping_address"), by=by),
        metadata=as_dict(data.get("metadata")),
        private_metadata=as_dict(private),
    )
    checkout.save()
    _add(checkout, lines, by=by)
    return _saved(checkout, by=by, event=False)


def _channel(slug: str | None) -> Channel:
    if not slug:
        active = list(Channel.objects.filter(is_active=True)[:2])
        if len(active) != 1:
            raise refuse("MISSING_CHANNEL_SLUG", "You need to provide channel slug.", "channel")
        return active[0]
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise refuse("NOT_FOUND", f"Channel with '{slug}' slug does not exist.", "channel")
    if not channel.is_active:
        raise refuse("CHANNEL_INACTIVE", f"Channel with '{slug}' is inactive.", "channel")
    return channel


def _check_override_permission(lines: Sequence[dict[str, Any]], *, by: Requestor) -> None:
    """Only an app with HANDLE_CHECKOUTS sets prices of its own: neither staff nor customers."""
    asked = any("price" in line or line.get("price_override_reason") for line in lines)
    if asked and (by.app is None or not by.has("HANDLE_CHECKOUTS")):
        raise PermissionDenied(
            message="Setting the custom price is allowed only for apps with `handle_checkouts` permission."
        )


def lines_add(*, checkout_id: str | None, lines: Sequence[dict[str, Any]], by: Requestor) -> Checkout:
    """Add lines; a variant that is there already grows, unless the line is to be a new one."""
    _check_override_permission(lines, by=by)
    checkout = _locked(checkout_id)
    _add(checkout, lines, by=by)
    return _saved(checkout, by=by)


def _add(checkout: Checkout, lines: Sequence[dict[str, Any]], *, by: Requestor) -> None:
    variants = ids.get_all([line["variant_id"] for line in lines], _VARIANTS, "variantId")
    existing: dict[int, list[CheckoutLine]] = defaultdict(list)
    for line in checkout.lines.all():
        existing[line.variant_id].append(line)
    position = (checkout.lines.aggregate(last=Max("position"))["last"] or 0) + 1
    touched: dict[Any, CheckoutLine] = {}
    for data in lines:
        variant = variants[data["variant_id"]]
        if data["quantity"] <= 0:
            raise refuse("ZERO_QUANTITY", "The quantity should be higher than zero.", "quantity")
        # Where the variant has several lines nobody knows which of them is meant: another one is made.
        same = existing[variant.pk]
        if len(same) == 1 and not data.get("force_new_line"):
            line = same[0]
        else:
            line = CheckoutLine(checkout=checkout, variant=variant, quantity=0, position=position)
            position += 1
            if not data.get("force_new_line"):
                same.append(line)
        line.quantity += data["quantity"]
        _apply(line, data)
        touched[line.pk] = line
    _check_variants(checkout, [line.variant for line in touched.values()])
    _save_lines(checkout, touched)


def lines_update(*, checkout_id: str | None, lines: Sequence[dict[str, Any]], by: Requestor) -> Checkout:
    """Set quantities, prices and metadata of lines named by `lineId` or `variantId`; quantity 0 removes a line."""
    _check_override_permission(lines, by=by)
    checkout = _locked(checkout_id)
    touched: dict[Any, CheckoutLine] = {}
    for data in lines:
        line = _named_line(checkout, data)
        quantity = data.get("quantity")
        if quantity is not None:
            if quantity < 0:
                raise refuse("ZERO_QUANTITY", "The quantity should be higher or equal zero.", "quantity")
            line.quantity = quantity
        _apply(line, data)
        touched[line.pk] = line
    kept = [line.variant for line in touched.values() if line.quantity]
    _check_variants(checkout, kept)
    _save_lines(checkout, touched)
    return _saved(checkout, by=by)


def _named_line(checkout: Checkout, data: dict[str, Any]) -> CheckoutLine:
    line_id, variant_id = data.get("line_id"), data.get("variant_id")
    if bool(line_id) == bool(variant_id):
        raise refuse("GRAPHQL_ERROR", "One of 'lineId' and 'variantId' is required.", "lines")
    try:
        key = ids.key_of(line_id, CheckoutLine) if line_id else ids.key_of(variant_id, ProductVariant)
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "lineId" if line_id else "variantId") from error
    found = [line for line in checkout.lines.all() if key in ((line.pk,) if line_id else (line.variant_id,))]
    if not found:
        raise refuse("NOT_FOUND", f"Couldn't resolve to a node: {line_id or variant_id}", "lines")
    if len(found) > 1:
        raise refuse("INVALID", "Variant occurs in multiple lines. Use `lineId` instead.", "variantId")
    return found[0]


def _apply(line: CheckoutLine, data: dict[str, Any]) -> None:
    """Metadata and price of an input; a new price without a reason clears the earlier reason."""
    line.metadata |= as_dict(data.get("metadata"))
    if "price" in data:
        price: Decimal | None = data["price"]
        line.price_override = price
        line.price_override_reason = ""
    reason = (data.get("price_override_reason") or "").strip()
    if reason:
        if line.price_override is None:
            message = "Cannot set a price override reason on a line without a price."
            raise refuse("PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE", message, "priceOverrideReason")
        line.price_override_reason = reason[:255]


def _check_variants(checkout: Checkout, variants: Sequence[ProductVariant]) -> None:
    unlisted = [row for row in variants if all(li.channel_id != checkout.channel_id for li in row.listings.all())]
    if unlisted:
        names = [ids.global_id(variant) for variant in unlisted]
        message = "Cannot add lines with unavailable variants."
        raise refuse("UNAVAILABLE_VARIANT_IN_CHANNEL", message, "lines", variants=names)
    unpublished = [variant for variant in variants if not variant.product.is_published]
    if unpublished:
        names = [ids.global_id(variant) for variant in unpublished]
        raise refuse("PRODUCT_NOT_PUBLISHED", "Cannot add lines for unpublished variants.", "lines", variants=names)


def _save_lines(checkout: Checkout, touched: dict[Any, CheckoutLine]) -> None:
    """Write the lines after the rules on quantities, which count all lines of a variant together."""
    after = {line.pk: line for line in checkout.lines.all()} | touched
    lines = [line for line in after.values() if line.quantity]
    _check_quantities(lines, {row.variant_id for row in touched.values()}, checkout.channel.slug)
    for line in touched.values():
        if line.quantity:
            line.save()
        else:
            CheckoutLine.objects.filter(pk=line.pk).delete()


def _check_quantities(lines: Sequence[CheckoutLine], variant_ids: set[int], channel_slug: str) -> None:
    totals: dict[int, int] = defaultdict(int)
    variants = {}
    for line in lines:
        if line.variant_id in variant_ids:
            totals[line.variant_id] += line.quantity
            variants[line.variant_id] = line.variant
    limit = settings.QUANTITY_LIMIT_PER_CHECKOUT
    problems = [
        Problem(
            "QUANTITY_GREATER_THAN_LIMIT", f"Cannot add more than {limit} times this item: {variants[pk]}.", "quantity"
        )
        for pk, quantity in totals.items()
        if quantity > limit
    ]
    tracked = {pk for pk, variant in variants.items() if variant.track_inventory}
    available = stock.available_in_channel(tracked, channel_slug)
    for pk in tracked:
        free = max(available.get(pk, 0), 0)
        if free < totals[pk]:
            message = f"Could not add items {variants[pk]}. Only {free} remaining in stock."
            problems.append(Problem("INSUFFICIENT_STOCK", message, "quantity"))
    if problems:
        raise Refused(*problems)


def set_email(*, checkout_id: str | None, email: str, by: Requestor) -> Checkout:
    """The address that the order's mail goes to."""
    checkout = _locked(checkout_id)
    if not email.strip():
        raise refuse("REQUIRED", "This field cannot be blank.", "email")
    if "@" not in email.strip("@ "):
        raise refuse("INVALID", "Enter a valid email address.", "email")
    checkout.email = email.strip()
    return _saved(checkout, by=by)


def attach_customer(*, checkout_id: str | None, customer_id: str | None, by: Requestor) -> Checkout:
    """Make the checkout a customer's, with the customer's address for mail; once, as in Saleor."""
    checkout = _locked(checkout_id)
    if checkout.user is not None:
        raise PermissionDenied(message="You cannot reassign a checkout that is already attached to a user.")
    if customer_id:
        if by.user is None or ids.global_id(by.user) != customer_id:
            by.require("IMPERSONATE_USER")
        checkout.user = ids.get(customer_id, User.objects.all(), "customerId")
    elif by.user is None:
        raise refuse("GRAPHQL_ERROR", "Customer ID is required.", "customerId")
    else:
        checkout.user = by.user
    checkout.email = checkout.user.email
    return _saved(checkout, by=by)


def set_billing_address(*, checkout_id: str | None, address: dict[str, Any], by: Requestor) -> Checkout:
    """Where the bill goes."""
    checkout = _locked(checkout_id)
    checkout.billing_address = addresses.from_input(address, by=by)
    return _saved(checkout, by=by)


def set_shipping_address(*, checkout_id: str | None, address: dict[str, Any], by: Requestor) -> Checkout:
    """Where the goods go; refused where nothing ships and where they are collected."""
    checkout = _locked(checkout_id)
    if not is_shipping_required(checkout):
        raise refuse("SHIPPING_NOT_REQUIRED", DOES_NOT_SHIP, "shippingAddress")
    if checkout.collection_point is not None:
        raise refuse("SHIPPING_CHANGE_FORBIDDEN", COLLECTED, "shippingAddress")
    checkout.shipping_address = addresses.from_input(address, by=by)
    return _saved(checkout, by=by)


def set_delivery_method(*, checkout_id: str | None, delivery_method_id: str | None, by: Requestor) -> Checkout:
    """Choose a collection point, or none. One that lacks stock is accepted: completion refuses it, as in Saleor."""
    checkout = _locked(checkout_id)
    if not is_shipping_required(checkout):
        raise refuse("SHIPPING_NOT_REQUIRED", DOES_NOT_SHIP, "deliveryMethod")
    if not delivery_method_id:
        if checkout.collection_point is not None:
            checkout.collection_point = checkout.shipping_address = None
        return _saved(checkout, by=by)
    point = _collection_point(checkout, delivery_method_id)
    checkout.collection_point = point
    checkout.shipping_address = dict.fromkeys(addresses.FIELDS, "") | point.address
    return _saved(checkout, by=by)


def _collection_point(checkout: Checkout, text: str) -> Warehouse:
    try:
        type_name, _ = ids.parse(text)
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "deliveryMethodId") from error
    if type_name == "ShippingMethod":
        raise refuse("NOT_FOUND", f"Couldn't resolve to a node: {text}", "deliveryMethodId")
    if type_name != "Warehouse":
        raise refuse("INVALID", "ID does not belong to Warehouse or ShippingMethod", "deliveryMethodId")
    point = ids.find(text, Warehouse.objects.all())
    if point is None or not collection.may_be_chosen(checkout, point):
        message = "This pick up point is not applicable."
        raise refuse("DELIVERY_METHOD_NOT_APPLICABLE", message, "deliveryMethodId")
    return point


def _saved(checkout: Checkout, *, by: Requestor, event: bool = True) -> Checkout:
    checkout.save()
    if event:
        events.checkout_updated(checkout, by=by)
    return queryset().get(pk=checkout.pk)
