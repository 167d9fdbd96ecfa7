"""The whole demonstration operator in one value: what the core sells, where the stores are and what they hold."""

from dataclasses import dataclass, field
from pathlib import Path

from demo import chance, chinese, devices, offerings, serials, shops, shops_cn
from demo.devices import Device
from demo.shops import Shop

DATA = Path(__file__).parent / "data"

# The first one is what `make demo-facts` speaks of.
CHANNELS = [
    {
        "slug": "us",
        "name": "United States",
        "currency": "USD",
        "country": "US",
        "prices_entered_with_tax": False,
        "allow_unpaid_orders": True,
    },
    {
        "slug": "cn",
        "name": "中国大陆",
        "currency": "CNY",
        "country": "CN",
        "prices_entered_with_tax": True,
        "allow_unpaid_orders": True,
    },
]
TAX_CLASSES = [
    {"slug": "standard", "name": "Standard", "rates": {"US": "8.25", "CN": "13"}},
    {"slug": "exempt", "name": "Exempt", "rates": {"US": "0"}},
    {"slug": "telecom-calls", "name": "Telecommunications, calls", "rates": {"CN": "9"}},
    {"slug": "telecom-data", "name": "Telecommunications, data", "rates": {"CN": "6"}},
]
# slug, name, kind, needs shipping, tracking
PRODUCT_TYPES = [
    ("device", "Device", "DEVICE", True, "IMEI"),
    ("accessory", "Accessory", "ACCESSORY", True, "NONE"),
    ("plan", "Plan", "PLAN", False, "NONE"),
    ("service", "Fixed service", "SERVICE", False, "NONE"),
    ("sim", "SIM card", "SIM", True, "ICCID"),
    ("esim", "eSIM", "SIM", False, "NONE"),
]
# slug, name, parent
CATEGORIES = [
    ("devices", "Devices", None), ("phones", "Phones", "devices"), ("tablets", "Tablets", "devices"),
    ("accessories", "Accessories", None), ("cases", "Cases", "accessories"),
    ("screen-protection", "Screen protection", "accessories"),
    ("chargers-cables", "Chargers and cables", "accessories"), ("power-banks", "Power banks", "accessories"),
    ("audio", "Audio", "accessories"), ("car-travel", "Car and travel", "accessories"),
    ("tablet-accessories", "For tablets", "accessories"), ("memory", "Memory cards", "accessories"),
    ("plans", "Plans", None), ("unlimited", "Unlimited plans", "plans"), ("metered", "Plans by data", "plans"),
    ("family", "Family plans", "plans"), ("prepaid", "Prepaid", "plans"), ("data-only", "Data only", "plans"),
    ("sims", "SIM and eSIM", None),
    ("services", "Home", None), ("fibre", "Fibre", "services"), ("dsl", "DSL", "services"),
    ("fixed-wireless", "Home internet by radio", "services"), ("tv", "TV", "services"),
    ("voice", "Telephone", "services"), ("home-equipment", "Home equipment", "services"),
]  # fmt: skip
# slug, name, input type
ATTRIBUTES = [
    ("brand", "Brand", "DROPDOWN"), ("storage", "Storage", "DROPDOWN"), ("colour", "Colour", "DROPDOWN"),
    ("released", "Released", "PLAIN_TEXT"), ("network", "Network", "MULTISELECT"), ("ram", "Memory", "MULTISELECT"),
    ("screen_inches", "Screen size (inches)", "DROPDOWN"), ("screen_technology", "Screen", "DROPDOWN"),
    ("screen_resolution", "Resolution", "DROPDOWN"), ("battery_mah", "Battery (mAh)", "DROPDOWN"),
    ("cameras", "Cameras", "MULTISELECT"), ("wifi", "Wi-Fi", "DROPDOWN"), ("bluetooth", "Bluetooth", "DROPDOWN"),
    ("processor", "Processor", "DROPDOWN"), ("sim", "SIM", "MULTISELECT"), ("features", "Features", "MULTISELECT"),
    ("model_codes", "Model codes", "MULTISELECT"), ("data", "Data", "DROPDOWN"), ("minutes", "Minutes", "DROPDOWN"),
    ("technology", "Technology", "DROPDOWN"), ("download_mbps", "Download (Mbit/s)", "DROPDOWN"),
    ("upload_mbps", "Upload (Mbit/s)", "DROPDOWN"), ("fits", "Fits", "REFERENCE"),
]  # fmt: skip

