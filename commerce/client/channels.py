from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class Channels(BaseModel):
    channels: Optional[list["ChannelsChannels"]]


class ChannelsChannels(BaseModel):
    id: str
    slug: str
    name: str
    currency_code: str = Field(alias="currencyCode")
    is_active: bool = Field(alias="isActive")
    default_country: "ChannelsChannelsDefaultCountry" = Field(alias="defaultCountry")
    tax_configuration: "ChannelsChannelsTaxConfiguration" = Field(
        alias="taxConfiguration"
    )
    order_settings: "ChannelsChannelsOrderSettings" = Field(alias="orderSettings")
    warehouses: list["ChannelsChannelsWarehouses"]


class ChannelsChannelsDefaultCountry(BaseModel):
    code: str


class ChannelsChannelsTaxConfiguration(BaseModel):
    prices_entered_with_tax: bool = Field(alias="pricesEnteredWithTax")
    charge_taxes: bool = Field(alias="chargeTaxes")


class ChannelsChannelsOrderSettings(BaseModel):
    allow_unpaid_orders: bool = Field(alias="allowUnpaidOrders")


class ChannelsChannelsWarehouses(BaseModel):
    id: str


Channels.model_rebuild()
ChannelsChannels.model_rebuild()
