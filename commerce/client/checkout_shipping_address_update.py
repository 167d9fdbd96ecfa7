from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CheckoutErrorFields


class CheckoutShippingAddressUpdate(BaseModel):
    checkout_shipping_address_update: Optional[
        "CheckoutShippingAddressUpdateCheckoutShippingAddressUpdate"
    ] = Field(alias="checkoutShippingAddressUpdate")


class CheckoutShippingAddressUpdateCheckoutShippingAddressUpdate(BaseModel):
    checkout: Optional[
        "CheckoutShippingAddressUpdateCheckoutShippingAddressUpdateCheckout"
    ]
    errors: list["CheckoutShippingAddressUpdateCheckoutShippingAddressUpdateErrors"]


class CheckoutShippingAddressUpdateCheckoutShippingAddressUpdateCheckout(BaseModel):
    id: str


CheckoutShippingAddressUpdateCheckoutShippingAddressUpdateErrors = CheckoutErrorFields
CheckoutShippingAddressUpdate.model_rebuild()
CheckoutShippingAddressUpdateCheckoutShippingAddressUpdate.model_rebuild()
