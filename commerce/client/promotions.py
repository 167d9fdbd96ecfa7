from datetime import datetime
from typing import Annotated, Any, Optional

from pydantic import BeforeValidator, Field

from commerce.scalars import parse_datetime

from .base_model import BaseModel
from .enums import PromotionTypeEnum


class Promotions(BaseModel):
    promotions: Optional["PromotionsPromotions"]


class PromotionsPromotions(BaseModel):
    edges: list["PromotionsPromotionsEdges"]
    page_info: "PromotionsPromotionsPageInfo" = Field(alias="pageInfo")


class PromotionsPromotionsEdges(BaseModel):
    node: "PromotionsPromotionsEdgesNode"


class PromotionsPromotionsEdgesNode(BaseModel):
    id: str
    name: str
    type_: Optional[PromotionTypeEnum] = Field(alias="type")
    start_date: Annotated[datetime, BeforeValidator(parse_datetime)] = Field(
        alias="startDate"
    )
    end_date: Optional[Annotated[datetime, BeforeValidator(parse_datetime)]] = Field(
        alias="endDate"
    )
    rules: Optional[list["PromotionsPromotionsEdgesNodeRules"]]


class PromotionsPromotionsEdgesNodeRules(BaseModel):
    channels: Optional[list["PromotionsPromotionsEdgesNodeRulesChannels"]]
    catalogue_predicate: Optional[Any] = Field(alias="cataloguePredicate")


class PromotionsPromotionsEdgesNodeRulesChannels(BaseModel):
    slug: str


class PromotionsPromotionsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


Promotions.model_rebuild()
PromotionsPromotions.model_rebuild()
PromotionsPromotionsEdges.model_rebuild()
PromotionsPromotionsEdgesNode.model_rebuild()
PromotionsPromotionsEdgesNodeRules.model_rebuild()
