from typing import Optional

from .base_model import BaseModel
from .fragments import OrderFields


class OrderByExternalReference(BaseModel):
    order: Optional["OrderByExternalReferenceOrder"]


OrderByExternalReferenceOrder = OrderFields
OrderByExternalReference.model_rebuild()
