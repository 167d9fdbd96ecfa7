"""What the demonstration's shoppers and clerks searched for in the last sixty days, and what they opened.

A few texts are searched often and most seldom (Zipf). Some find nothing, since the operator does not sell it; some are
misspelt. The same at every run of one day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from demo import chance
from demo.operator import Operator

DAYS = 60
# Searches a day of the text that is searched most.
MOST = 60
NAMED_DEVICES = 150
MISSPELT = 40
# Texts a day that are searched once and never again, and numbers scanned into the box by clerks.
ONCE = 8
SCANNED = 5

SALES_CHANNELS = (("WEB", 0.6), ("MOBILE", 0.25), ("POS", 0.15))
ENGLISH, CHINESE = "en", "zh-hans"
# Products that are opened from one text.
OPENED_OF_ONE = 4
# How many of a search's readers open something, by what came of it.
OPENED = {"FOUND": 0.45, "CORRECTED": 0.35, "RELAXED": 0.3, "NOTHING": 0.0}

# Text and the category of what is opened.
COMMON = [
    ("phones", "phones"), ("5g phone", "phones"), ("samsung", "phones"), ("pixel", "phones"), ("galaxy", "phones"),
    ("motorola", "phones"), ("xiaomi", "phones"), ("moto g", "phones"), ("tablet", "tablets"), ("phone case", "cases"),
    ("oneplus", "phones"), ("usb c charger", "chargers-cables"), ("screen protector", "screen-protection"),
    ("unlimited plan", "unlimited"), ("prepaid", "prepaid"), ("redmi", "phones"), ("earbuds", "audio"),
    ("power bank", "power-banks"), ("esim", "sims"), ("sim card", "sims"), ("fast charger", "chargers-cables"),
    ("android phone", "phones"), ("headphones", "audio"), ("family plan", "family"), ("fibre", "fibre"),
    ("dual sim", "phones"), ("128gb", "phones"), ("256gb phone", "phones"), ("car mount", "car-travel"),
    ("wireless charger", "chargers-cables"), ("usb c cable", "chargers-cables"), ("sony xperia", "phones"),
    ("bluetooth headset", "audio"), ("memory card", "memory"), ("galaxy tab", "tablets"), ("home internet", "fibre"),
    ("nokia", "phones"), ("fairphone", "phones"), ("wallet case", "cases"), ("data only sim", "data-only"),
    ("tablet case", "tablet-accessories"), ("car charger", "car-travel"), ("amoled phone", "phones"),
    ("folding phone", "phones"), ("6.1 inch phone", "phones"), ("nfc phone", "phones"), ("tv", "tv"),
]  # fmt: skip
NEEDS = [
    ("phone with big battery for kids", "phones"), ("cheap phone for my mother", "phones"),
    ("good camera phone under 300", "phones"), ("rugged phone for work outside", "phones"),
    ("case for galaxy with card slot", "cases"), ("small phone that fits in pocket", "phones"),
    ("plan without contract for travel", "prepaid"), ("charger for car and home", "chargers-cables"),
]  # fmt: skip
NOT_SOLD = (
    "iphone 17 pro", "iphone 17", "iphone 16", "airpods pro", "apple watch", "galaxy z flip 7", "ipad air",
    "playstation 5", "smart watch", "laptop", "galaxy s26 ultra", "huawei pura 80", "nintendo switch", "fitness band",
    "iphone 17 pro max case", "landline phone with big buttons", "trade in value", "walkie talkie",
)  # fmt: skip
COMMON_CHINESE = [
    ("手机", "phones"), ("小米", "phones"), ("红米", "phones"), ("三星", "phones"), ("手机壳", "cases"),
    ("充电器", "chargers-cables"), ("5g手机", "phones"), ("充电宝", "power-banks"), ("蓝牙耳机", "audio"),
    ("平板", "tablets"), ("流量卡", "data-only"), ("摩托罗拉", "phones"), ("一加", "phones"),
    ("快充", "chargers-cables"), ("钢化膜", "screen-protection"), ("双卡手机", "phones"), ("宽带", "fibre"),
    ("套餐", "unlimited"), ("数据线", "chargers-cables"), ("内存卡", "memory"), ("xiaomi", "phones"),
    ("车载支架", "car-travel"),
]  # fmt: skip
NOT_SOLD_CHINESE = ("苹果17", "苹果手表", "华为mate 80", "游戏机", "智能手表", "笔记本电脑", "对讲机")


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, what comes of it, and the slugs of what is opened from it, best first."""

    text: str
    language: str
    outcome: str
    opened: tuple[str, ...] = ()


