from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CheckoutErrorFields


class CheckoutBegin(BaseModel):
    checkout_create: Optional["CheckoutBeginCheckoutCreate"] = Field(
        alias="checkoutCreate"
    )


class CheckoutBeginCheckoutCreate(BaseModel):
    checkout: Optional["CheckoutBeginCheckoutCreateCheckout"]
    errors: list["CheckoutBeginCheckoutCreateErrors"]


class CheckoutBeginCheckoutCreateCheckout(BaseModel):
    id: str


CheckoutBeginCheckoutCreateErrors = CheckoutErrorFields
CheckoutBegin.model_rebuild()
CheckoutBeginCheckoutCreate.model_rebuild()
