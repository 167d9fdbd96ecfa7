"""What the operator sells beside devices: plans, fixed services, SIMs and accessories. All of it is made up.

Plans, services and SIMs are for one country, accessories for all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from demo import chance, chinese, chinese_offers, prices, serials
from demo.devices import Device

OPERATOR = "Kestrel Mobile"

# code, name, category, monthly price, data, network, minutes, description
PLANS = [
    (
        "START-3",
        "Start 3 GB",
        "metered",
        "15.00",
        "3 GB",
        "4G",
        "Unlimited",
        "Calls and a little data for light use.",
    ),
    (
        "START-8",
        "Start 8 GB",
        "metered",
        "20.00",
        "8 GB",
        "4G",
        "Unlimited",
        "Enough data for maps, mail and music.",
    ),
    (
        "FLEX-15",
        "Flex 15 GB",
        "metered",
        "25.00",
        "15 GB",
        "5G",
        "Unlimited",
        "5G with unused data carried over.",
    ),
    ("FLEX-30", "Flex 30 GB", "metered", "32.00", "30 GB", "5G", "Unlimited", "5G for streaming on the way."),
    (
        "FREE-BASE",
        "Freedom",
        "unlimited",
        "45.00",
        "Unlimited",
        "5G",
        "Unlimited",
        "Unlimited 5G at up to 100 Mbit/s.",
    ),
    (
        "FREE-PLUS",
        "Freedom Plus",
        "unlimited",
        "55.00",
        "Unlimited",
        "5G",
        "Unlimited",
        "Unlimited 5G at full speed, 40 GB hotspot.",
    ),
    (
        "FREE-MAX",
        "Freedom Max",
        "unlimited",
        "70.00",
        "Unlimited",
        "5G",
        "Unlimited",
        "Full speed, 100 GB hotspot, roaming in 60 countries.",
    ),
    (
        "FAM-2",
        "Family for two",
        "family",
        "80.00",
        "Unlimited",
        "5G",
        "Unlimited",
        "Two unlimited lines on one bill.",
    ),
    (
        "FAM-4",
        "Family for four",
        "family",
        "120.00",
        "Unlimited",
        "5G",
        "Unlimited",
        "Four unlimited lines on one bill.",
    ),
    (
        "SENIOR",
        "Senior 10 GB",
        "metered",
        "22.00",
        "10 GB",
        "5G",
        "Unlimited",
        "For customers of 60 years and over.",
    ),
    (
        "PRE-30",
        "Prepaid 30 days",
        "prepaid",
        "25.00",
        "10 GB",
        "4G",
        "500",
        "Paid ahead for 30 days, no contract.",
    ),
    (
        "PRE-90",
        "Prepaid 90 days",
        "prepaid",
        "60.00",
        "36 GB",
        "5G",
        "1500",
        "Paid ahead for 90 days, no contract.",
    ),
    ("DATA-20", "Data only 20 GB", "data-only", "18.00", "20 GB", "5G", "None", "For tablets and routers."),
    (
        "DATA-100",
        "Data only 100 GB",
        "data-only",
        "40.00",
        "100 GB",
        "5G",
        "None",
        "For tablets, routers and holiday homes.",
    ),
]

# code, name, category, monthly price, technology, down, up, description
SERVICES = [
    (
        "FIBRE-300",
        "Fibre 300",
        "fibre",
        "40.00",
        "FTTH",
        "300",
        "300",
        "Fibre to the home, the same speed up and down.",
    ),
    (
        "FIBRE-1000",
        "Fibre 1 Gig",
        "fibre",
        "60.00",
        "FTTH",
        "1000",
        "1000",
        "A gigabit for households that stream, play and work.",
    ),
    ("FIBRE-5000", "Fibre 5 Gig", "fibre", "120.00", "FTTH", "5000", "5000", "The fastest line there is."),
    ("DSL-50", "DSL 50", "dsl", "30.00", "VDSL", "50", "10", "Over the telephone line you have."),
    (
        "DSL-100",
        "DSL 100",
        "dsl",
        "38.00",
        "VDSL",
        "100",
        "40",
        "Over the telephone line, near the exchange.",
    ),
    (
        "AIR-100",
        "Home Air 100",
        "fixed-wireless",
        "35.00",
        "FIXED_WIRELESS",
        "100",
        "20",
        "Internet by radio: plug in and go.",
    ),
    (
        "AIR-300",
        "Home Air 300",
        "fixed-wireless",
        "50.00",
        "FIXED_WIRELESS",
        "300",
        "50",
        "5G internet for the home.",
    ),
    ("TV-BASE", "TV Basic", "tv", "15.00", "IPTV", "", "", "60 channels in HD."),
    ("TV-PLUS", "TV Plus", "tv", "30.00", "IPTV", "", "", "150 channels, recording in the cloud."),
    ("TV-SPORT", "TV Sport", "tv", "25.00", "IPTV", "", "", "All leagues, live."),
    (
        "VOICE-HOME",
        "Home Voice",
        "voice",
        "10.00",
        "VOIP",
        "",
        "",
        "A number for the home, calls within the country.",
    ),
    (
        "VOICE-WORLD",
        "Home Voice World",
        "voice",
        "20.00",
        "VOIP",
        "",
        "",
        "A number for the home, calls to 50 countries.",
    ),
]

SIMS = [
    ("SIM-TRIPLE", "SIM card, three sizes", "5.00", "ICCID", "A card that breaks out to every size."),
    ("SIM-PREPAID", "Prepaid SIM starter", "10.00", "ICCID", "A card with 30 days of calls and 5 GB."),
    ("SIM-DATA", "Data SIM for tablets", "5.00", "ICCID", "A card for tablets and routers."),
    ("ESIM", "eSIM", "0.00", "NONE", "Nothing to plug in: sent to your phone."),
]

# code, name, category, price, brand, picture
UNIVERSAL = [
    ("CHG-20", "USB-C charger 20 W", "chargers-cables", "19.00", "Voltra", "charger"),
    ("CHG-45", "USB-C charger 45 W", "chargers-cables", "35.00", "Voltra", "charger"),
    ("CHG-65", "USB-C charger 65 W, two ports", "chargers-cables", "49.00", "Voltra", "charger"),
    ("CHG-QI", "Wireless charging pad 15 W", "chargers-cables", "29.00", "Voltra", "pad"),
    ("CHG-QI3", "Wireless charging stand, 3 in 1", "chargers-cables", "79.00", "Voltra", "pad"),
    ("CBL-C1", "USB-C cable 1 m", "chargers-cables", "9.00", "Voltra", "cable"),
    ("CBL-C2", "USB-C cable 2 m, braided", "chargers-cables", "15.00", "Voltra", "cable"),
    ("CBL-MICRO", "Micro-USB cable 1 m", "chargers-cables", "7.00", "Voltra", "cable"),
    ("PWR-5", "Power bank 5,000 mAh", "power-banks", "19.00", "Voltra", "bank"),
    ("PWR-10", "Power bank 10,000 mAh", "power-banks", "29.00", "Voltra", "bank"),
    ("PWR-20", "Power bank 20,000 mAh, 65 W", "power-banks", "59.00", "Voltra", "bank"),
    ("AUD-WIRE", "Wired earphones USB-C", "audio", "15.00", "Sonder", "wired"),
    ("AUD-BUDS", "Wireless earbuds", "audio", "49.00", "Sonder", "buds"),
    ("AUD-BUDS-NC", "Wireless earbuds, noise cancelling", "audio", "129.00", "Sonder", "buds"),
    ("AUD-OVER", "Over-ear headphones, noise cancelling", "audio", "199.00", "Sonder", "headphones"),
    ("AUD-SPK", "Portable speaker", "audio", "59.00", "Sonder", "speaker"),
    ("AUD-SPK-XL", "Portable speaker XL", "audio", "129.00", "Sonder", "speaker"),
    ("CAR-VENT", "Car holder for the vent", "car-travel", "19.00", "Roamer", "holder"),
    ("CAR-MAG", "Magnetic car holder", "car-travel", "29.00", "Roamer", "holder"),
    ("CAR-CHG", "Car charger 38 W", "car-travel", "25.00", "Roamer", "charger"),
    ("TRV-PLUG", "World travel adapter", "car-travel", "35.00", "Roamer", "charger"),
    ("TRV-POUCH", "Waterproof pouch", "car-travel", "15.00", "Roamer", "case"),
    ("STY-PEN", "Stylus for tablets", "tablet-accessories", "39.00", "Roamer", "pen"),
    ("KEY-BT", "Bluetooth keyboard, folding", "tablet-accessories", "59.00", "Roamer", "keyboard"),
    ("MEM-128", "microSD card 128 GB", "memory", "19.00", "Voltra", "card"),
    ("MEM-256", "microSD card 256 GB", "memory", "32.00", "Voltra", "card"),
    ("MEM-512", "microSD card 512 GB", "memory", "59.00", "Voltra", "card"),
    ("TAG-1", "Tracking tag", "car-travel", "29.00", "Roamer", "tag"),
    ("RTR-6", "Wi-Fi 6 router", "home-equipment", "89.00", "Voltra", "router"),
]

# suffix, name, category, price, brand, picture, colours
FITTED = [
    ("CASE-CLEAR", "clear case", "cases", "15.00", "Halden", "case", ["Clear"]),
    ("CASE-WALLET", "wallet case", "cases", "29.00", "Halden", "case", ["Black", "Brown"]),
    ("GLASS", "screen protector", "screen-protection", "19.00", "Halden", "glass", ["Clear"]),
]
FITTED_DEVICES = 48


@dataclass(frozen=True)
class Variant:
    sku: str
    listings: dict[str, dict[str, str | None]]
    colour: str = ""


def products(devices: list[Device]) -> list[dict[str, object]]:
    """Plans, services, SIMs and accessories in the core's loading format."""
    return [
        *_plans(),
        *_services(),
        *_sims(),
        *_universal_accessories(devices),
        *_fitted_accessories(devices),
    ]


