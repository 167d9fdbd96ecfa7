from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class WarehouseStockPage(BaseModel):
    warehouse: Optional["WarehouseStockPageWarehouse"]


class WarehouseStockPageWarehouse(BaseModel):
    stocks: Optional["WarehouseStockPageWarehouseStocks"]


class WarehouseStockPageWarehouseStocks(BaseModel):
    edges: list["WarehouseStockPageWarehouseStocksEdges"]
    page_info: "WarehouseStockPageWarehouseStocksPageInfo" = Field(alias="pageInfo")


class WarehouseStockPageWarehouseStocksEdges(BaseModel):
    node: "WarehouseStockPageWarehouseStocksEdgesNode"


class WarehouseStockPageWarehouseStocksEdgesNode(BaseModel):
    quantity: int
    product_variant: "WarehouseStockPageWarehouseStocksEdgesNodeProductVariant" = Field(
        alias="productVariant"
    )


class WarehouseStockPageWarehouseStocksEdgesNodeProductVariant(BaseModel):
    id: str
    sku: Optional[str]


class WarehouseStockPageWarehouseStocksPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


WarehouseStockPage.model_rebuild()
WarehouseStockPageWarehouse.model_rebuild()
WarehouseStockPageWarehouseStocks.model_rebuild()
WarehouseStockPageWarehouseStocksEdges.model_rebuild()
WarehouseStockPageWarehouseStocksEdgesNode.model_rebuild()
