"""GraphQL operations of carts, orders and shoppers. Resolvers translate; the rules are in the services."""

from decimal import Decimal

import strawberry

from inventory.schema import GeoPointInput, point
from kernel.api import Info, caller, language, mutation
from kernel.errors import NOT_AVAILABLE, ApiError
from plugins.bundles.schema import BundleConfigurationInput, selected
from plugins.carts import access, bundles, cancellation, completion, customers, esims, selectors, services, sharing
from plugins.carts.bundle_quotes import Wish
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import Address, ContactChange
from plugins.carts.services import DeliveryChoice
from plugins.carts.types import (
    CartCompletePayload,
    CartPayload,
    CartSharePayload,
    CartType,
    EsimCodeType,
    OrderEsimCodesPayload,
    OrderPayload,
    OrderType,
    PaymentMethod,
    PickupOptionType,
    SessionPayload,
    Shopper,
)
from plugins.catalogue.models import SalesChannel
from plugins.catalogue.schema import ContextInput, channel_of
from plugins.serviceability.schema import AddressInput


@strawberry.input
class ContactInput:
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    billing_address: AddressInput | None = strawberry.field(
        default=None, description="For a pickup the store's address is taken when it is missing."
    )


@strawberry.input
class CartLineInput:
    sku: str
    quantity: int


@strawberry.input
class CartLineUpdateInput:
    line_id: strawberry.ID
    quantity: int


@strawberry.input
class CartCreateInput:
    context: ContextInput
    contact: ContactInput | None = None
    lines: list[CartLineInput] | None = None


@strawberry.input
class CartDeliveryInput:
    line_ids: list[strawberry.ID] | None = None
    pickup_store_id: strawberry.ID | None = None
    pickup_slot_id: strawberry.ID | None = None
    shipping_address: AddressInput | None = None
    shipping_method_id: strawberry.ID | None = None


@strawberry.input
class PaymentInput:
    method: PaymentMethod
    amount: Decimal | None = strawberry.field(default=None, description="All that is due when null.")
    token: str | None = strawberry.field(
        default=None, description="The provider's payment method or the gift card code."
    )


def contact_change(contact: ContactInput | None) -> ContactChange | None:
    """A contact as the services take it."""
    if contact is None:
        return None
    return ContactChange(
        first_name=contact.first_name,
        last_name=contact.last_name,
        email=contact.email,
        phone=contact.phone,
        billing_address=_address(contact.billing_address),
    )


def _address(address: AddressInput | None) -> Address | None:
    if address is None:
        return None
    return Address(
        street_address_1=address.street_address1,
        city=address.city,
        country=address.country,
        first_name=address.first_name or "",
        last_name=address.last_name or "",
        company_name=address.company_name or "",
        street_address_2=address.street_address2 or "",
        city_area=address.city_area or "",
        postal_code=address.postal_code or "",
        country_area=address.country_area or "",
        phone=address.phone or "",
    )


def _pairs(lines: list[CartLineInput] | None) -> list[tuple[str, int]]:
    return [(line.sku, line.quantity) for line in lines or ()]


def _wish(configuration: BundleConfigurationInput) -> Wish:
    return Wish(configuration.offer_code, configuration.term, selected(configuration), configuration.qualification_id)


def _choice(delivery: CartDeliveryInput) -> DeliveryChoice:
    for value, field in (
        (delivery.shipping_method_id, "delivery.shippingMethodId"),
        (delivery.shipping_address, "delivery.shippingAddress"),
    ):
        if value is not None:
            raise ApiError(NOT_AVAILABLE, services.NO_SHIPPING, field=field)
    return DeliveryChoice(
        pickup_store_id=delivery.pickup_store_id,
        pickup_slot_id=delivery.pickup_slot_id,
        line_ids=list(delivery.line_ids or ()),
    )