# By country: how many of the newest devices every store carries, and how many devices in all.
RANGES = {"US": (40, 90), "CN": (30, 60)}
SHOPPER = {"email": "ada@example.com", "password": "demo-shopper-1", "first_name": "Ada", "last_name": "Park"}
ADMIN = {"email": "admin@example.com", "user": "admin", "password": "demo-admin-1"}
# code, name, role, PIN
STAFF = [
    ("1001", "Noor Haddad", "clerk", "246810"),
    ("1002", "Tom Rivers", "clerk", "314159"),
    ("2001", "Mei Lin", "manager", "135790"),
    ("3001", "王芳", "clerk", "271828"),
]


@dataclass(frozen=True)
class OpeningStock:
    """What a store holds of one SKU at the start; one serial number a unit where the units are tracked."""

    store_code: str
    sku: str
    quantity: int
    serials: tuple[str, ...] = ()
    # The other numbers of a unit, as (type, number), by its serial.
    further: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Operator:
    """The demonstration, deterministic: the same value at every call."""

    core: dict[str, object]
    devices: list[Device]
    shops: list[Shop]
    stock: list[OpeningStock]
    reports: list[str]

    def product_count(self, channel: str) -> int:
        """How many products the channel sells."""
        return sum(_is_sold(product, channel) for product in self.core["products"])  # type: ignore[attr-defined]


def build(directory: Path = DATA) -> Operator:
    """Make the operator of the fact files in `directory`; raises ImportFileError when one cannot be used."""
    imported_devices = devices.read_devices(directory / "devices.csv")
    imported_shops = shops.read_shops(directory / "stores.csv")
    imported_chinese = shops_cn.read_shops(directory / "stores_cn.csv")
    chosen = [*shops.chosen(imported_shops.rows), *imported_chinese.rows]
    products = [*devices.products(imported_devices.rows), *offerings.products(imported_devices.rows)]
    return Operator(
        core=_core(products, chosen),
        devices=imported_devices.rows,
        shops=chosen,
        stock=list(_stock(imported_devices.rows, products, chosen)),
        reports=[*imported_devices.report(), *imported_shops.report(), *imported_chinese.report()],
    )


def _core(products: list[dict[str, object]], chosen: list[Shop]) -> dict[str, object]:
    shopper = {**SHOPPER, "is_staff": False, "is_superuser": False}
    admin = {"email": ADMIN["email"], "password": ADMIN["password"], "first_name": "Admin", "last_name": ""}
    values = _attribute_values(products)
    return {
        "shop": {"name": offerings.OPERATOR},
        "channels": CHANNELS,
        "tax_classes": TAX_CLASSES,
        "product_types": [
            {
                "slug": slug, "name": name, "kind": kind, "is_shipping_required": shipped,
                "metadata": {"kind": kind, "tracking": tracking},
            }
            for slug, name, kind, shipped, tracking in PRODUCT_TYPES
        ],
        "categories": [
            {
                "slug": slug, "name": name, "parent": parent,
                "translations": chinese.translation(chinese.CATEGORIES[slug]),
            }
            for slug, name, parent in CATEGORIES
        ],
        "attributes": [
            {
                "slug": slug, "name": name, "input_type": kind,
                "entity_type": "PRODUCT" if kind == "REFERENCE" else None,
                "translations": chinese.attribute_translation(slug, values[slug]),
            }
            for slug, name, kind in ATTRIBUTES
        ],
        "warehouses": [shops.warehouse(shop) for shop in chosen],
        "products": products,
        "users": [shopper, {**admin, "is_staff": True, "is_superuser": True}],
    }  # fmt: skip


