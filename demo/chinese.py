"""What things are called in Chinese: brands, categories, attributes and their values, by table and by rule.

Model names stay Latin, as Chinese shops write them: 小米 Redmi Note 9 Pro.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.devices import Device

LANGUAGE = "zh-hans"

BRANDS = {
    "Xiaomi": "小米", "Samsung": "三星", "Motorola": "摩托罗拉", "OnePlus": "一加", "Google": "谷歌", "Sony": "索尼",
    "ASUS": "华硕", "Nubia": "努比亚", "Lenovo": "联想", "Huawei": "华为", "Realme": "真我", "LeEco": "乐视",
    "Nokia": "诺基亚", "Razer": "雷蛇", "ZTE": "中兴", "Meizu": "魅族", "Smartisan": "锤子", "NVIDIA": "英伟达",
    "Wingtech": "闻泰",
}  # fmt: skip

CATEGORIES = {
    "devices": "手机和平板", "phones": "手机", "tablets": "平板电脑", "accessories": "配件", "cases": "手机壳",
    "screen-protection": "钢化膜", "chargers-cables": "充电器和数据线", "power-banks": "移动电源",
    "audio": "耳机和音箱", "car-travel": "车载和旅行", "tablet-accessories": "平板配件", "memory": "存储卡",
    "plans": "套餐", "unlimited": "不限量套餐", "metered": "流量套餐", "family": "全家套餐", "prepaid": "预付费",
    "data-only": "流量卡", "sims": "SIM 卡和 eSIM", "services": "家庭业务", "fibre": "光纤宽带", "dsl": "DSL 宽带",
    "fixed-wireless": "无线宽带", "tv": "电视", "voice": "固定电话",
    "home-equipment": "家庭设备",
}  # fmt: skip

ATTRIBUTES = {
    "brand": "品牌", "storage": "存储容量", "colour": "颜色", "released": "上市日期", "network": "网络",
    "ram": "运行内存", "screen_inches": "屏幕尺寸（英寸）", "screen_technology": "屏幕材质",
    "screen_resolution": "屏幕分辨率", "battery_mah": "电池容量（毫安时）", "cameras": "摄像头", "wifi": "无线网络",
    "bluetooth": "蓝牙", "processor": "处理器", "sim": "SIM 卡", "features": "功能", "model_codes": "型号代码",
    "data": "流量", "minutes": "通话时长", "technology": "接入方式", "download_mbps": "下载速率（Mbps）",
    "upload_mbps": "上传速率（Mbps）", "fits": "适用机型",
}  # fmt: skip

_COLOURS = {
    "Graphite": "石墨灰", "Midnight blue": "午夜蓝", "Silver": "银色", "Pearl white": "珍珠白",
    "Forest green": "森林绿", "Lavender": "薰衣草紫", "Coral": "珊瑚橙", "Sky blue": "天空蓝", "Sand": "沙金色",
    "Crimson": "绯红色", "Clear": "透明", "Black": "黑色", "Brown": "棕色",
}  # fmt: skip

_FEATURES = {
    "Accelerometer": "加速度传感器", "Compass": "电子罗盘", "Gyroscope": "陀螺仪", "Proximity sensor": "距离传感器",
    "3.5mm jack": "3.5 毫米耳机孔", "Fingerprint reader": "指纹识别", "Light sensor": "光线传感器",
    "A-GPS": "辅助全球定位", "Galileo": "伽利略导航", "GLONASS": "格洛纳斯导航", "BeiDou": "北斗导航",
    "Barometer": "气压计", "Hall effect sensor": "霍尔传感器", "IR blaster": "红外遥控", "QZSS": "准天顶导航",
    "FM radio": "调频收音机", "Dual-frequency GNSS": "双频定位", "Stereo speakers": "立体声扬声器",
    "Pedometer": "计步器", "Qi wireless charging": "Qi 无线充电", "Qi reverse wireless charging": "Qi 反向无线充电",
    "DP over USB-C": "USB-C 视频输出", "Ultrasound proximity sensor": "超声波距离传感器", "NavIC": "NavIC 导航",
    "Color spectrum sensor": "色谱传感器", "RGB ambient light": "RGB 环境光传感器",
    "Stereo front speakers": "前置立体声扬声器", "Heart rate sensor": "心率传感器",
    "Motion Coprocessor": "运动协处理器", "Thermometer": "温度计", "Hygrometer": "湿度计",
    "Depth Sensor": "深度传感器", "Ultra Wideband (UWB)": "超宽带（UWB）", "IR camera": "红外摄像头",
    "Hardware keyboard": "实体键盘", "Audio Coprocessor": "音频协处理器", "Dot Projector": "点阵投影器",
    "Radar": "雷达", "Google Assist Button": "谷歌助理键",
}  # fmt: skip

# Parts of a value, in the order in which they are replaced.
_LENSES = {
    "ultra-wide angle": "超广角", "ultrawide": "超广角", "ultra wide": "超广角", "wide angle": "广角",
    "wide-angle": "广角", "wideangle": "广角", "front-wide": "前置广角", "periscope telephoto": "潜望长焦",
    "telephoto": "长焦", "telemacro": "长焦微距", "macro": "微距", "depth sensor": "景深", "depth": "景深",
    "monochromatic": "黑白", "monochrome": "黑白", "front facing": "前置", "front": "前置", "primary": "主摄",
    "main": "主摄", "standard": "标准", "wide": "广角", "bokeh": "虚化", "selfie": "自拍", "rear": "后置",
    "tele": "长焦", "unfolded": "展开", "folded": "折叠", "infrared": "红外", "secondary": "副摄", "popup": "升降",
    "punch-hole": "打孔", "dedicated video camera": "专用录像", "color filter camera": "彩色滤镜", "sensor": "传感器",
    "lens": "镜头", "dual": "双摄", "effective": "有效", "w/": "含", "india": "印度版", "china": "中国版",
    "or ": "或 ",
}  # fmt: skip
_CHIPS = {
    "Qualcomm": "高通", "Snapdragon": "骁龙", "MediaTek": "联发科", "Dimensity": "天玑", "HiSilicon": "海思",
    "Kirin": "麒麟", "Samsung": "三星", "Google": "谷歌", "NVIDIA": "英伟达", "Intel": "英特尔", "Exynos": "猎户座",
}  # fmt: skip
_TABLES = {
    "brand": BRANDS,
    "colour": _COLOURS,
    "features": _FEATURES,
    "sim": {"Single SIM": "单卡", "Dual SIM": "双卡"},
    "data": {"Unlimited": "不限量"},
    "minutes": {"Unlimited": "不限时", "None": "无"},
    "technology": {"FTTH": "光纤到户", "FIXED_WIRELESS": "无线接入", "IPTV": "网络电视", "VOIP": "网络电话"},
}


def translation(name: str, description: str = "") -> dict[str, dict[str, str]]:
    """The texts of a row in the core's loading format; nothing when there is no Chinese name."""
    texts = {"name": name, "description": description}
    return {LANGUAGE: {key: text for key, text in texts.items() if text}} if name else {}