def load(made: Operator) -> None:
    """Write them for every channel that has none yet."""
    from kernel import clock
    from plugins.catalogue import selectors as catalogue
    from plugins.catalogue.models import Product
    from plugins.search_log import services
    from plugins.search_log.models import SearchCount

    ids = dict(Product.objects.values_list("slug", "pk"))
    today = clock.now().date()
    for channel in catalogue.channels():
        if SearchCount.objects.filter(channel=channel.slug).exists():
            continue
        searched: list[tuple[dt.date, services.Searched, int]] = []
        clicked: list[tuple[dt.date, services.Opened, int]] = []
        for asked, day, sales_channel, times in _searches(made, channel.slug, channel.country, today):
            place = (channel.slug, sales_channel, asked.language, asked.text)
            search = services.Searched(
                *place,
                total=0 if asked.outcome == "NOTHING" else 1,
                corrected=asked.outcome == "CORRECTED",
                relaxed=asked.outcome == "RELAXED",
            )
            searched.append((day, search, times))
            for position, slug, clicks in _clicks(asked, day, sales_channel, times):
                opened = services.Opened(*place, product_id=ids[slug], position=position, source="RESULTS")
                clicked.append((day, opened, clicks))
        services.count(searches=searched, clicks=clicked)


def _searches(made: Operator, channel: str, country: str, today: dt.date) -> Iterator[tuple[Asked, dt.date, str, int]]:
    """Each text with the day, sales channel and how often, where it was searched at all."""
    yield from _seldom(made, channel, today)
    for rank, asked in enumerate(_ranked(made, country), 1):
        for ago in range(1, DAYS + 1):
            day = today - dt.timedelta(days=ago)
            draw = chance.stream("searches", channel, asked.text, day.isoformat())
            # More at week-ends, and slowly growing.
            expected = MOST / rank * (1.3 if day.weekday() >= 5 else 1.0) * (1.2 - 0.4 * ago / DAYS)
            for sales_channel, share in SALES_CHANNELS:
                times = int(expected * share * draw.uniform(0.7, 1.3) + draw.random())
                if times:
                    yield asked, day, sales_channel, times


def _seldom(made: Operator, channel: str, today: dt.date) -> Iterator[tuple[Asked, dt.date, str, int]]:
    """What no report may show: texts of one search, and numbers."""
    for ago in range(1, DAYS + 1):
        day = today - dt.timedelta(days=ago)
        for number in range(ONCE):
            draw = chance.stream("once", channel, day.isoformat(), number)
            device, words = (
                draw.choice(made.devices),
                draw.choice(["used", "second hand", "repair", "display", "spare"]),
            )
            yield Asked(f"{_as_typed(device.name)} {words} {ago}", ENGLISH, "RELAXED"), day, "WEB", 1
        for number in range(SCANNED):
            code = chance.number(15, "scanned", channel, day.isoformat(), number)
            yield Asked(code, ENGLISH, "FOUND"), day, "POS", 1


def _clicks(asked: Asked, day: dt.date, sales_channel: str, times: int) -> Iterator[tuple[int, str, int]]:
    """Position, slug and how often it was opened: half of what is left at each place."""
    draw = chance.stream("clicks", asked.text, day.isoformat(), sales_channel)
    left = times * OPENED[asked.outcome]
    for position, slug in enumerate(asked.opened, 1):
        clicks = int(left / 2 + draw.random() * 0.9)
        if clicks:
            yield position, slug, clicks
        left /= 2


