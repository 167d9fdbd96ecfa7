from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CheckoutErrorFields, CheckoutFields


class CheckoutDeliveryMethodUpdate(BaseModel):
    checkout_delivery_method_update: Optional[
        "CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdate"
    ] = Field(alias="checkoutDeliveryMethodUpdate")


class CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdate(BaseModel):
    checkout: Optional[
        "CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdateCheckout"
    ]
    errors: list["CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdateErrors"]


CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdateCheckout = CheckoutFields
CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdateErrors = CheckoutErrorFields
CheckoutDeliveryMethodUpdate.model_rebuild()
CheckoutDeliveryMethodUpdateCheckoutDeliveryMethodUpdate.model_rebuild()