def value(attribute: str, text: str) -> str:
    """What a value is called in Chinese; as it is where the Chinese write it the same way."""
    if attribute == "cameras":
        return _camera(text)
    if attribute == "processor":
        return _replaced(text, _CHIPS)
    if attribute == "minutes" and text.isdigit():
        return f"{text} 分钟"
    return _TABLES.get(attribute, {}).get(text, text)


def attribute_translation(attribute: str, texts: Iterable[str]) -> dict[str, dict[str, object]]:
    """An attribute's name and those of its values that are called otherwise than in English."""
    values = {text: value(attribute, text) for text in sorted(set(texts))}
    named = {text: chinese for text, chinese in values.items() if chinese != text}
    return {LANGUAGE: {"name": ATTRIBUTES[attribute], "values": named}}


def _camera(text: str) -> str:
    """50 MP (ultrawide) is 5000 万像素 (超广角): the Chinese count in ten thousands."""
    in_ten_thousands = re.sub(r"([\d.]+) MP", lambda found: f"{float(found[1]) * 100:g} 万像素", text)
    return _replaced(in_ten_thousands, _LENSES)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, chinese in words.items():
        text = re.sub(re.escape(word), chinese, text, flags=re.IGNORECASE)
    return text


def device_name(device: "Device") -> str:
    """The device with its brand in Chinese, where the brand has a Chinese name."""
    brand = BRANDS.get(device.brand)
    if brand is None:
        return device.name
    return " ".join(re.sub(rf"\b{re.escape(device.brand)}\b", f" {brand} ", device.name, count=1, flags=re.I).split())


def device_description(device: "Device") -> str:
    """A few sentences made of the facts."""
    facts = device.facts
    kind = "平板电脑" if device.is_tablet else "手机"
    brand = BRANDS.get(device.brand, device.brand)
    parts = [f"{brand} {device.released.year} 年推出的{' 5G ' if device.has_5g else ''}{kind}。"]
    if "screen_inches" in facts:
        technology = facts.get("screen_technology", [""])[0]
        screen = f"{facts['screen_inches'][0]} 英寸 {technology} 屏幕".replace("  ", " ")
        resolution = facts.get("screen_resolution")
        parts.append(f"{screen}，分辨率 {resolution[0]}。" if resolution else f"{screen}。")
    if "battery_mah" in facts:
        parts.append(f"电池容量 {facts['battery_mah'][0]} 毫安时。")
    if "cameras" in facts:
        parts.append(f"摄像头：{'、'.join(_camera(text) for text in facts['cameras'])}。")
    if "processor" in facts:
        parts.append(f"处理器：{value('processor', facts['processor'][0])}。")
    return "".join(parts)


def variant_name(storage: str, colour: str) -> str:
    """A variant by what tells it from its sisters."""
    return " / ".join(filter(None, [storage, value("colour", colour)]))