def _ranked(made: Operator, country: str) -> list[Asked]:
    """All texts, the most frequent first: those of the country's language before the others."""
    age = {device.slug: device.age_years for device in made.devices}
    slugs: dict[str, list[str]] = {}
    for product in sorted(made.core["products"], key=lambda product: age.get(product["slug"], 0.0)):  # type: ignore[call-overload]
        slugs.setdefault(product["category"], []).append(product["slug"])
    english, chinese = list(_english(made, slugs)), list(_chinese(slugs))
    first, second = (chinese, english) if country == "CN" else (english, chinese)
    # One text of the other language after each four.
    spread = [(place, asked) for place, asked in enumerate(first)]
    spread += [(place * 4 + 20, asked) for place, asked in enumerate(second)]
    return [asked for _place, asked in sorted(spread, key=lambda entry: entry[0])]


def _english(made: Operator, slugs: dict[str, list[str]]) -> Iterator[Asked]:
    newest = sorted(made.devices, key=lambda device: (device.age_years, device.slug))[:NAMED_DEVICES]
    common = [Asked(text, ENGLISH, "FOUND", _some(slugs[category], text)) for text, category in COMMON]
    named = [
        Asked(name := _as_typed(device.name), ENGLISH, "FOUND", (device.slug, *_some(slugs["phones"], name)[:2]))
        for device in newest
    ]
    misspelt = [Asked(_misspelt(asked.text), ENGLISH, "CORRECTED", asked.opened) for asked in named[:MISSPELT]]
    needs = [Asked(text, ENGLISH, "RELAXED", _some(slugs[category], text)) for text, category in NEEDS]
    missing = [Asked(text, ENGLISH, "NOTHING") for text in NOT_SOLD]
    # The head is common words; names, mistakes and what is not sold follow in turns.
    yield from common[:8]
    rest = [*common[8:], *named, *misspelt, *needs, *missing]
    seen = {asked.text for asked in common[:8]}
    for asked in sorted(rest, key=_rank):
        if asked.text not in seen:
            seen.add(asked.text)
            yield asked


def _chinese(slugs: dict[str, list[str]]) -> Iterator[Asked]:
    found = [Asked(text, CHINESE, "FOUND", _some(slugs[category], text)) for text, category in COMMON_CHINESE]
    missing = [Asked(text, CHINESE, "NOTHING") for text in NOT_SOLD_CHINESE]
    yield from found[:4]
    yield from sorted([*found[4:], *missing], key=lambda asked: chance.stream("rank", asked.text).random())


def _rank(asked: Asked) -> float:
    """Any order, but what is written right and sold comes before mistakes and long wishes."""
    later = 0.3 if asked.outcome in ("CORRECTED", "RELAXED") else 0.0
    return chance.stream("rank", asked.text).random() + later


def _some(slugs: list[str], text: str) -> tuple[str, ...]:
    """Products that have the first word in their name, else new ones."""
    named = [slug for slug in slugs if text.split()[0] in slug.split("-")]
    candidates = named if len(named) >= OPENED_OF_ONE else slugs[:NAMED_DEVICES]
    return tuple(chance.stream("opened", text).sample(candidates, k=min(OPENED_OF_ONE, len(candidates))))


def _as_typed(name: str) -> str:
    """A name as people type it: in small letters, without what is in brackets."""
    return " ".join(name.split("(")[0].replace(" - ", " ").casefold().split())


def _misspelt(text: str) -> str:
    """Two neighbouring letters exchanged, or one left out."""
    draw = chance.stream("misspelt", text)
    at = draw.choice([place for place in range(1, len(text)) if text[place - 1 : place + 1].isalpha()])
    swapped = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + text[at + 1 :] if draw.random() < 0.5 or swapped == text else swapped
