from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class VariantsOfProducts(BaseModel):
    products: Optional["VariantsOfProductsProducts"]


class VariantsOfProductsProducts(BaseModel):
    edges: list["VariantsOfProductsProductsEdges"]
    page_info: "VariantsOfProductsProductsPageInfo" = Field(alias="pageInfo")


class VariantsOfProductsProductsEdges(BaseModel):
    node: "VariantsOfProductsProductsEdgesNode"


class VariantsOfProductsProductsEdgesNode(BaseModel):
    id: str
    category: Optional["VariantsOfProductsProductsEdgesNodeCategory"]
    variants: Optional[list["VariantsOfProductsProductsEdgesNodeVariants"]]


class VariantsOfProductsProductsEdgesNodeCategory(BaseModel):
    id: str


class VariantsOfProductsProductsEdgesNodeVariants(BaseModel):
    id: str


class VariantsOfProductsProductsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


VariantsOfProducts.model_rebuild()
VariantsOfProductsProducts.model_rebuild()
VariantsOfProductsProductsEdges.model_rebuild()
VariantsOfProductsProductsEdgesNode.model_rebuild()
