from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AccountErrorCode


class TokenRefresh(BaseModel):
    token_refresh: Optional["TokenRefreshTokenRefresh"] = Field(alias="tokenRefresh")


class TokenRefreshTokenRefresh(BaseModel):
    token: Optional[str]
    user: Optional["TokenRefreshTokenRefreshUser"]
    errors: list["TokenRefreshTokenRefreshErrors"]


class TokenRefreshTokenRefreshUser(BaseModel):
    id: str
    email: str
    first_name: str = Field(alias="firstName")
    last_name: str = Field(alias="lastName")


class TokenRefreshTokenRefreshErrors(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: AccountErrorCode


TokenRefresh.model_rebuild()
TokenRefreshTokenRefresh.model_rebuild()
