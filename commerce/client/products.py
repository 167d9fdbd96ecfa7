from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ProductFields


class Products(BaseModel):
    products: Optional["ProductsProducts"]


class ProductsProducts(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount")
    edges: list["ProductsProductsEdges"]
    page_info: "ProductsProductsPageInfo" = Field(alias="pageInfo")


class ProductsProductsEdges(BaseModel):
    node: "ProductsProductsEdgesNode"


ProductsProductsEdgesNode = ProductFields


class ProductsProductsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


Products.model_rebuild()
ProductsProducts.model_rebuild()
ProductsProductsEdges.model_rebuild()
