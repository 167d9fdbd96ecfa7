"""How an order is paid, as the API names it."""

from enum import Enum

import strawberry


@strawberry.enum
class PaymentMethod(Enum):
    CARD = "CARD"
    CASH = "CASH"
    GIFT_CARD = "GIFT_CARD"
    STORE_CREDIT = "STORE_CREDIT"
    PAY_IN_STORE = "PAY_IN_STORE"
