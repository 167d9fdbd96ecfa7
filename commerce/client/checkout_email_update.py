from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CheckoutErrorFields


class CheckoutEmailUpdate(BaseModel):
    checkout_email_update: Optional["CheckoutEmailUpdateCheckoutEmailUpdate"] = Field(
        alias="checkoutEmailUpdate"
    )


class CheckoutEmailUpdateCheckoutEmailUpdate(BaseModel):
    checkout: Optional["CheckoutEmailUpdateCheckoutEmailUpdateCheckout"]
    errors: list["CheckoutEmailUpdateCheckoutEmailUpdateErrors"]


class CheckoutEmailUpdateCheckoutEmailUpdateCheckout(BaseModel):
    id: str
    email: Optional[str]


CheckoutEmailUpdateCheckoutEmailUpdateErrors = CheckoutErrorFields
CheckoutEmailUpdate.model_rebuild()
CheckoutEmailUpdateCheckoutEmailUpdate.model_rebuild()
