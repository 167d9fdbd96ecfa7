from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class WarehouseStocks(BaseModel):
    warehouse: Optional["WarehouseStocksWarehouse"]


class WarehouseStocksWarehouse(BaseModel):
    id: str
    stocks: Optional["WarehouseStocksWarehouseStocks"]


class WarehouseStocksWarehouseStocks(BaseModel):
    edges: list["WarehouseStocksWarehouseStocksEdges"]
    page_info: "WarehouseStocksWarehouseStocksPageInfo" = Field(alias="pageInfo")


class WarehouseStocksWarehouseStocksEdges(BaseModel):
    node: "WarehouseStocksWarehouseStocksEdgesNode"


class WarehouseStocksWarehouseStocksEdgesNode(BaseModel):
    quantity: int
    quantity_allocated: int = Field(alias="quantityAllocated")
    product_variant: "WarehouseStocksWarehouseStocksEdgesNodeProductVariant" = Field(
        alias="productVariant"
    )


class WarehouseStocksWarehouseStocksEdgesNodeProductVariant(BaseModel):
    id: str


class WarehouseStocksWarehouseStocksPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


WarehouseStocks.model_rebuild()
WarehouseStocksWarehouse.model_rebuild()
WarehouseStocksWarehouseStocks.model_rebuild()
WarehouseStocksWarehouseStocksEdges.model_rebuild()
WarehouseStocksWarehouseStocksEdgesNode.model_rebuild()
