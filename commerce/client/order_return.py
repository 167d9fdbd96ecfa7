from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import OrderErrorCode
from .fragments import OrderFields


class OrderReturn(BaseModel):
    order_fulfillment_return_products: Optional[
        "OrderReturnOrderFulfillmentReturnProducts"
    ] = Field(alias="orderFulfillmentReturnProducts")


class OrderReturnOrderFulfillmentReturnProducts(BaseModel):
    order: Optional["OrderReturnOrderFulfillmentReturnProductsOrder"]
    errors: list["OrderReturnOrderFulfillmentReturnProductsErrors"]


OrderReturnOrderFulfillmentReturnProductsOrder = OrderFields


class OrderReturnOrderFulfillmentReturnProductsErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: OrderErrorCode
    order_lines: Optional[list[str]] = Field(alias="orderLines")


OrderReturn.model_rebuild()
OrderReturnOrderFulfillmentReturnProducts.model_rebuild()
