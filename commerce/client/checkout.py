from typing import Optional

from .base_model import BaseModel
from .fragments import CheckoutFields


class Checkout(BaseModel):
    checkout: Optional["CheckoutCheckout"]


CheckoutCheckout = CheckoutFields
Checkout.model_rebuild()
