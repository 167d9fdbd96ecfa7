from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetadataErrorCode


class MetadataUpdate(BaseModel):
    update_metadata: Optional["MetadataUpdateUpdateMetadata"] = Field(
        alias="updateMetadata"
    )


class MetadataUpdateUpdateMetadata(BaseModel):
    item: Optional["MetadataUpdateUpdateMetadataItem"]
    errors: list["MetadataUpdateUpdateMetadataErrors"]


class MetadataUpdateUpdateMetadataItem(BaseModel):
    typename__: Literal[
        "Category",
        "Checkout",
        "CheckoutLine",
        "ObjectWithMetadata",
        "Order",
        "OrderLine",
        "Product",
        "ProductType",
        "ProductVariant",
        "TransactionItem",
        "User",
        "Warehouse",
    ] = Field(alias="__typename")
    metadata: list["MetadataUpdateUpdateMetadataItemMetadata"]


class MetadataUpdateUpdateMetadataItemMetadata(BaseModel):
    key: str
    value: str


class MetadataUpdateUpdateMetadataErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: MetadataErrorCode


MetadataUpdate.model_rebuild()
MetadataUpdateUpdateMetadata.model_rebuild()
MetadataUpdateUpdateMetadataItem.model_rebuild()
