from .base_model import BaseModel


class CoreVersion(BaseModel):
    shop: "CoreVersionShop"


class CoreVersionShop(BaseModel):
    version: str
    name: str


CoreVersion.model_rebuild()
