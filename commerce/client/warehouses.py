from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WarehouseClickAndCollectOptionEnum


class Warehouses(BaseModel):
    warehouses: Optional["WarehousesWarehouses"]


class WarehousesWarehouses(BaseModel):
    edges: list["WarehousesWarehousesEdges"]
    page_info: "WarehousesWarehousesPageInfo" = Field(alias="pageInfo")


class WarehousesWarehousesEdges(BaseModel):
    node: "WarehousesWarehousesEdgesNode"


class WarehousesWarehousesEdgesNode(BaseModel):
    id: str
    slug: str
    name: str
    email: str
    click_and_collect_option: WarehouseClickAndCollectOptionEnum = Field(
        alias="clickAndCollectOption"
    )
    address: "WarehousesWarehousesEdgesNodeAddress"
    metadata: list["WarehousesWarehousesEdgesNodeMetadata"]


class WarehousesWarehousesEdgesNodeAddress(BaseModel):
    street_address_1: str = Field(alias="streetAddress1")
    street_address_2: str = Field(alias="streetAddress2")
    city: str
    postal_code: str = Field(alias="postalCode")
    country_area: str = Field(alias="countryArea")
    country: "WarehousesWarehousesEdgesNodeAddressCountry"
    phone: Optional[str]


class WarehousesWarehousesEdgesNodeAddressCountry(BaseModel):
    code: str


class WarehousesWarehousesEdgesNodeMetadata(BaseModel):
    key: str
    value: str


class WarehousesWarehousesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


Warehouses.model_rebuild()
WarehousesWarehouses.model_rebuild()
WarehousesWarehousesEdges.model_rebuild()
WarehousesWarehousesEdgesNode.model_rebuild()
WarehousesWarehousesEdgesNodeAddress.model_rebuild()
