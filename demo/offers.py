"""What the operator sells together: phones with plans, families, homes and plans alone, in each channel.

Kept by code: an offer that is there already stays as people have left it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from demo import operator
from demo.devices import Device

ACTOR: Final = "demo"
PHONES: Final = 8
MONTHS: Final = (24, 36)

Json = dict[str, Any]


@dataclass(frozen=True)
class Goods:
    """What one channel's offers are made of: SKUs, and prices a month in its currency."""

    channel: str
    currency: str
    prefix: str
    plans: tuple[str, ...]
    card: str
    esim: str
    # The price of line 1, 2, ... of a family, by plan.
    lines: dict[str, tuple[str, ...]]
    internet: dict[str, int]
    tv: tuple[str, ...]
    together: str
    # What an old phone brings, by its grade.
    old_phones: dict[str, str]
    # The package that goes with another alone; empty where there is none.
    sport: str = ""


US: Final = Goods(
    channel="us",
    currency="USD",
    prefix="",
    plans=("PLAN-FREE-PLUS", "PLAN-FREE-BASE", "PLAN-FREE-MAX", "PLAN-FLEX-30", "PLAN-FLEX-15", "PLAN-START-8"),
    card="SIM-TRIPLE",
    esim="ESIM",
    lines={
        "PLAN-FREE-PLUS": ("55.00", "45.00", "35.00", "30.00", "25.00"),
        "PLAN-FREE-MAX": ("70.00", "60.00", "50.00", "45.00", "40.00"),
    },
    internet={"SVC-FIBRE-300": 300, "SVC-FIBRE-1000": 1000, "SVC-FIBRE-5000": 5000},
    tv=("SVC-TV-BASE", "SVC-TV-PLUS", "SVC-TV-SPORT"),
    together="10.00",
    old_phones={"A": "250.00", "B": "150.00", "C": "60.00"},
    sport="SVC-TV-SPORT",
)
CN: Final = Goods(
    channel="cn",
    currency="CNY",
    prefix="cn-",
    plans=("PLAN-CN-ENJOY-129", "PLAN-CN-FREE-169", "PLAN-CN-ENJOY-199", "PLAN-CN-ENJOY-99", "PLAN-CN-FREE-299"),
    card="CN-SIM",
    esim="CN-ESIM",
    lines={
        "PLAN-CN-FREE-169": ("169.00", "99.00", "79.00", "59.00", "49.00"),
        "PLAN-CN-FREE-299": ("299.00", "199.00", "149.00", "129.00", "99.00"),
    },
    internet={"SVC-CN-FIBRE-500": 500, "SVC-CN-FIBRE-1000": 1000, "SVC-CN-FIBRE-2000": 2000},
    tv=("SVC-CN-TV-BASE", "SVC-CN-TV-PLUS"),
    together="20.00",
    old_phones={"A": "1500.00", "B": "900.00", "C": "400.00"},
)
ROUTER: Final = "ACC-RTR-6"


def load(made: operator.Operator) -> None:
    """Publish what is missing, as a merchandiser would."""
    # Imported here: the models exist only after Django's set-up.
    from plugins.bundles import services
    from plugins.bundles.models import Offer
    from plugins.catalogue.models import Channel

    for goods in (US, CN):
        channel = Channel.objects.get(pk=goods.channel)
        for code, document in documents(made, goods):
            if not Offer.objects.filter(pk=code).exists():
                services.save_draft(
                    code=code, channel=channel, document=document, test_cases=[], actor=ACTOR, note="Demonstration"
                )
                services.publish(code=code, actor=ACTOR)


def documents(made: operator.Operator, goods: Goods) -> Iterator[tuple[str, Json]]:
    """The channel's offers by code, the same at every run."""
    phones = list(_phones(made, goods))
    yield f"{goods.prefix}phone-and-plan", _phone_and_plan(goods, phones)
    yield f"{goods.prefix}trade-in", _trade_in(goods, phones)
    yield f"{goods.prefix}family", _family(goods, phones)
    yield f"{goods.prefix}home", _home(goods)
    yield f"{goods.prefix}sim-only", _sim_only(goods)


