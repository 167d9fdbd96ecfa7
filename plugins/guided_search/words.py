"""The trade's vocabulary: words that mean a kind of product, words that mean the same, words that name a need.

Linguistic defaults of a telecom retailer; what one operator wants beyond them is merchandising's. Phrases are written
as people type them and become terms by `text.terms`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from plugins.guided_search import text

Phrase = tuple[str, ...]
Synonyms = Mapping[Phrase, tuple[Phrase, ...]]

# By code, so that merchandisers can put their own words in place of a group. Each word finds the others too.
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "phone": (
        "phone",
        "smartphone",
        "cellphone",
        "cell phone",
        "mobile phone",
        "handset",
        "mobile",
        "手机",
        "电话",
        "智能手机",
    ),
    "tablet": ("tablet", "平板", "平板电脑"),
    "case": ("case", "cover", "sleeve", "folio", "保护壳", "手机壳", "壳", "手机套", "保护套", "套"),
    "screen-protector": (
        "screen protector",
        "tempered glass",
        "screen guard",
        "glass protector",
        "protective glass",
        "钢化膜",
        "贴膜",
        "保护膜",
        "屏幕保护膜",
        "膜",
    ),
    "headphone": ("headphone", "earphone", "earbud", "headset", "buds", "耳机", "耳塞", "耳麦"),
    "charger": ("charger", "adapter", "power adapter", "charging brick", "充电器", "充电头", "电源适配器"),
    "cable": ("cable", "cord", "lead", "数据线", "充电线"),
    "power-bank": ("power bank", "powerbank", "portable charger", "battery pack", "充电宝", "移动电源"),
    "memory-card": ("memory card", "microsd", "micro sd", "sd card", "存储卡", "内存卡"),
    "holder": ("holder", "mount", "cradle", "支架"),
    "speaker": ("speaker", "音箱", "音响"),
    "broadband": ("broadband", "internet", "宽带", "宽频", "上网"),
    "fibre": ("fibre", "fiber", "ftth", "光纤"),
    "television": ("television", "tv", "电视"),
    "telephone": ("telephone", "landline", "home phone", "voice", "固话"),
    "plan": ("plan", "tariff", "套餐", "资费"),
    "unlimited": ("unlimited", "无限", "不限量"),
    "prepaid": ("prepaid", "pay as you go", "payg", "预付费"),
    "sim": ("sim", "sim card", "手机卡", "电话卡"),
    "fixed-wireless": ("fixed wireless", "air", "home air"),
    "colour": ("colour", "color", "颜色"),
    "grey": ("gray", "grey", "灰色"),
    "wireless-charging": ("wireless charging", "qi"),
    "wifi": ("wifi", "wi-fi", "wlan", "无线网络"),
    "fingerprint": ("fingerprint", "指纹"),
    "silver": ("silver", "银色"),
    "usb-c": ("usb c", "usbc", "type c", "typec"),
    "foldable": ("foldable", "fold", "folding", "flip", "折叠", "折叠屏"),
    "headphone-jack": ("headphone jack", "3.5mm jack", "headphone socket", "aux", "耳机孔"),
    "tracking-tag": ("tracking tag", "tracker", "key finder", "find my keys", "airtag", "防丢器"),
    "nfc": ("nfc", "contactless", "pay contactless", "mobile payment", "移动支付", "刷卡"),
    "family": ("family", "家庭", "全家"),
    "dual-sim": ("dual sim", "two sims", "two sim", "two numbers", "双卡", "双卡双待"),
    "car-holder": ("car holder", "car mount", "phone holder", "车载支架"),
}

# The first finds the others, but not the other way round.
_ONE_WAY: Mapping[str, tuple[str, ...]] = {
    "to-internet": ("internet", "fibre", "fiber", "dsl", "home air"),
    "to-broadband": ("broadband", "fibre", "fiber", "dsl", "home air"),
    "to-broadband-zh": ("宽带", "fibre", "dsl", "home air", "光纤"),
    "to-waterproof": ("waterproof", "water resistant"),
    "to-music": ("music", "3.5mm jack", "stereo speakers"),
    "to-gaming": ("gaming", "rog", "black shark", "red magic", "razer", "legion"),
    "to-gaming-phone": ("gaming phone", "rog", "black shark", "red magic", "razer", "legion"),
    "to-games": ("games", "rog", "black shark", "red magic", "razer", "legion"),
    "to-gaming-phone-zh": ("游戏手机", "rog", "black shark", "red magic", "razer", "legion"),
    "to-sustainable": ("sustainable", "fairphone", "shiftphone", "shift"),
    "to-repairable": ("repairable", "fairphone", "shiftphone", "shift"),
    "to-channel": ("channel", "tv"),
    # Shops name shades; people ask for colours.
    "to-black-zh": ("黑色", "黑"),
    "to-white-zh": ("白色", "白", "珍珠白"),
    "to-red-zh": ("红色", "红"),
    "to-blue-zh": ("蓝色", "天空蓝", "午夜蓝", "深蓝"),
    "to-green-zh": ("绿色", "森林绿", "绿"),
    "to-grey-zh": ("灰色", "石墨灰", "灰"),
    "to-purple-zh": ("紫色", "薰衣草紫", "紫"),
    "to-orange-zh": ("橙色", "珊瑚橙", "橙"),
    "to-gold-zh": ("金色", "沙金色"),
    "to-green": ("green", "forest"),
    "to-purple": ("purple", "lavender"),
    "to-orange": ("orange", "coral"),
    "to-gold": ("gold", "sand"),
    "to-red": ("red", "crimson"),
    "to-grey": ("grey", "graphite"),
}

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


def kinds() -> Mapping[str, tuple[str, ...]]:
    """The phrases that ask for a kind, as they are written."""
    return _KIND_PHRASES


@cache
def needs() -> Mapping[Phrase, Need]:
    """The need that a phrase names."""
    return {phrase(written): need for need, found in _NEEDS for written in found}


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same: `terms` each other where there are no `sources`, else what `sources` also find."""

    code: str
    terms: tuple[str, ...]
    sources: tuple[str, ...] = ()


# No merchandiser's code begins so by chance.
PREFIX = "suite-"


@cache
def vocabulary() -> tuple[Group, ...]:
    """The groups of words that the search knows by itself, each under the code of the row that would replace it."""
    return (
        *(Group(PREFIX + code, terms) for code, terms in _GROUPS.items()),
        *(Group(PREFIX + code, tuple(terms), (source,)) for code, (source, *terms) in _ONE_WAY.items()),
    )


@lru_cache(maxsize=64)
def synonyms(without: frozenset[str] = frozenset()) -> Synonyms:
    """What else a phrase may be written as; `without` the groups of these codes."""
    groups = [group for group in vocabulary() if group.code not in without]
    found = two_way(group.terms for group in groups if not group.sources)
    for group in groups:
        for source in map(phrase, group.sources):
            found[source] = (*found.get(source, ()), *map(phrase, group.terms))
    return found


def two_way(groups: Iterable[Iterable[str]]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Synonyms of which each means all the others of its group."""
    found: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in groups:
        phrases = list(dict.fromkeys(phrase(written) for written in group))
        for one in phrases:
            found[one] = tuple(dict.fromkeys((*found.get(one, ()), *(other for other in phrases if other != one))))
    return found