def _attribute_values(products: list[dict[str, object]]) -> dict[str, set[str]]:
    """The values in use, by attribute; those that refer to products are none."""
    found: dict[str, set[str]] = {slug: set() for slug, _name, _kind in ATTRIBUTES}
    for product in products:
        for row in (product, *product["variants"]):  # type: ignore[misc]
            for slug, texts in row["attributes"].items():
                found[slug].update(texts)
    found["fits"].clear()
    return found


def _is_sold(product: dict[str, object], channel: str) -> bool:
    return any(channel in variant["listings"] for variant in product["variants"])  # type: ignore[attr-defined]


def _stock(all_devices: list[Device], products: list[dict[str, object]], chosen: list[Shop]) -> list[OpeningStock]:
    device_of = {device.slug: device for device in all_devices}
    skus = {str(product["slug"]): [str(v["sku"]) for v in product["variants"]] for product in products}  # type: ignore[attr-defined]
    others = [product for product in products if product["product_type"] in {"accessory", "sim"}]
    channel_of = {str(channel["country"]): str(channel["slug"]) for channel in CHANNELS}
    newest = sorted(all_devices, key=lambda device: (device.age_years, device.slug))
    unit_numbers: dict[str, int] = {}
    rows: list[OpeningStock] = []
    for shop in chosen:
        for slug in _range_of(shop, newest):
            rows += _device_stock(shop, device_of[slug], skus[slug], unit_numbers)
        for product in others:
            if _is_sold(product, channel_of[shop.country]):
                slug, kind = str(product["slug"]), str(product["product_type"])
                rows += [row for sku in skus[slug] for row in _other_stock(shop, sku, kind, unit_numbers)]
    return rows


def _range_of(shop: Shop, newest: list[Device]) -> list[str]:
    """The devices a shop carries: the newest ones everywhere, older ones here and there."""
    staples, in_all = RANGES[shop.country]
    staple = [device.slug for device in newest[:staples]]
    others = [device.slug for device in newest[staples:]]
    return staple + chance.stream("range", shop.code).sample(others, k=in_all - len(staple))


def _device_stock(shop: Shop, device: Device, skus: list[str], numbers: dict[str, int]) -> list[OpeningStock]:
    rows = []
    for sku in skus:
        draw = chance.stream("stock", shop.code, sku)
        quantity = draw.choices([0, 1, 2, 3, 5], weights=[45, 30, 15, 7, 3])[0]
        if quantity:
            units = [_next(numbers, device.slug) for _ in range(quantity)]
            codes = tuple(serials.imei(device.line_index, unit) for unit in units)
            further = {code: _further(device, unit) for code, unit in zip(codes, units, strict=True)}
            known = {code: more for code, more in further.items() if more}
            rows.append(OpeningStock(shop.code, sku, quantity, codes, known))
    return rows


def _further(device: Device, unit: int) -> tuple[tuple[str, str], ...]:
    """A store knows the second IMEI, and the chip's number, of every other unit: who scanned the whole label."""
    sims = device.facts.get("sim", [])
    if unit % 2:
        return ()
    second = [("IMEI2", serials.second_imei(device.line_index, unit))] if "Dual SIM" in sims else []
    chip = [("EID", serials.eid(device.line_index, unit))] if "eSIM" in sims else []
    return (*second, *chip)


def _other_stock(shop: Shop, sku: str, kind: str, numbers: dict[str, int]) -> list[OpeningStock]:
    draw = chance.stream("stock", shop.code, sku)
    if kind == "sim":
        quantity = draw.randint(8, 25)
        cards = tuple(serials.iccid(1, _next(numbers, "sim")) for _ in range(quantity))
        return [OpeningStock(shop.code, sku, quantity, cards)]
    quantity = draw.choices([0, 2, 4, 8, 15], weights=[50, 20, 15, 10, 5])[0]
    return [OpeningStock(shop.code, sku, quantity)] if quantity else []


def _next(numbers: dict[str, int], name: str) -> int:
    numbers[name] = numbers.get(name, 0) + 1
    return numbers[name]
