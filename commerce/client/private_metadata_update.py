from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetadataErrorCode


class PrivateMetadataUpdate(BaseModel):
    update_private_metadata: Optional["PrivateMetadataUpdateUpdatePrivateMetadata"] = (
        Field(alias="updatePrivateMetadata")
    )


class PrivateMetadataUpdateUpdatePrivateMetadata(BaseModel):
    item: Optional["PrivateMetadataUpdateUpdatePrivateMetadataItem"]
    errors: list["PrivateMetadataUpdateUpdatePrivateMetadataErrors"]


class PrivateMetadataUpdateUpdatePrivateMetadataItem(BaseModel):
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
    private_metadata: list[
        "PrivateMetadataUpdateUpdatePrivateMetadataItemPrivateMetadata"
    ] = Field(alias="privateMetadata")


class PrivateMetadataUpdateUpdatePrivateMetadataItemPrivateMetadata(BaseModel):
    key: str
    value: str


class PrivateMetadataUpdateUpdatePrivateMetadataErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: MetadataErrorCode


PrivateMetadataUpdate.model_rebuild()
PrivateMetadataUpdateUpdatePrivateMetadata.model_rebuild()
PrivateMetadataUpdateUpdatePrivateMetadataItem.model_rebuild()
