from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import StockBulkUpdateErrorCode


class StockBulkUpdate(BaseModel):
    stock_bulk_update: Optional["StockBulkUpdateStockBulkUpdate"] = Field(
        alias="stockBulkUpdate"
    )


class StockBulkUpdateStockBulkUpdate(BaseModel):
    count: int
    results: list["StockBulkUpdateStockBulkUpdateResults"]
    errors: list["StockBulkUpdateStockBulkUpdateErrors"]


class StockBulkUpdateStockBulkUpdateResults(BaseModel):
    errors: Optional[list["StockBulkUpdateStockBulkUpdateResultsErrors"]]


class StockBulkUpdateStockBulkUpdateResultsErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: StockBulkUpdateErrorCode


class StockBulkUpdateStockBulkUpdateErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: StockBulkUpdateErrorCode


StockBulkUpdate.model_rebuild()
StockBulkUpdateStockBulkUpdate.model_rebuild()
StockBulkUpdateStockBulkUpdateResults.model_rebuild()
