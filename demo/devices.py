"""Devices of the fact file as products: attributes from the facts, variants from storage and colour, made-up prices."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.utils.text import slugify

from demo import chance, chinese, prices, serials
from demo.facts_csv import Imported, RowError, read

COLUMNS = {
    "brand", "name", "kind", "codename", "models", "release", "ram", "storage", "screen_inches",
    "screen_resolution", "screen_technology", "battery_mah", "cameras", "network", "wifi", "bluetooth", "soc",
    "features",
}  # fmt: skip
# More terabytes than any phone has: in "256/512/1 TB" the unit is that of the last size alone.
_MAX_TERABYTES = 8
CATALOGUE_DATE = date(2026, 9, 1)
MAX_STORAGE_OPTIONS = 3

COLOURS = {
    "Graphite": "#3b3f46", "Midnight blue": "#1f2f55", "Silver": "#c9ced6", "Pearl white": "#f2f0ea",
    "Forest green": "#2f5a48", "Lavender": "#b9a9d9", "Coral": "#e8836b", "Sky blue": "#8fbfe0",
    "Sand": "#d9c7a6", "Crimson": "#9c2a3a",
}  # fmt: skip


@dataclass(frozen=True)
class Device:
    """One device of the fact file, cleaned."""

    line_index: int
    brand: str
    name: str
    slug: str
    is_tablet: bool
    released: date
    storage_gb: tuple[int, ...]
    ram_gb: float
    facts: dict[str, list[str]]

    @property
    def has_5g(self) -> bool:
        return "5G" in self.facts.get("network", [])

    @property
    def age_years(self) -> float:
        return max(0.0, (CATALOGUE_DATE - self.released).days / 365.25)


def read_devices(path: Path) -> Imported[Device]:
    """All devices of the file; raises ImportFileError. A device that comes twice is skipped."""
    seen: set[str] = set()
    imported: Imported[Device]

    def parse(row: dict[str, str]) -> Device:
        device = _device(row, len(seen))
        if device.slug in seen:
            # Another device whose name differs only in signs: its code name tells them apart.
            device = replace(device, slug=f"{device.slug}-{slugify(row['codename'])}")
        if device.slug in seen:
            raise RowError(f"{device.name} ({row['codename']}) is in the file twice")
        seen.add(device.slug)
        return device

    imported = read(path, COLUMNS, parse)
    for line, device in enumerate(imported.rows, start=2):
        if not device.storage_gb:
            imported.notes.append((line, f"{device.name} states no storage and is sold without a choice of it"))
    return imported


def _device(row: dict[str, str], index: int) -> Device:
    if not row["brand"] or not row["name"]:
        raise RowError("brand or name is missing")
    if row["kind"] not in {"phone", "tablet"}:
        raise RowError(f"kind {row['kind']!r} is neither phone nor tablet")
    name = row["name"] if row["brand"].lower() in row["name"].lower() else f"{row['brand']} {row['name']}"
    storage = tuple(sorted(set(gigabytes(row["storage"])))[-MAX_STORAGE_OPTIONS:])
    return Device(
        line_index=index,
        brand=row["brand"],
        name=name,
        slug=slugify(name.replace("+", " plus ")),
        is_tablet=row["kind"] == "tablet",
        released=_date(row["release"]),
        storage_gb=storage,
        ram_gb=max(gigabytes(row["ram"]), default=2),
        facts=_facts(row),
    )


def _date(text: str) -> date:
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if not match:
        raise RowError(f"release date {text!r} is not understood")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise RowError(f"release date {text!r} does not exist") from None


def gigabytes(text: str) -> list[int]:
    """Sizes in GB out of text such as `8/12 GB LPDDR5`, `32 GB, 64 GB` or `1 TB`; a missing unit letter is forgiven."""
    sizes: list[int] = []
    for numbers, unit in re.findall(r"((?:\d+\s*/\s*)*\d+)(?:\s*)(TB|GB|B)\b", text, re.IGNORECASE):
        for value in map(int, re.split(r"\s*/\s*", numbers)):
            sizes.append(value * 1024 if unit.upper() == "TB" and value <= _MAX_TERABYTES else value)
    return [size for size in sizes if size > 0]


def storage_label(size: int) -> str:
    return f"{size // 1024} TB" if size % 1024 == 0 else f"{size} GB"


def _facts(row: dict[str, str]) -> dict[str, list[str]]:
    def several(text: str) -> list[str]:
        return [part.strip() for part in text.split("|") if part.strip() and part.strip() != "None"]

    generations = sorted(set(re.findall(r"\b[2345]G\b", row["network"])), reverse=True)
    features = several(row["features"])
    sim: list[str] = [name for name in ("Dual SIM", "eSIM") if name in features]
    wifi = {"be": "Wi-Fi 7", "ax": "Wi-Fi 6", "ac": "Wi-Fi 5", "n": "Wi-Fi 4"}
    newest = next(
        (label for key, label in wifi.items() if key in row["wifi"].split("/") or row["wifi"].endswith(key)),
        "",
    )
    facts = {
        "network": generations,
        "ram": [f"{size} GB" for size in sorted(set(gigabytes(row["ram"])))],
        "screen_inches": several(row["screen_inches"]),
        "screen_technology": several(row["screen_technology"]),
        "screen_resolution": several(row["screen_resolution"]),
        "battery_mah": several(row["battery_mah"]),
        "cameras": several(row["cameras"]),
        "wifi": [newest] if newest else [],
        "bluetooth": several(row["bluetooth"]),
        "processor": several(row["soc"]),
        "sim": sim or ["Single SIM"],
        "features": [name for name in features if name not in sim],
        "model_codes": several(row["models"]),
    }
    return {key: values for key, values in facts.items() if values}


def price(device: Device, storage: int) -> int:
    """Whole dollars less one: what the specification would cost new, less what age has taken off it."""
    inches = float(device.facts.get("screen_inches", ["5"])[0])
    oled = "OLED" in " ".join(device.facts.get("screen_technology", []))
    new = 90 + 34 * device.ram_gb + 0.42 * min(storage, 1024) + (60 if device.has_5g else 0)
    new += (70 if oled else 0) + (12 * inches if device.is_tablet else 8 * inches)
    new *= _tier(device.facts.get("processor", [""])[0])
    worth = new * (0.84 ** min(device.age_years, 12))
    return max(39, round(worth / 10) * 10 - 1)


def _tier(processor: str) -> float:
    if re.search(r"Snapdragon (8\d\d|8\b|8s|8\+)|Tensor|Dimensity 9|Exynos (2|9[89]|98)|Kirin 9", processor):
        return 1.15
    return 0.85 if re.search(r"Snapdragon (7|6[5-9])|Dimensity|Exynos 1[3-5]", processor) else 0.62


def products(devices: list[Device]) -> list[dict[str, object]]:
    return [_product(device) for device in devices]


def _product(device: Device) -> dict[str, object]:
    attributes = {"brand": [device.brand], "released": [device.released.isoformat()], **device.facts}
    return {
        "slug": device.slug,
        "name": device.name,
        "product_type": "device",
        "category": "tablets" if device.is_tablet else "phones",
        "tax_class": "standard",
        "description": _description(device),
        "translations": chinese.translation(chinese.device_name(device), chinese.device_description(device)),
        "media": f"/media/catalogue/{device.slug}-{slugify(colours(device)[0])}.svg",
        "metadata": {},
        "attributes": attributes,
        "variants": _variants(device),
    }


def colours(device: Device) -> list[str]:
    return chance.stream("colours", device.slug).sample(list(COLOURS), k=3 if device.age_years < 3 else 2)


def _variants(device: Device) -> list[dict[str, object]]:
    variants: list[dict[str, object]] = []
    for storage_at, storage in enumerate(device.storage_gb or (0,)):
        for colour_at, colour in enumerate(colours(device)):
            label = storage_label(storage) if storage else ""
            number = device.line_index * 100 + storage_at * 10 + colour_at
            full = price(device, storage)
            reduced = chance.stream("offer", device.slug).random() < 0.12
            choice = {"colour": [colour]} | ({"storage": [label]} if label else {})
            variants.append(
                {
                    "sku": f"DEV-{number:06d}",
                    "name": " / ".join(filter(None, [label, colour])),
                    "translations": chinese.translation(chinese.variant_name(label, colour)),
                    "listings": _listings(full, reduced),
                    "track_inventory": True,
                    "media": f"/media/catalogue/{device.slug}-{slugify(colour)}.svg",
                    "metadata": {"gtin": serials.gtin(1_000_000 + number)},
                    "attributes": choice,
                }
            )
    return variants


def _listings(full: int, reduced: bool) -> dict[str, object]:
    """Its price in each channel, a tenth off when it is reduced."""
    now = full - full // 10 if reduced else full
    return {
        "us": prices.listing(f"{now}.00", f"{full}.00" if reduced else None),
        "cn": prices.listing(prices.yuan(now), prices.yuan(full) if reduced else None),
    }


def _description(device: Device) -> str:
    facts = device.facts
    kind = "tablet" if device.is_tablet else "phone"
    parts = [f"A {'5G ' if device.has_5g else ''}{kind} by {device.brand}, first sold in {device.released.year}."]
    if "screen_inches" in facts:
        technology = facts.get("screen_technology", [""])[0]
        parts.append(f"Its {facts['screen_inches'][0]} inch {technology} screen".replace("  ", " "))
        resolution = facts.get("screen_resolution")
        parts[-1] += f" shows {resolution[0]} pixels." if resolution else " is made for everyday use."
    if "battery_mah" in facts:
        parts.append(f"The battery holds {facts['battery_mah'][0]} mAh.")
    if "cameras" in facts:
        parts.append(f"Cameras: {', '.join(facts['cameras'])}.")
    if "processor" in facts:
        parts.append(f"Processor: {facts['processor'][0]}.")
    return " ".join(parts)
