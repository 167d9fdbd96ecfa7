from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import TransactionEventReportErrorCode


class TransactionEventReport(BaseModel):
    transaction_event_report: Optional[
        "TransactionEventReportTransactionEventReport"
    ] = Field(alias="transactionEventReport")


class TransactionEventReportTransactionEventReport(BaseModel):
    already_processed: Optional[bool] = Field(alias="alreadyProcessed")
    transaction: Optional["TransactionEventReportTransactionEventReportTransaction"]
    errors: list["TransactionEventReportTransactionEventReportErrors"]


class TransactionEventReportTransactionEventReportTransaction(BaseModel):
    id: str
    psp_reference: str = Field(alias="pspReference")
    authorized_amount: "TransactionEventReportTransactionEventReportTransactionAuthorizedAmount" = Field(
        alias="authorizedAmount"
    )
    charged_amount: "TransactionEventReportTransactionEventReportTransactionChargedAmount" = Field(
        alias="chargedAmount"
    )
    refunded_amount: "TransactionEventReportTransactionEventReportTransactionRefundedAmount" = Field(
        alias="refundedAmount"
    )


class TransactionEventReportTransactionEventReportTransactionAuthorizedAmount(
    BaseModel
):
    amount: float


class TransactionEventReportTransactionEventReportTransactionChargedAmount(BaseModel):
    amount: float


class TransactionEventReportTransactionEventReportTransactionRefundedAmount(BaseModel):
    amount: float


class TransactionEventReportTransactionEventReportErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: TransactionEventReportErrorCode


TransactionEventReport.model_rebuild()
TransactionEventReportTransactionEventReport.model_rebuild()
TransactionEventReportTransactionEventReportTransaction.model_rebuild()
