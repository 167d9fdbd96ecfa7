"""The trade's vocabulary: words that mean a kind of product, words that mean the same, words that name a need.

Linguistic defaults of a telecom retailer; what one operator wants beyond them is merchandising's. Phrases are written
as people type them and become terms by `text.terms`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from plugins.guided_search import text

Phrase = tuple[str, ...]
Synonyms = Mapping[Phrase, tuple[Phrase, ...]]

# Written side by side: each finds the others too.
_GROUPS = (
    ("phone", "smartphone", "cellphone", "cell phone", "mobile phone", "handset", "mobile", "手机", "电话"),
    ("tablet", "平板", "平板电脑"),
    ("case", "cover", "sleeve", "folio", "保护壳", "手机壳", "壳", "保护套", "套"),
    ("screen protector", "tempered glass", "screen guard", "glass protector", "钢化膜", "贴膜", "保护膜", "膜"),
    ("headphone", "earphone", "earbud", "headset", "buds", "耳机"),
    ("charger", "adapter", "power adapter", "charging brick", "充电器", "充电头"),
    ("cable", "cord", "lead", "数据线", "充电线"),
    ("power bank", "powerbank", "portable charger", "battery pack", "充电宝", "移动电源"),
    ("memory card", "microsd", "micro sd", "sd card", "存储卡", "内存卡"),
    ("holder", "mount", "cradle", "支架"),
    ("speaker", "音箱", "音响"),
    ("broadband", "internet", "宽带", "宽频"),
    ("fibre", "fiber", "ftth", "光纤"),
    ("television", "tv", "电视"),
    ("telephone", "landline", "home phone", "voice", "固话"),
    ("plan", "tariff", "套餐", "资费"),
    ("unlimited", "无限", "不限量"),
    ("prepaid", "pay as you go", "payg", "预付费"),
    ("sim", "sim card", "手机卡", "电话卡"),
    ("fixed wireless", "air", "home air"),
    ("colour", "color", "颜色"),
    ("gray", "grey", "灰色"),
    ("wireless charging", "qi"),
    ("wifi", "wi-fi", "wlan", "无线网络"),
    ("fingerprint", "指纹"),
    ("silver", "银色"),
    ("usb c", "usbc", "type c", "typec"),
    ("foldable", "fold", "folding", "flip", "折叠", "折叠屏"),
    ("headphone jack", "3.5mm jack", "headphone socket", "aux", "耳机孔"),
    ("tracking tag", "tracker", "key finder", "find my keys", "airtag", "防丢器"),
    ("nfc", "contactless", "pay contactless", "mobile payment", "移动支付", "刷卡"),
    ("family", "家庭", "全家"),
    ("dual sim", "two sims", "two sim", "two numbers", "双卡", "双卡双待"),
    ("car holder", "car mount", "phone holder", "车载支架"),
)

# The first finds the others, but not the other way round.
_ONE_WAY = (
    ("internet", "fibre", "fiber", "dsl", "home air"),
    ("broadband", "fibre", "fiber", "dsl", "home air"),
    ("宽带", "fibre", "dsl", "home air", "光纤"),
    ("waterproof", "water resistant"),
    ("music", "3.5mm jack", "stereo speakers"),
    ("gaming", "rog", "black shark", "red magic", "razer", "legion"),
    ("gaming phone", "rog", "black shark", "red magic", "razer", "legion"),
    ("games", "rog", "black shark", "red magic", "razer", "legion"),
    ("游戏手机", "rog", "black shark", "red magic", "razer", "legion"),
    ("sustainable", "fairphone", "shiftphone", "shift"),
    ("repairable", "fairphone", "shiftphone", "shift"),
    ("channel", "tv"),
    # Shops name shades; people ask for colours.
    ("黑色", "黑"), ("白色", "白"), ("红色", "红"), ("蓝色", "天空蓝", "午夜蓝", "深蓝"),
    ("绿色", "森林绿", "绿"), ("灰色", "石墨灰", "灰"), ("紫色", "薰衣草紫", "紫"), ("橙色", "珊瑚橙", "橙"),
    ("金色", "沙金色"), ("白色", "珍珠白"),
    ("green", "forest"), ("purple", "lavender"), ("orange", "coral"), ("gold", "sand"), ("red", "crimson"),
    ("grey", "graphite"),
)  # fmt: skip

# Which kind a word asks for, beside the head nouns of the catalogue's own categories.
_KIND_PHRASES: Mapping[str, tuple[str, ...]] = {
    "DEVICE": ("phone", "smartphone", "cellphone", "handset", "mobile", "tablet", "手机", "平板"),
    "ACCESSORY": (
        "case", "cover", "charger", "adapter", "cable", "cord", "headphone", "earphone", "earbud", "headset",
        "protector", "accessory", "holder", "mount", "speaker", "stylus", "keyboard", "power bank", "powerbank",
        "memory card", "sd card", "tempered glass", "壳", "手机壳", "保护壳", "保护套", "套", "钢化膜", "贴膜", "膜",
        "充电器", "充电头", "数据线", "耳机", "充电宝", "移动电源", "配件", "支架", "存储卡", "音箱",
    ),
    "PLAN": ("plan", "tariff", "套餐", "资费"),
    "SIM": ("sim", "esim", "sim card", "手机卡", "电话卡"),
    "SERVICE": (
        "broadband", "internet", "fibre", "fiber", "dsl", "tv", "television", "landline",
        "宽带", "光纤", "电视", "固话",
    ),
}  # fmt: skip

# When words of several kinds meet ("phone case", "phone plan"), the earliest kind here is meant.
KIND_ORDER = ("ACCESSORY", "SIM", "PLAN", "SERVICE", "DEVICE", "OTHER")

# How much a kind counts when the words name none: who types "galaxy s21" wants the phone before its cases.
KIND_FACTOR = {"DEVICE": 1.0, "PLAN": 0.8, "SERVICE": 0.8, "SIM": 0.7, "ACCESSORY": 0.4, "OTHER": 0.4}
MEANT_FACTOR, OTHER_FACTOR = 1.5, 0.3


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody wants of a number without naming one: more of `dimension` is better, or less of it.

    `kind` is the kind of product that has it; `at_most` and `at_least` are bounds that the words name.
    """

    dimension: str
    more: bool = True
    kind: str = "DEVICE"
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    @property
    def is_bound(self) -> bool:
        """Whether it leaves out what is beyond a bound."""
        return self.at_least is not None or self.at_most is not None


