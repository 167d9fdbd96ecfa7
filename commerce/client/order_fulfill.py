from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import OrderErrorCode
from .fragments import OrderFields


class OrderFulfill(BaseModel):
    order_fulfill: Optional["OrderFulfillOrderFulfill"] = Field(alias="orderFulfill")


class OrderFulfillOrderFulfill(BaseModel):
    order: Optional["OrderFulfillOrderFulfillOrder"]
    errors: list["OrderFulfillOrderFulfillErrors"]


OrderFulfillOrderFulfillOrder = OrderFields


class OrderFulfillOrderFulfillErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: OrderErrorCode
    warehouse: Optional[str]
    order_lines: Optional[list[str]] = Field(alias="orderLines")


OrderFulfill.model_rebuild()
OrderFulfillOrderFulfill.model_rebuild()
