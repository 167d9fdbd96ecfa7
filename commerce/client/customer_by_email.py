from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class CustomerByEmail(BaseModel):
    customers: Optional["CustomerByEmailCustomers"]


class CustomerByEmailCustomers(BaseModel):
    edges: list["CustomerByEmailCustomersEdges"]


class CustomerByEmailCustomersEdges(BaseModel):
    node: "CustomerByEmailCustomersEdgesNode"


class CustomerByEmailCustomersEdgesNode(BaseModel):
    id: str
    email: str
    first_name: str = Field(alias="firstName")
    last_name: str = Field(alias="lastName")
    is_active: bool = Field(alias="isActive")


CustomerByEmail.model_rebuild()
CustomerByEmailCustomers.model_rebuild()
CustomerByEmailCustomersEdges.model_rebuild()
