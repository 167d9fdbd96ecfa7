from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import PermissionEnum


class AppIdentity(BaseModel):
    shop: "AppIdentityShop"
    app: Optional["AppIdentityApp"]


class AppIdentityShop(BaseModel):
    version: str


class AppIdentityApp(BaseModel):
    id: str
    identifier: Optional[str]
    name: Optional[str]
    is_active: Optional[bool] = Field(alias="isActive")
    version: Optional[str]
    permissions: Optional[list["AppIdentityAppPermissions"]]
    webhooks: Optional[list["AppIdentityAppWebhooks"]]


class AppIdentityAppPermissions(BaseModel):
    code: PermissionEnum


class AppIdentityAppWebhooks(BaseModel):
    id: str
    name: Optional[str]
    is_active: bool = Field(alias="isActive")
    target_url: str = Field(alias="targetUrl")
    subscription_query: Optional[str] = Field(alias="subscriptionQuery")


AppIdentity.model_rebuild()
AppIdentityApp.model_rebuild()
