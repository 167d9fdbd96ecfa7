from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentStatus, OrderStatus


class OrderStock(BaseModel):
    order: Optional["OrderStockOrder"]


class OrderStockOrder(BaseModel):
    id: str
    number: str
    status: OrderStatus
    external_reference: Optional[str] = Field(alias="externalReference")
    channel: "OrderStockOrderChannel"
    metadata: list["OrderStockOrderMetadata"]
    lines: list["OrderStockOrderLines"]
    fulfillments: list["OrderStockOrderFulfillments"]


class OrderStockOrderChannel(BaseModel):
    slug: str


class OrderStockOrderMetadata(BaseModel):
    key: str
    value: str


class OrderStockOrderLines(BaseModel):
    id: str
    product_sku: Optional[str] = Field(alias="productSku")
    quantity: int
    quantity_fulfilled: int = Field(alias="quantityFulfilled")
    variant: Optional["OrderStockOrderLinesVariant"]
    allocations: Optional[list["OrderStockOrderLinesAllocations"]]


class OrderStockOrderLinesVariant(BaseModel):
    id: str


class OrderStockOrderLinesAllocations(BaseModel):
    quantity: int
    warehouse: "OrderStockOrderLinesAllocationsWarehouse"


class OrderStockOrderLinesAllocationsWarehouse(BaseModel):
    id: str


class OrderStockOrderFulfillments(BaseModel):
    id: str
    status: FulfillmentStatus
    warehouse: Optional["OrderStockOrderFulfillmentsWarehouse"]
    lines: Optional[list["OrderStockOrderFulfillmentsLines"]]


class OrderStockOrderFulfillmentsWarehouse(BaseModel):
    id: str


class OrderStockOrderFulfillmentsLines(BaseModel):
    quantity: int
    order_line: Optional["OrderStockOrderFulfillmentsLinesOrderLine"] = Field(
        alias="orderLine"
    )


class OrderStockOrderFulfillmentsLinesOrderLine(BaseModel):
    id: str
    variant: Optional["OrderStockOrderFulfillmentsLinesOrderLineVariant"]


class OrderStockOrderFulfillmentsLinesOrderLineVariant(BaseModel):
    id: str


OrderStock.model_rebuild()
OrderStockOrder.model_rebuild()
OrderStockOrderLines.model_rebuild()
OrderStockOrderLinesAllocations.model_rebuild()
OrderStockOrderFulfillments.model_rebuild()
OrderStockOrderFulfillmentsLines.model_rebuild()
OrderStockOrderFulfillmentsLinesOrderLine.model_rebuild()
