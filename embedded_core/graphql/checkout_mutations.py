"""Changes of checkouts."""

from collections.abc import Callable
from typing import Any

import graphene

from embedded_core import models
from embedded_core.graphql import inputs, sales
from embedded_core.graphql.common import Info, attempt, by, plain, required_list
from embedded_core.graphql.errors import CheckoutError
from embedded_core.services import checkout, completion


def _changed(payload: type[Any], work: Callable[[], models.Checkout]) -> Any:
    return attempt(payload, CheckoutError, lambda: {"checkout": work()})


class CheckoutCreate(graphene.Mutation):
    class Arguments:
        input = inputs.CheckoutCreateInput(required=True)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(cls, root: None, info: Info, input: dict[str, Any]) -> "CheckoutCreate":
        return _changed(cls, lambda: checkout.create(data=plain(input), by=by(info)))


class CheckoutLinesAdd(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        lines = required_list(inputs.CheckoutLineInput)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(cls, root: None, info: Info, lines: list[dict[str, Any]], id: str | None = None) -> "CheckoutLinesAdd":
        return _changed(cls, lambda: checkout.lines_add(checkout_id=id, lines=plain(lines), by=by(info)))


class CheckoutLinesUpdate(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        lines = required_list(inputs.CheckoutLineUpdateInput)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, lines: list[dict[str, Any]], id: str | None = None
    ) -> "CheckoutLinesUpdate":
        return _changed(cls, lambda: checkout.lines_update(checkout_id=id, lines=plain(lines), by=by(info)))


class CheckoutEmailUpdate(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        email = graphene.String(required=True)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(cls, root: None, info: Info, email: str, id: str | None = None) -> "CheckoutEmailUpdate":
        return _changed(cls, lambda: checkout.set_email(checkout_id=id, email=email, by=by(info)))


class CheckoutBillingAddressUpdate(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        billing_address = inputs.AddressInput(required=True)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, billing_address: dict[str, Any], id: str | None = None
    ) -> "CheckoutBillingAddressUpdate":
        return _changed(
            cls,
            lambda: checkout.set_billing_address(checkout_id=id, address=plain(billing_address), by=by(info)),
        )


class CheckoutShippingAddressUpdate(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        shipping_address = inputs.AddressInput(required=True)

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, shipping_address: dict[str, Any], id: str | None = None
    ) -> "CheckoutShippingAddressUpdate":
        return _changed(
            cls,
            lambda: checkout.set_shipping_address(checkout_id=id, address=plain(shipping_address), by=by(info)),
        )


class CheckoutCustomerAttach(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        customer_id = graphene.ID()

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, id: str | None = None, customer_id: str | None = None
    ) -> "CheckoutCustomerAttach":
        return _changed(cls, lambda: checkout.attach_customer(checkout_id=id, customer_id=customer_id, by=by(info)))


class CheckoutDeliveryMethodUpdate(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        delivery_method_id = graphene.ID()

    checkout = graphene.Field(sales.Checkout)
    errors = required_list(CheckoutError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, id: str | None = None, delivery_method_id: str | None = None
    ) -> "CheckoutDeliveryMethodUpdate":
        return _changed(
            cls,
            lambda: checkout.set_delivery_method(checkout_id=id, delivery_method_id=delivery_method_id, by=by(info)),
        )


class CheckoutComplete(graphene.Mutation):
    class Arguments:
        id = graphene.ID()

    order = graphene.Field(sales.Order)
    confirmation_needed = graphene.Boolean(required=True)
    errors = required_list(CheckoutError)

    @staticmethod
    def resolve_confirmation_needed(root: Any, info: Info) -> bool:
        # Payments are transactions that an app reports: nothing here waits for a customer's confirmation.
        return False

    @classmethod
    def mutate(cls, root: None, info: Info, id: str | None = None) -> "CheckoutComplete":
        return attempt(cls, CheckoutError, lambda: {"order": completion.complete(checkout_id=id, by=by(info))})
