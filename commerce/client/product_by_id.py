from typing import Optional

from .base_model import BaseModel
from .fragments import ProductFields


class ProductById(BaseModel):
    product: Optional["ProductByIdProduct"]


ProductByIdProduct = ProductFields
ProductById.model_rebuild()