@strawberry.type
class Query:
    @strawberry.field
    def me(self, info: Info) -> Shopper | None:
        found = selectors.customer(caller(info))
        return Shopper.of(found) if found else None

    @strawberry.field
    def cart(self, info: Info, id: strawberry.ID) -> CartType | None:
        found = access.visible_cart(caller(info), id)
        return CartType.of(selectors.cart_view(found)) if found else None

    @strawberry.field(description="Stores that can hand over these lines (all when empty), and when.")
    def pickup_options(
        self,
        info: Info,
        cart_id: strawberry.ID,
        line_ids: list[strawberry.ID] | None = None,
        near: GeoPointInput | None = None,
        first: int | None = 5,
    ) -> list[PickupOptionType]:
        found = selectors.pickup_options(
            caller=caller(info), cart_id=cart_id, line_ids=line_ids or (), near=point(near), first=first or 5
        )
        return [PickupOptionType.of(option) for option in found]

    @strawberry.field
    def order(self, info: Info, id: strawberry.ID) -> OrderType | None:
        found = access.visible_order(caller(info), id)
        return OrderType.seen_by(info, found) if found else None

    @strawberry.field(
        description="For a guest: order number with the e-mail or telephone number given at checkout. Never shows the "
        "pickup code."
    )
    def order_by_number(self, info: Info, number: str, contact: str) -> OrderType | None:
        found = selectors.order_by_number(number=number, contact=contact, place=info.context.remote_address)
        return OrderType.of(found, show_code=False) if found else None


