"""What the demonstration's merchandisers have set up, beside what every installation starts with.

Kept by code: what is there already stays as people have left it.
"""

from typing import Any, Final

ACTOR: Final = "demo"

SYNONYMS: Final[list[dict[str, Any]]] = [
    {"code": "mobile", "language": "en", "terms": ["mobile", "phone"]},
    {
        "code": "apple-charger",
        "language": "en",
        "kind": "ONE_WAY",
        "sources": ["apple charger", "iphone charger", "lightning charger"],
        "terms": ["usb-c charger"],
    },
    {
        "code": "hotspot",
        "language": "en",
        "kind": "ONE_WAY",
        "sources": ["hotspot", "mobile wifi", "wifi dongle"],
        "terms": ["data only"],
    },
    {
        "code": "zh-hotspot",
        "language": "zh-hans",
        "kind": "ONE_WAY",
        "sources": ["随身wifi", "热点"],
        "terms": ["流量卡", "data only"],
    },
]

PRECEDENCE: Final[list[dict[str, Any]]] = [
    # Details that only help once people know what kind of thing or whose they want.
    {
        "code": "screen-technology-of-devices",
        "dimension": "screen_technology",
        "trigger": "category",
        "values": ["phones", "tablets"],
    },
    {"code": "screen-technology-of-a-brand", "dimension": "screen_technology", "trigger": "brand"},
    {"code": "bluetooth-of-devices", "dimension": "bluetooth", "trigger": "category", "values": ["phones", "tablets"]},
    {"code": "bluetooth-of-a-brand", "dimension": "bluetooth", "trigger": "brand"},
]

RULES: Final[list[dict[str, Any]]] = [
    {
        "code": "stores",
        "name": "Opening hours and stores",
        "kind": "REDIRECT",
        "match_mode": "EXACT",
        "phrases": [
            "store hours", "opening hours", "stores", "find a store", "store near me", "shop near me",
            "门店", "附近门店", "营业时间",
        ],
        "url": "/stores",
    },
    {
        "code": "find-order",
        "name": "Where is my order",
        "kind": "REDIRECT",
        "match_mode": "PHRASE",
        "phrases": ["my order", "track order", "order status", "查订单", "查询订单", "我的订单"],
        "url": "/find-order",
    },
    {
        "code": "tracking-tag-with-keys",
        "name": "Keys: the tracking tag first",
        "kind": "PIN",
        "match_mode": "ALL",
        "phrases": ["keys", "key finder", "luggage", "钥匙"],
        "products": [{"sku": "ACC-TAG-1", "position": 1}],
    },
    {
        "code": "big-battery",
        "name": "Big battery: phones from 5,000 mAh on",
        "kind": "BOOST",
        "match_mode": "PHRASE",
        "phrases": ["big battery", "large battery", "long battery", "long lasting", "大电池", "大电量", "续航"],
        "conditions": {"category": ["phones"], "battery_mah": {"minimum": "5000", "maximum": None}},
        "factor": "3",
    },
    {
        "code": "wired-earphones-last",
        "name": "Earphones: wired ones last",
        "kind": "BURY",
        "match_mode": "PHRASE",
        "phrases": ["earphones", "headphones", "earbuds", "耳机"],
        "products": [{"sku": "ACC-AUD-WIRE"}],
        "factor": "0.5",
    },
    {
        "code": "plans-beside-phones",
        "name": "Unlimited plans beside phones",
        "kind": "SPOTLIGHT",
        "match_mode": "NONE",
        "categories": ["phones"],
        "title_en": "A plan for your new phone",
        "title_zh": "为新手机选个套餐",
        "conditions": {"category": ["unlimited"]},
        "limit": 3,
    },
    {
        "code": "power-for-travellers",
        "name": "Travel: power on the way",
        "kind": "SPOTLIGHT",
        "match_mode": "PHRASE",
        "phrases": ["travel", "holiday", "旅行", "出差"],
        "title_en": "Power on the way",
        "title_zh": "旅途不断电",
        "products": [{"sku": "ACC-PWR-20"}, {"sku": "ACC-TRV-PLUG"}, {"sku": "ACC-CAR-CHG"}],
        "limit": 3,
    },
    {
        # What the shopper's store has at that moment; nothing of it where none is chosen.
        "code": "take-home-today",
        "name": "Cases: take one home today",
        "kind": "SPOTLIGHT",
        "match_mode": "PHRASE",
        "phrases": ["case", "手机壳"],
        "title_en": "Take one home today",
        "title_zh": "今天就能带走",
        "conditions": {"category": ["cases"], "in_store": ["true"]},
        "limit": 4,
    },
]  # fmt: skip

# Amounts in another currency have groups of their own; set up where the channel is sold in.
YUAN: Final[dict[str, Any]] = {
    "name": "price",
    "attribute": "price",
    "channel": "cn",
    "kind": "RANGE",
    "label_en": "Price",
    "label_zh": "价格",
    "bounds": ["0", "500", "1000", "2000", "3000", "4000", "5000", "7000", "10000"],
    "position": 40,
}


def load() -> None:
    """Add what is missing."""
    # Imported here: the models exist only after Django's set-up.
    from plugins.catalogue.models import Channel
    from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Rule, Synonyms

    _add(Synonyms, SYNONYMS)
    _add(PrecedenceRule, PRECEDENCE)
    _add(Rule, RULES)
    if Channel.objects.filter(slug=YUAN["channel"]).exists():
        _add(DimensionSetup, [YUAN])


def _add(model: Any, rows: list[dict[str, Any]]) -> None:
    from plugins.merchandising import services

    for values in rows:
        if not model.objects.filter(**{name: values[name] for name in model.natural_key_fields}).exists():
            services.create(model=model, values=values, actor=ACTOR, note="Demonstration")
