"""What attributes and kinds are called, by language. An attribute that is not listed keeps the core's own name."""

from collections.abc import Mapping
from functools import cache, lru_cache

_CHINESE = "zh-hans"

# slug: (English, simplified Chinese)
_ATTRIBUTES = {
    "at_address": ("At your address", "可办理地址"),
    "brand": ("Brand", "品牌"),
    "battery": ("Battery", "电池容量"),
    "battery_mah": ("Battery (mAh)", "电池容量（毫安时）"),
    "bluetooth": ("Bluetooth", "蓝牙"),
    "camera": ("Camera", "摄像头"),
    "cameras": ("Cameras", "摄像头"),
    "category": ("Category", "分类"),
    "colour": ("Colour", "颜色"),
    "connector": ("Connector", "接口"),
    "contract_months": ("Contract (months)", "合约期（月）"),
    "data": ("Data", "流量"),
    "data_gb": ("Data (GB)", "流量（GB）"),
    "download_mbps": ("Download (Mbps)", "下载速率（Mbps）"),
    "upload_mbps": ("Upload (Mbps)", "上传速率（Mbps）"),
    "features": ("Features", "功能"),
    "fits": ("Fits", "适用机型"),
    "in_store": ("In store", "门店有货"),
    "kind": ("Kind", "类型"),
    "length": ("Length", "长度"),
    "material": ("Material", "材质"),
    "minutes": ("Minutes", "通话时长"),
    "model_codes": ("Model codes", "型号代码"),
    "network": ("Network", "网络"),
    "power_w": ("Power (W)", "功率（瓦）"),
    "price": ("Price", "价格"),
    "monthly_price": ("Price a month", "月费"),
    "processor": ("Processor", "处理器"),
    "ram": ("Memory", "运行内存"),
    "released": ("Released", "上市日期"),
    "screen_inches": ("Screen size (inches)", "屏幕尺寸（英寸）"),
    "screen_resolution": ("Screen resolution", "屏幕分辨率"),
    "screen_technology": ("Screen technology", "屏幕材质"),
    "sim": ("SIM", "SIM 卡"),
    "sim_type": ("SIM type", "SIM 卡类型"),
    "soc": ("Processor", "处理器"),
    "storage": ("Storage", "存储容量"),
    "technology": ("Technology", "接入方式"),
    "wifi": ("Wi-Fi", "无线网络"),
}

_KINDS = {
    "DEVICE": ("Phones and tablets", "手机和平板"),
    "PLAN": ("Plans", "套餐"),
    "SERVICE": ("Home services", "家庭服务"),
    "ACCESSORY": ("Accessories", "配件"),
    "SIM": ("SIM cards", "SIM 卡"),
    "OTHER": ("Other", "其他"),
}


@lru_cache(64)
def is_chinese(language: str) -> bool:
    """True for the language tags that are answered in simplified Chinese."""
    return language.lower().replace("_", "-") in {"zh", "zh-cn", "zh-sg", _CHINESE}


def attribute_label(name: str, fallback: str, language: str) -> str:
    """The name of an attribute or dimension for people; `fallback` is what the core calls it."""
    return attribute_labels(language).get(name, fallback)


@cache
def _labels(chinese: bool) -> Mapping[str, str]:
    return {name: labels[chinese] for name, labels in _ATTRIBUTES.items()}


def attribute_labels(language: str) -> Mapping[str, str]:
    """The names of all attributes for people, by slug."""
    return _labels(is_chinese(language))


def kind_label(kind: str, language: str) -> str:
    """The name of a product kind for people, in the plural."""
    return _KINDS[kind][is_chinese(language)]