def all_plans() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every plan with the channel that sells it."""
    yield from (("us", plan) for plan in PLANS)
    yield from (("cn", plan) for plan in chinese_offers.PLANS)


def all_services() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every fixed service with the channel that sells it."""
    yield from (("us", service) for service in SERVICES)
    yield from (("cn", service) for service in chinese_offers.SERVICES)


def all_sims() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every SIM with the channel that sells it."""
    yield from (("us", sim) for sim in SIMS)
    yield from (("cn", sim) for sim in chinese_offers.SIMS)


# In the United States plans and services are sold without tax here; China taxes calls and data by rates of their own.
def _tax_class(channel: str, category: str) -> str:
    if channel == "us":
        return "exempt"
    return "telecom-calls" if category == "voice" else "telecom-data"


def _plans() -> list[dict[str, object]]:
    made = []
    for channel, (code, name, category, price, data, network, minutes, description) in all_plans():
        attributes = {"brand": [OPERATOR], "data": [data], "network": [network], "minutes": [minutes]}
        variants = [Variant(f"PLAN-{code}", {channel: prices.listing(price)})]
        texts = chinese.translation(*chinese_offers.NAMES[code])
        made.append(
            _product(f"plan-{code.lower()}", name, "plan", category, description, variants, attributes, texts)
            | {"tax_class": _tax_class(channel, category)}
        )
    return made


def _services() -> list[dict[str, object]]:
    made = []
    for channel, (code, name, category, price, technology, down, up, description) in all_services():
        attributes = {"brand": [OPERATOR], "technology": [technology]}
        if down:
            attributes |= {"download_mbps": [down], "upload_mbps": [up]}
        variants = [Variant(f"SVC-{code}", {channel: prices.listing(price)})]
        texts = chinese.translation(*chinese_offers.NAMES[code])
        made.append(
            _product(f"service-{code.lower()}", name, "service", category, description, variants, attributes, texts)
            | {"tax_class": _tax_class(channel, category)}
        )
    return made


def _sims() -> list[dict[str, object]]:
    return [
        _product(
            code.lower(), name, "sim" if tracking == "ICCID" else "esim", "sims", description,
            [Variant(code, {channel: prices.listing(price)})], {"brand": [OPERATOR]},
            chinese.translation(*chinese_offers.NAMES[code]),
        )
        for channel, (code, name, price, tracking, description) in all_sims()
    ]  # fmt: skip


def _everywhere(price: str) -> dict[str, dict[str, str | None]]:
    return {"us": prices.listing(price), "cn": prices.listing(prices.yuan(float(price)))}


def _universal_accessories(devices: list[Device]) -> list[dict[str, object]]:
    products = []
    for code, name, category, price, brand, _picture in UNIVERSAL:
        fits = [device.slug for device in popular_devices(devices) if _suits(category, device)]
        chinese_name = f"{brand} {chinese_offers.NAMES[code][0]}"
        products.append(
            _product(
                f"{brand.lower()}-{code.lower()}",
                f"{brand} {name}",
                "accessory",
                category,
                f"{name}.",
                [Variant(f"ACC-{code}", _everywhere(price))],
                {"brand": [brand]} | ({"fits": fits} if fits else {}),
                chinese.translation(chinese_name, f"{chinese_name}。"),
            )
        )
    return products


def _suits(category: str, device: Device) -> bool:
    if category == "home-equipment":
        return False
    return device.is_tablet if category == "tablet-accessories" else True


def _fitted_accessories(devices: list[Device]) -> list[dict[str, object]]:
    products = []
    for device in popular_devices(devices):
        for suffix, name, category, price, brand, _picture, colours in FITTED:
            sku = f"ACC-{device.line_index:04d}-{suffix}"
            variants = [
                Variant(sku + (f"-{colour[:3].upper()}" if len(colours) > 1 else ""), _everywhere(price), colour)
                for colour in colours
            ]
            device_name = chinese.device_name(device)
            chinese_name = f"{brand} {chinese_offers.NAMES[suffix][0]}（适用于 {device_name}）"
            products.append(
                _product(
                    f"{device.slug}-{suffix.lower()}",
                    f"{brand} {name} for {device.name}",
                    "accessory",
                    category,
                    f"Made to fit the {device.name}.",
                    variants,
                    {"brand": [brand], "fits": [device.slug]},
                    chinese.translation(chinese_name, f"为 {device_name} 量身定制。"),
                )
            )
    return products


def popular_devices(devices: list[Device]) -> list[Device]:
    """Those that accessories are made for: the newest."""
    return sorted(devices, key=lambda device: (device.released, device.slug), reverse=True)[:FITTED_DEVICES]


def _product(
    slug: str, name: str, product_type: str, category: str, description: str,
    variants: list[Variant], attributes: dict[str, list[str]], translations: dict[str, dict[str, str]],
) -> dict[str, object]:  # fmt: skip
    stocked = product_type in {"accessory", "sim"}
    texts = translations[chinese.LANGUAGE]
    return {
        "slug": slug,
        "name": name,
        "product_type": product_type,
        "category": category,
        "tax_class": "standard",
        "description": description,
        "translations": translations,
        "media": f"/media/catalogue/{slug}.svg",
        "metadata": {},
        "attributes": attributes,
        "variants": [
            {
                "sku": variant.sku,
                "name": variant.colour or name,
                "translations": chinese.translation(chinese.variant_name("", variant.colour) or texts["name"]),
                "listings": variant.listings,
                "track_inventory": stocked,
                "media": None,
                "metadata": {"gtin": serials.gtin(int(chance.number(9, "gtin", variant.sku)))} if stocked else {},
                "attributes": {"colour": [variant.colour]} if variant.colour else {},
            }
            for variant in variants
        ],
    }