# "Big battery", "cheap", "for kids": the phrases and the number that they speak of.
_NEEDS: tuple[tuple[Need, tuple[str, ...]], ...] = (
    (
        Need("battery_mah"),
        ("big battery", "large battery", "huge battery", "long battery life", "good battery", "best battery",
         "battery life", "long battery", "great battery", "strong battery", "lasts all day", "long lasting",
         "lasts long", "lasts", "all day battery", "大电池", "长续航", "续航", "电池大", "大容量电池"),
    ),
    (
        Need("screen_inches"),
        ("big screen", "large screen", "big display", "large display", "huge screen", "biggest screen",
         "大屏", "大屏幕"),
    ),
    (
        Need("screen_inches", more=False),
        ("small phone", "small screen", "compact phone", "compact", "small", "one hand", "one handed", "pocket size",
         "小屏", "小屏幕", "小手机"),
    ),
    (
        Need("price", more=False, kind=""),
        ("cheap", "cheapest", "budget", "affordable", "inexpensive", "low cost", "low price", "entry level", "便宜",
         "实惠", "平价", "低价", "百元"),
    ),
    (
        Need("price", more=False),
        ("kid", "child", "children", "grandmother", "grandma", "grandfather", "grandpa", "elderly", "first phone",
         "simple phone", "easy phone", "backup phone", "学生", "孩子", "儿童", "老人", "备用机"),
    ),
    (
        Need("price", kind=""),
        ("premium", "flagship", "high end", "luxury", "top phone", "best phone", "旗舰", "高端"),
    ),
    (
        Need("ram"),
        ("fast phone", "fast", "powerful", "fastest", "multitasking", "高性能"),
    ),
    (
        Need("camera_mp"),
        ("good camera", "great camera", "best camera", "photography", "camera phone", "for photos", "good photos",
         "拍照", "拍照手机", "摄影"),
    ),
    (
        Need("storage"),
        ("lots of storage", "big storage", "large storage", "much storage", "huge storage", "大存储", "大内存"),
    ),
    (
        Need("released", kind=""),
        ("newest", "latest", "new", "recent", "最新", "新款"),
    ),
)  # fmt: skip

# As stop words leave them: "up to 200" is read as "up 200", "at most" as "most", "at least" as "least".
UPPER_BOUND = frozenset(("under", "below", "less than", "up", "most", "max", "maximum", "cheaper than"))
LOWER_BOUND = frozenset(("over", "above", "more than", "least"))
# What follows a number in Chinese: at most, and at least.
UPPER_AFTER, LOWER_AFTER = frozenset(("以下", "以内")), frozenset(("以上",))


def phrase(written: str) -> Phrase:
    """A phrase as terms, each run of Chinese characters one of them."""
    return tuple(text.terms(written)) or tuple(token.term for token in text.tokens(written))


@cache
def kind_phrases() -> Mapping[Phrase, str]:
    """The kind that a phrase asks for."""
    return {phrase(written): kind for kind, found in _KIND_PHRASES.items() for written in found}


@cache
def needs() -> Mapping[Phrase, Need]:
    """The need that a phrase names."""
    return {phrase(written): need for need, found in _NEEDS for written in found}


@cache
def synonyms() -> Synonyms:
    """What else a phrase may be written as."""
    found = two_way(_GROUPS)
    for source, *targets in _ONE_WAY:
        found[phrase(source)] = (*found.get(phrase(source), ()), *map(phrase, targets))
    return found


def two_way(groups: Iterable[Iterable[str]]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Synonyms of which each means all the others of its group."""
    found: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in groups:
        phrases = list(dict.fromkeys(phrase(written) for written in group))
        for one in phrases:
            found[one] = tuple(dict.fromkeys((*found.get(one, ()), *(other for other in phrases if other != one))))
    return found
