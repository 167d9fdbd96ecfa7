"""Addresses of the Chinese form: province, city, district, road, number, building, unit, room. Pure."""

import re
import unicodedata
from collections.abc import Collection

from plugins.serviceability.addresses import Address, Street, Typed, unit_value

_DIGITS = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号|號|弄|栋|棟|幢|座|单元|單元|室|房|层|楼|門|门)")
_ROAD = re.compile(r"(?P<road>[^\d]+?)(?P<number>\d{1,6})(?P<suffix>甲|乙|丙)?(?P<kind>号院|号|號|弄)?(?P<rest>.*)")
_POSTAL = re.compile(r"(?<!\d)\d{6}(?!\d)")
_TRADITIONAL = str.maketrans("號棟單門區縣東國廣門臺灣龍華馬", "号栋单门区县东国广门台湾龙华马")
_ENDINGS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "旗",
)


def is_chinese(text: str) -> bool:
    """Whether the text is written in Chinese."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def plain(text: str) -> str:
    """Half-width, simplified, without spaces and commas, numerals of numbers as digits."""
    narrow = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).upper()
    tight = re.sub(r"[\s,，。;；、.#\-]+", lambda found: "-" if "-" in found[0] else "", narrow)
    return _NUMERAL.sub(lambda found: str(_number(found[0])), tight)


def _number(numeral: str) -> int:
    if "十" not in numeral and "百" not in numeral:
        return int("".join(_DIGITS[letter] for letter in numeral))
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 100 * (int(_DIGITS.get(hundreds, "1")) if "百" in numeral else 0)
    if ten:
        total += 10 * int(_DIGITS.get(tens.strip("零〇"), "1"))
    else:
        ones = rest
    ones = ones.strip("零〇")
    return total + (int(_DIGITS[ones]) if ones else 0)


def short(name: str) -> str:
    """The name without what it is: 静安 for 静安区, 上海 for 上海市."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def read_cn(text: str, *, areas: Collection[str], cities: Collection[str], districts: Collection[str]) -> Typed:
    """Read free text; the names that there are, whole and short, tell the places from the road. Places may follow."""
    left = plain(text)
    postal = _POSTAL.search(left)
    if postal:
        left = left.replace(postal[0], "", 1)
    left = left.removeprefix("中国").removeprefix("中华人民共和国")
    area, left = _leading(left, areas)
    city, left = _leading(left, cities)
    if not city and area in cities:
        city = area  # 上海市 is both.
    district, left = _leading(left, districts)
    found = _ROAD.fullmatch(left)
    if not found:
        return Typed("CN", postal_code=postal[0] if postal else "", area=area, city=city, district=district,
                     words=(left,) if left else ())  # fmt: skip
    rest = found["rest"]
    if not (city or area or district):
        rest, area, city, district = _trailing(rest, areas, cities, districts)
    kind = {"弄": "弄"}.get(found["kind"] or "", "")
    suffix = (found["suffix"] or "") + kind
    unit = unit_value(rest)
    return Typed("CN", int(found["number"]), suffix, unit, postal[0] if postal else "", area, (found["road"],),
                 frozenset(), city, district)  # fmt: skip


def _leading(text: str, names: Collection[str]) -> tuple[str, str]:
    """The longest of the names that the text begins with, and the rest."""
    for length in range(min(12, len(text)), 1, -1):
        if text[:length] in names:
            return text[:length], text[length:]
    return "", text


def _trailing(
    rest: str, areas: Collection[str], cities: Collection[str], districts: Collection[str]
) -> tuple[str, str, str, str]:
    tail = re.search(r"[\u4e00-\u9fff]{2,}$", re.sub(r"^.*?(?:室|号楼|单元|房)(?=[^\d])", "", rest) if rest else "")
    if not tail:
        return rest, "", "", ""
    places = tail[0]
    area, after = _leading(places, areas)
    city, after = _leading(after, cities)
    district, after = _leading(after, districts)
    if after:
        return rest, "", "", ""
    return rest[: -len(places)], area, city or (area if area in cities else ""), district


def parse_cn(*, street: str, city: str, area: str, district: str, postal_code: str = "", unit: str = "") -> Address:
    """An address given in fields, in canonical form. Raises ValueError with the name of a missing field."""
    found = _ROAD.fullmatch(plain(street))
    if not found:
        raise ValueError("street" if not re.search(r"\d", street) else "number")
    for name, value in (("city", city), ("area", area), ("district", district)):
        if not value.strip():
            raise ValueError(name)
    suffix = (found["suffix"] or "") + ("弄" if found["kind"] == "弄" else "")
    sub = plain(unit) or found["rest"]
    return Address("CN", int(found["number"]), Street(found["road"]), plain(city), plain(area), postal_code.strip(),
                   suffix, sub, plain(district))  # fmt: skip