def _phone_and_plan(goods: Goods, phones: list[Json]) -> Json:
    return _offer(
        goods,
        ("Phone with plan", "手机加套餐"),
        [*MONTHS, 0],
        [
            _group("device", ("Phone", "手机"), 1, 1, _first(phones)),
            _group("plan", ("Plan", "套餐"), 1, 1, _first([_plan(sku) for sku in goods.plans])),
            _sims(goods),
        ],
    )


def _trade_in(goods: Goods, phones: list[Json]) -> Json:
    """A new phone for an old one, worth more the better it is."""
    old = {
        "name": "tradeIn", "label": _text("Your old phone", "旧手机"), "type": "CHOICE",
        "choices": [f"old:{grade}" for grade in goods.old_phones],
    }  # fmt: skip
    devices = [
        {
            "sku": phone["sku"],
            "characteristics": [old],
            "prices": {
                "instalments": phone["prices"]["instalments"],
                "tradeIns": [{"code": "old", "values": goods.old_phones}],
            },
        }
        for phone in phones
    ]
    document = _offer(
        goods,
        ("New phone for an old one", "以旧换新"),
        [*MONTHS, 0],
        [
            _group("device", ("Phone", "手机"), 1, 1, _first(devices)),
            _group("plan", ("Plan", "套餐"), 1, 1, _first([_plan(sku) for sku in goods.plans])),
            _sims(goods),
        ],
    )
    # The tax on the whole phone, when an old one pays for a part of it.
    return document | {"carriers": {"TAX": goods.plans[0]}}


def _family(goods: Goods, phones: list[Json]) -> Json:
    """One to five lines; each further one costs less. A line may have a phone."""
    plans = [
        _plan(sku) | {"prices": {"charges": [{"type": "RECURRING", "code": "line", "price": _ladder(rungs)}]}}
        for sku, rungs in goods.lines.items()
    ]
    line = _group("line", ("Line", "号码"), 2, 3, []) | {"minimumInstances": 1, "maximumInstances": 5}
    inside = [
        _group("plan", ("Plan", "套餐"), 1, 1, _first(plans)),
        _sims(goods),
        _group("device", ("Phone", "手机"), 0, 1, phones),
    ]
    return _offer(
        goods, ("Family plan", "家庭套餐"), [*MONTHS, 0], [line, *(one | {"parent": "line"} for one in inside)]
    )


def _ladder(rungs: tuple[str, ...]) -> Json:
    return {"code": "family", "rungs": list(rungs)}


def _home(goods: Goods) -> Json:
    """Fibre with a router, which is free with a commitment, and television: both together cost less."""
    internet = [
        {
            "sku": sku,
            "address": {"category": "BROADBAND", "technologies": ["FTTH"], "minimumDownloadMbps": least},
        }
        for sku, least in goods.internet.items()
    ]
    tv = [{"sku": sku, "address": {"category": "TV"}} for sku in goods.tv]
    document = _offer(
        goods,
        ("Fibre, router and TV", "光纤、路由器和电视"),
        [24, 0],
        [
            _group("internet", ("Internet", "宽带"), 1, 1, _first(internet)),
            _group("router", ("Router", "路由器"), 1, 1, _first([{"sku": ROUTER}])),
            _group("tv", ("TV", "电视"), 0, len(tv), _first(tv)),
        ],
    )
    if goods.sport:
        document["rules"] = [
            {
                "code": "sport-needs-tv",
                "kind": "REQUIRES",
                "when": {"skus": [goods.sport]},
                "then": {"skus": [sku for sku in goods.tv if sku != goods.sport]},
                "message": _text("Sport comes with another TV package.", "体育频道须搭配其他电视套餐。"),
            }
        ]
    committed = {"terms": [24]}
    document["prices"] = {
        "discounts": [
            {"code": "router", "on": "today", "share": "1", "groups": ["router"], "when": committed},
            {"code": "together", "on": "monthly", "amount": goods.together, "groups": ["internet", "tv"],
             "minimumUnits": 2, "when": committed},
        ]
    }  # fmt: skip
    return document