@strawberry.type
class Mutation:
    @mutation(payload=SessionPayload, atomic=False)
    def sign_in(self, info: Info, email: str, password: str) -> SessionPayload:
        session = customers.sign_in(email=email, password=password, place=info.context.remote_address)
        return SessionPayload(token=session.token, refresh_token=session.refresh_token, expires_at=session.expires_at)

    @mutation(payload=SessionPayload, atomic=False)
    def refresh_session(self, info: Info, refresh_token: str) -> SessionPayload:
        session = customers.refresh(refresh_token=refresh_token)
        return SessionPayload(token=session.token, refresh_token=session.refresh_token, expires_at=session.expires_at)

    @mutation(payload=CartPayload)
    def cart_create(self, info: Info, input: CartCreateInput) -> CartPayload:
        cart = services.create_cart(
            caller=caller(info),
            channel=channel_of(input.context),
            sales_channel=input.context.sales_channel.value,
            store_id=input.context.store_id,
            contact=contact_change(input.contact),
            lines=_pairs(input.lines),
            language=language(info),
        )
        return CartPayload.of(cart)

    @mutation(payload=CartPayload)
    def cart_contact_update(self, info: Info, cart_id: strawberry.ID, contact: ContactInput) -> CartPayload:
        change = contact_change(contact) or ContactChange()
        cart = services.update_contact(caller=caller(info), cart_id=cart_id, contact=change, language=language(info))
        return CartPayload.of(cart)

    @mutation(payload=CartPayload)
    def cart_lines_add(self, info: Info, cart_id: strawberry.ID, lines: list[CartLineInput]) -> CartPayload:
        cart = services.add_lines(caller=caller(info), cart_id=cart_id, lines=_pairs(lines), language=language(info))
        return CartPayload.of(cart)

    @mutation(
        payload=CartPayload,
        description="Quantity 0 removes the line. A part of a bundle: the rest is priced anew, or it is refused.",
    )
    def cart_lines_update(self, info: Info, cart_id: strawberry.ID, lines: list[CartLineUpdateInput]) -> CartPayload:
        pairs = [(str(line.line_id), line.quantity) for line in lines]
        cart = services.update_lines(caller=caller(info), cart_id=cart_id, lines=pairs, language=language(info))
        return CartPayload.of(cart)

    @mutation(
        payload=CartPayload,
        description="A valid configuration becomes linked lines whose prices hold for 24 hours. What is not valid is "
        "refused as INVALID_CONFIGURATION, once for each broken rule.",
    )
    def cart_bundle_add(
        self, info: Info, cart_id: strawberry.ID, configuration: BundleConfigurationInput
    ) -> CartPayload:
        wish = _wish(configuration)
        return CartPayload.of(
            bundles.add_bundle(caller=caller(info), cart_id=cart_id, wish=wish, language=language(info))
        )

    @mutation(payload=CartPayload)
    def cart_bundle_update(
        self, info: Info, cart_id: strawberry.ID, bundle_id: strawberry.ID, configuration: BundleConfigurationInput
    ) -> CartPayload:
        cart = bundles.update_bundle(
            caller=caller(info),
            cart_id=cart_id,
            bundle_id=bundle_id,
            wish=_wish(configuration),
            language=language(info),
        )
        return CartPayload.of(cart)

    @mutation(payload=CartPayload)
    def cart_bundle_remove(self, info: Info, cart_id: strawberry.ID, bundle_id: strawberry.ID) -> CartPayload:
        cart = bundles.remove_bundle(caller=caller(info), cart_id=cart_id, bundle_id=bundle_id, language=language(info))
        return CartPayload.of(cart)

    @mutation(payload=CartPayload)
    def cart_promo_code_add(self, info: Info, cart_id: strawberry.ID, code: str) -> CartPayload:
        return CartPayload.of(services.add_promo_code(caller=caller(info), cart_id=cart_id, code=code))

    @mutation(
        payload=CartPayload,
        description="How the lines named (all when empty) reach the customer. A pickup reserves stock and slot until "
        "`reservedUntil`. Services need none.",
    )
    def cart_delivery_update(self, info: Info, cart_id: strawberry.ID, delivery: CartDeliveryInput) -> CartPayload:
        cart = services.update_delivery(caller=caller(info), cart_id=cart_id, choice=_choice(delivery))
        return CartPayload.of(cart)

    @mutation(
        payload=CartSharePayload,
        description="A short code, single use and expiring, by which another channel takes the cart over.",
    )
    def cart_share(self, info: Info, cart_id: strawberry.ID) -> CartSharePayload:
        shared = sharing.share(caller=caller(info), cart_id=cart_id)
        return CartSharePayload(code=shared.code, expires_at=shared.expires_at)

    @mutation(payload=CartPayload, atomic=False)
    def cart_claim(
        self, info: Info, code: str, sales_channel: SalesChannel, store_id: strawberry.ID | None = None
    ) -> CartPayload:
        cart = sharing.claim(
            caller=caller(info),
            code=code,
            sales_channel=sales_channel.value,
            store_id=store_id,
            place=info.context.remote_address,
        )
        return CartPayload.of(cart)

    @mutation(
        payload=CartCompletePayload,
        atomic=False,
        description="Places the order. What was paid, priced or promised otherwise than shown is refused as "
        "PRICE_CHANGED, DATE_CHANGED or INSUFFICIENT_STOCK before anything is charged.",
    )
    def cart_complete(self, info: Info, cart_id: strawberry.ID, payments: list[PaymentInput]) -> CartCompletePayload:
        choices = [PaymentChoice(payment.method.value, payment.amount, payment.token or "") for payment in payments]
        done = completion.complete_cart(caller=caller(info), cart_id=cart_id, choices=choices)
        return CartCompletePayload(
            order=OrderType.of(done.order, show_code=True) if done.order else None,
            payment_action_url=done.action_url,
        )

    @mutation(
        payload=OrderEsimCodesPayload,
        atomic=False,
        description="The activation codes of an order's eSIMs, for the signed-in shopper who placed it, or by the "
        "`guestCode` of an order placed without an account. Each look is recorded; the answer is never stored.",
    )
    def order_esim_codes(self, info: Info, id: strawberry.ID, code: str | None = None) -> OrderEsimCodesPayload:
        place = info.context.remote_address
        found = esims.codes(caller=caller(info), order_id=id, code=code, place=place)
        return OrderEsimCodesPayload(codes=[EsimCodeType.of(code) for code in found])

    @mutation(payload=OrderPayload, atomic=False)
    def order_cancel(self, info: Info, id: strawberry.ID, reason: str | None = None) -> OrderPayload:
        order = cancellation.cancel_order(caller=caller(info), order_id=id, reason=reason)
        return OrderPayload(order=OrderType.seen_by(info, order))
