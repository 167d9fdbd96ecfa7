from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AccountErrorCode


class TokenCreate(BaseModel):
    token_create: Optional["TokenCreateTokenCreate"] = Field(alias="tokenCreate")


class TokenCreateTokenCreate(BaseModel):
    token: Optional[str]
    refresh_token: Optional[str] = Field(alias="refreshToken")
    user: Optional["TokenCreateTokenCreateUser"]
    errors: list["TokenCreateTokenCreateErrors"]


class TokenCreateTokenCreateUser(BaseModel):
    id: str
    email: str
    first_name: str = Field(alias="firstName")
    last_name: str = Field(alias="lastName")


class TokenCreateTokenCreateErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: AccountErrorCode


TokenCreate.model_rebuild()
TokenCreateTokenCreate.model_rebuild()
