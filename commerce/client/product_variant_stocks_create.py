from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ProductErrorCode


class ProductVariantStocksCreate(BaseModel):
    product_variant_stocks_create: Optional[
        "ProductVariantStocksCreateProductVariantStocksCreate"
    ] = Field(alias="productVariantStocksCreate")


class ProductVariantStocksCreateProductVariantStocksCreate(BaseModel):
    product_variant: Optional[
        "ProductVariantStocksCreateProductVariantStocksCreateProductVariant"
    ] = Field(alias="productVariant")
    errors: list["ProductVariantStocksCreateProductVariantStocksCreateErrors"]


class ProductVariantStocksCreateProductVariantStocksCreateProductVariant(BaseModel):
    id: str


class ProductVariantStocksCreateProductVariantStocksCreateErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: ProductErrorCode
    index: Optional[int]


ProductVariantStocksCreate.model_rebuild()
ProductVariantStocksCreateProductVariantStocksCreate.model_rebuild()
