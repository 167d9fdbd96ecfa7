from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class ProductTypes(BaseModel):
    product_types: Optional["ProductTypesProductTypes"] = Field(alias="productTypes")


class ProductTypesProductTypes(BaseModel):
    edges: list["ProductTypesProductTypesEdges"]
    page_info: "ProductTypesProductTypesPageInfo" = Field(alias="pageInfo")


class ProductTypesProductTypesEdges(BaseModel):
    node: "ProductTypesProductTypesEdgesNode"


class ProductTypesProductTypesEdgesNode(BaseModel):
    slug: str
    name: str
    is_shipping_required: bool = Field(alias="isShippingRequired")
    metadata: list["ProductTypesProductTypesEdgesNodeMetadata"]


class ProductTypesProductTypesEdgesNodeMetadata(BaseModel):
    key: str
    value: str


class ProductTypesProductTypesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ProductTypes.model_rebuild()
ProductTypesProductTypes.model_rebuild()
ProductTypesProductTypesEdges.model_rebuild()
ProductTypesProductTypesEdgesNode.model_rebuild()
