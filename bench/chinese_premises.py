"""Made-up premises in Chinese cities, how people type their addresses, and their mistakes. The same at every call."""

import random
from collections.abc import Iterator, Sequence

from plugins.serviceability.chinese_addresses import short
from plugins.serviceability.index import Row

BATCH = 50_000
_CITIES = {
    ("上海市", "上海市", 31.23, 121.47): "静安区 浦东新区 徐汇区 长宁区 杨浦区 虹口区 闵行区 宝山区",
    ("北京市", "北京市", 39.90, 116.40): "朝阳区 海淀区 东城区 西城区 丰台区 石景山区 通州区",
    ("广东省", "深圳市", 22.54, 114.06): "南山区 福田区 罗湖区 宝安区 龙岗区 盐田区",
    ("广东省", "广州市", 23.13, 113.26): "天河区 越秀区 海珠区 荔湾区 番禺区 黄埔区",
    ("浙江省", "杭州市", 30.27, 120.16): "西湖区 上城区 拱墅区 滨江区 萧山区 余杭区",
    ("江苏省", "南京市", 32.06, 118.80): "玄武区 秦淮区 建邺区 鼓楼区 栖霞区 江宁区",
    ("四川省", "成都市", 30.57, 104.07): "锦江区 青羊区 金牛区 武侯区 成华区 双流区",
    ("湖北省", "武汉市", 30.59, 114.31): "江岸区 江汉区 硚口区 汉阳区 武昌区 洪山区",
}
_NAMES = """
人民 中山 解放 建设 和平 新华 文化 长江 黄河 南京 北京 西藏 延安 淮海 复兴 光明 朝晖 东风 胜利 青年 学府 科技 创业 花园
桃园 梅园 松林 竹园 海棠 丁香 凤凰 龙泉 玉泉 金沙 银杏 翠竹 芙蓉 牡丹 玫瑰 紫荆 滨河 湖滨 望江 观海 迎宾 友谊 团结 幸福
平安 长寿 福州 厦门 重庆 天津 四川 河南 湖南 江西 陕西 山东 广元 武宁 镇坪 曹杨 真北 大渡河 武定 康定 昌平 余姚 新闸
""".split()  # noqa: SIM905
_SIDES = ("", "", "", "东", "西", "南", "北", "中", "一", "二", "三")
_KINDS = ("路", "路", "路", "街", "大道", "巷")
# What is typed for another by ear or by hand.
_LETTERS = "城成诚承程晨陈沈申深审路露陆录鹿江将姜讲强山三善珊光广逛明名鸣新心欣辛华花化画文闻问稳长常场厂河何合和湖胡"


def rows(count: int) -> Iterator[list[Row]]:
    """So many premises, in batches: each district has some sixty roads, each house some flats or none."""
    random_ = random.Random("chinese premises")
    places = [(*city, district) for city, listed in _CITIES.items() for district in listed.split()]
    numbers: dict[tuple[str, str, str], set[int]] = {}
    batch: list[Row] = []
    made = 0
    while made < count:
        area, city, latitude, longitude, district = random_.choice(places)
        road = f"{random_.choice(_NAMES)}{random_.choice(_SIDES)}{random_.choice(_KINDS)}"
        taken = numbers.setdefault((city, district, road), set())
        number = random_.randrange(1, 2000)
        if number in taken:
            continue
        taken.add(number)
        at = (latitude + random_.uniform(-0.2, 0.2), longitude + random_.uniform(-0.2, 0.2))
        for unit in _units(random_):
            batch.append(
                Row(
                    f"C{made:09d}",
                    "CN",
                    number,
                    "",
                    "",
                    road,
                    "",
                    "",
                    unit,
                    district,
                    city,
                    area,
                    "",
                    *at,
                    random_.choice((0, 2, 3, 4)),
                    0,
                    random_.choice((0, 3)),
                    random_.randrange(100, 3000),
                    None,
                    None,
                    None,
                )
            )
            made += 1
            if len(batch) == BATCH or made == count:
                yield batch
                batch = []
            if made == count:
                break


def _units(random_: random.Random) -> Sequence[str]:
    if random_.random() < 0.5:
        return [""]
    houses = range(1, random_.randrange(2, 6))
    return [f"{house}号楼{floor}0{room}室" for house in houses for floor in range(1, 5) for room in (1, 2)]


def typed(row: Row, random_: random.Random) -> str:
    """As a person types it: with the province or without, names long or short, commas, spaces, wide digits."""
    city = "" if row.city == row.area else row.city
    area, district = row.area, row.district
    if random_.random() < 0.3:
        area = "" if city else area
    if random_.random() < 0.3:
        area, city = short(area), short(city)
    unit = row.unit.replace("号楼", random_.choice(("号楼", "幢", "栋"))) if row.unit else ""
    between = random_.choice(("", "", " ", "，"))
    text = between.join(part for part in (f"{area}{city}", district, f"{row.street}{row.number}号", unit) if part)
    if random_.random() < 0.2:
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return text


def with_typo(text: str, road: str, random_: random.Random) -> str:
    """One letter of the road's name (of which what it is does not count) left out, put in, changed, or swapped."""
    at = text.rindex(road) + random_.randrange(len(road) - 1)
    letter = random_.choice(_LETTERS.replace(text[at], ""))
    kind = random_.randrange(4)
    if kind == 0 and len(road) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 3 and text[at + 1] != text[at] and at + 1 < text.rindex(road) + len(road) - 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]
