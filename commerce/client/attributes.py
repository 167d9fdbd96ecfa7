from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AttributeInputTypeEnum


class Attributes(BaseModel):
    attributes: Optional["AttributesAttributes"]


class AttributesAttributes(BaseModel):
    edges: list["AttributesAttributesEdges"]
    page_info: "AttributesAttributesPageInfo" = Field(alias="pageInfo")


class AttributesAttributesEdges(BaseModel):
    node: "AttributesAttributesEdgesNode"


class AttributesAttributesEdgesNode(BaseModel):
    slug: str
    name: str
    input_type: Optional[AttributeInputTypeEnum] = Field(alias="inputType")


class AttributesAttributesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


Attributes.model_rebuild()
AttributesAttributes.model_rebuild()
AttributesAttributesEdges.model_rebuild()