def _sim_only(goods: Goods) -> Json:
    """A plan for the phone one has: a tenth less for who stays a year."""
    document = _offer(
        goods,
        ("SIM only", "单卡套餐"),
        [0, 12],
        [_group("plan", ("Plan", "套餐"), 1, 1, _first([_plan(sku) for sku in goods.plans])), _sims(goods)],
    )
    document["prices"] = {
        "discounts": [{"code": "year", "on": "monthly", "share": "0.1", "groups": ["plan"], "when": {"terms": [12]}}]
    }
    return document


def _offer(goods: Goods, name: tuple[str, str], terms: list[int], groups: list[Json]) -> Json:
    return {"name": _text(*name), "currency": goods.currency, "terms": terms, "groups": groups}


def _group(code: str, label: tuple[str, str], lower: int, upper: int, options: list[Json]) -> Json:
    return {"code": code, "label": _text(*label), "lowerLimit": lower, "upperLimit": upper, "options": options}


def _text(english: str, chinese: str) -> Json:
    return {"en": english, "zh-Hans": chinese}


def _first(options: list[Json]) -> list[Json]:
    """The first is what is suggested."""
    return [option | {"default": int(number == 0)} for number, option in enumerate(options)]


def _plan(sku: str) -> Json:
    """A number may come along; its operator then asks who it belongs to."""
    number = {"name": "portIn", "label": _text("Number to bring", "携入号码"), "type": "PHONE_NUMBER"}
    account = {
        "name": "portInAccount", "label": _text("Account number there", "原运营商账号"), "maximumLength": 30,
        "requiredWith": "portIn",
    }  # fmt: skip
    pin = {
        "name": "portInPin", "label": _text("Transfer PIN", "携号授权码"), "type": "DIGITS", "minimumLength": 4,
        "maximumLength": 8, "requiredWith": "portIn",
    }  # fmt: skip
    return {"sku": sku, "characteristics": [number, account, pin]}


def _sims(goods: Goods) -> Json:
    # A card works in every phone; the other only in some, and is sent to the phone whose EID is told.
    eid = {"name": "eid", "label": _text("EID of the phone", "手机的 EID"), "type": "EID"}
    return _group(
        "sim", ("SIM", "SIM 卡"), 1, 1, _first([{"sku": goods.card}, {"sku": goods.esim, "characteristics": [eid]}])
    )


def _phones(made: operator.Operator, goods: Goods) -> Iterator[Json]:
    """The newest phones with 5G, in every variant; what the stores have comes first."""
    country = next(one["country"] for one in operator.CHANNELS if one["slug"] == goods.channel)
    stores = {shop.code for shop in made.shops if shop.country == country}
    stocked = {row.sku for row in made.stock if row.store_code in stores and row.quantity}
    variants = [variant for device in _newest(made.devices) for variant in _variants(made, device)]
    for variant in sorted(variants, key=lambda one: one["sku"] not in stocked):
        yield _phone(str(variant["sku"]), float(variant["listings"][goods.channel]["price"]))


def _newest(devices: list[Device]) -> list[Device]:
    phones = [device for device in devices if device.has_5g and not device.is_tablet]
    return sorted(phones, key=lambda device: (device.released, device.slug), reverse=True)[:PHONES]


def _variants(made: operator.Operator, device: Device) -> list[Json]:
    products: Any = made.core["products"]
    return next(list(product["variants"]) for product in products if product["slug"] == device.slug)


def _phone(sku: str, price: float) -> Json:
    """In instalments over the commitment, a tenth of the price coming back on its bills, two with the longer one."""
    share = {months: position / 10 for position, months in enumerate(MONTHS, start=1)}
    return {
        "sku": sku,
        "prices": {
            "instalments": [{"months": months, "when": {"terms": [months]}} for months in MONTHS],
            "credits": [
                {"code": "loyal", "total": f"{price * share[months]:.0f}.00", "months": months,
                 "when": {"terms": [months]}}
                for months in MONTHS
            ],
        },
    }  # fmt: skip
