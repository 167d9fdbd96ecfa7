"""Pictures of the products as SVG, drawn from what is known of them, so that the demonstration looks like a shop."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.text import slugify

from demo import chance
from demo.chinese_offers import NAMES
from demo.devices import COLOURS, Device, colours
from demo.offerings import FITTED, UNIVERSAL, all_plans, all_services, all_sims, popular_devices

SIZE = 400
_WALLPAPERS = [
    ("#5b8def", "#a5e3f5"),
    ("#7b5bd6", "#f2a0c9"),
    ("#0f766e", "#a7f3d0"),
    ("#e2725b", "#fbd38d"),
    ("#334155", "#94a3b8"),
]


def write_all(directory: Path, devices: list[Device]) -> int:
    """Draw every picture of the catalogue into `directory`; returns how many there are."""
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, drawing in _drawings(devices):
        (directory / f"{name}.svg").write_text(_page(drawing))
        count += 1
    return count


def _drawings(devices: list[Device]) -> Iterator[tuple[str, str]]:
    for device in devices:
        for colour in colours(device):
            yield f"{device.slug}-{slugify(colour)}", _device(device, COLOURS[colour])
    for channel, (code, name, category, _price, data, network, *_rest) in all_plans():
        big = data if data != "Unlimited" else "∞"
        yield f"plan-{code.lower()}", _badge(big, network, _written(channel, code, name), category)
    for channel, (code, name, category, _price, technology, down, *_rest) in all_services():
        big = f"{down}" if down else {"tv": "TV", "voice": "☎"}[category]
        small = "Mbit/s" if down else technology
        yield f"service-{code.lower()}", _badge(big, small, _written(channel, code, name), category)
    for _channel, (code, name, *_rest) in all_sims():
        yield code.lower(), _sim(name)
    for code, name, _category, _price, brand, picture in UNIVERSAL:
        yield f"{brand.lower()}-{code.lower()}", _thing(picture, name)
    for device in popular_devices(devices):
        for suffix, *_rest, picture, _colours in FITTED:
            yield f"{device.slug}-{suffix.lower()}", _cover(device, picture, suffix)


def _written(channel: str, code: str, name: str) -> str:
    """The name in the picture: in the language of the country where it is sold."""
    return NAMES[code][0] if channel == "cn" else name


def _page(drawing: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">{drawing}</svg>'


def _gradient(name: str, first: str, second: str) -> str:
    stops = f'<stop offset="0" stop-color="{first}"/><stop offset="1" stop-color="{second}"/>'
    return f'<defs><linearGradient id="{name}" x1="0" y1="0" x2="1" y2="1">{stops}</linearGradient></defs>'


def _rect(x: float, y: float, width: float, height: float, radius: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" {more}/>'


def _circle(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" {more}/>'


def _text(x: float, y: float, size: float, text: str, fill: str = "#fff", weight: int = 700) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    font = f'font-family="system-ui,sans-serif" font-size="{size:g}" font-weight="{weight}"'
    return f'<text x="{x:g}" y="{y:g}" {font} fill="{fill}" text-anchor="middle">{safe}</text>'


def _proportion(device: Device) -> float:
    try:
        width, height = (int(side) for side in device.facts["screen_resolution"][0].split("x"))
    except (KeyError, ValueError):
        return 0.75 if device.is_tablet else 0.5
    return min(0.8, max(0.42, min(width, height) / max(width, height)))


def _device(device: Device, colour: str) -> str:
    """Back and front side by side, with the buttons, notch and cameras of its time."""
    height = 300 if device.is_tablet else 310
    # A tablet or an unfolded phone is wide: back and front must stay side by side within the picture.
    width = min(height * _proportion(device) + 12, 215)
    front_x, back_x = 200 - width * 0.28, 200 - width * 0.78
    top = (SIZE - height) / 2
    return "".join(
        [
            _gradient("w", *chance.pick(_WALLPAPERS, "wallpaper", device.slug)),
            f'<ellipse cx="200" cy="{top + height + 14:g}" rx="{width:g}" ry="9" fill="#0f172a" opacity=".12"/>',
            _back(device, colour, back_x, top, width, height),
            _front(device, colour, front_x, top + 8, width, height),
        ]
    )


def _corner(device: Device) -> float:
    return 26 if device.released.year >= 2018 else 18


def _back(device: Device, colour: str, x: float, y: float, width: float, height: float) -> str:
    body = _rect(x, y, width, height, _corner(device), colour, 'stroke="#0f172a" stroke-opacity=".25" stroke-width="2"')
    shine = _rect(x + 4, y + 4, width * 0.3, height - 8, _corner(device) - 4, "#fff", 'opacity=".10"')
    lenses = min(4, max(1, len(device.facts.get("cameras", ["one"])) - 1))
    return body + shine + _lenses(lenses, x + 14, y + 16, device.released.year)


def _lenses(count: int, x: float, y: float, year: int) -> str:
    radius = 9 if year >= 2019 else 7
    step = radius * 2 + 6
    island_height = step * count + 4
    island = _rect(x, y, radius * 2 + 10, island_height, radius + 5, "#0f172a", 'opacity=".28"') if count > 1 else ""
    parts = [island]
    for index in range(count):
        centre_y = y + 4 + radius + index * step
        parts.append(_circle(x + radius + 5, centre_y, radius, "#0b1220"))
        parts.append(_circle(x + radius + 3, centre_y - 2, radius * 0.3, "#6b7f9e"))
    return "".join(parts)


def _front(device: Device, colour: str, x: float, y: float, width: float, height: float) -> str:
    year, corner = device.released.year, _corner(device)
    bezel = 5 if year >= 2018 else 8
    chin = bezel if year >= 2017 else 34
    screen_height = height - bezel - chin if year >= 2017 else height - chin - 28
    screen_y = y + (bezel if year >= 2017 else 28)
    body = _rect(x, y, width, height, corner, "#0b1220", f'stroke="{colour}" stroke-width="4"')
    screen_corner = corner - bezel if year >= 2017 else 3
    screen = _rect(x + bezel, screen_y, width - 2 * bezel, screen_height, screen_corner, "url(#w)")
    middle = x + width / 2
    if year >= 2019:
        eye = _circle(middle, y + 17, 4.5, "#0b1220")
    elif year >= 2017:
        eye = _rect(middle - 22, y + 4, 44, 10, 5, "#0b1220")
    else:
        eye = _rect(middle - 16, y + 12, 32, 4, 2, "#475569") + _circle(
            middle, y + height - 17, 9, "none", 'stroke="#475569" stroke-width="2"'
        )
    clock = _text(middle, screen_y + 84, 40, "9:41", weight=300) if width > 120 else ""
    return body + screen + clock + eye


_FAMILY_COLOURS = {
    "metered": ("#0e7490", "#67e8f9"), "unlimited": ("#4338ca", "#a5b4fc"), "family": ("#be185d", "#f9a8d4"),
    "prepaid": ("#b45309", "#fcd34d"), "data-only": ("#0f766e", "#5eead4"), "fibre": ("#1d4ed8", "#93c5fd"),
    "dsl": ("#475569", "#cbd5e1"), "fixed-wireless": ("#6d28d9", "#c4b5fd"), "tv": ("#9f1239", "#fda4af"),
    "voice": ("#166534", "#86efac"),
}  # fmt: skip


def _badge(big: str, small: str, name: str, category: str) -> str:
    first, second = _FAMILY_COLOURS[category]
    waves = "".join(
        f'<circle cx="330" cy="330" r="{radius}" fill="none" stroke="#fff" stroke-opacity=".18" stroke-width="14"/>'
        for radius in (40, 84, 128, 172)
    )
    size = 84 if len(big) <= 5 else 62
    card = _rect(40, 70, 320, 260, 32, "url(#b)")
    return (
        _gradient("b", first, second)
        + f'<clipPath id="c"><rect x="40" y="70" width="320" height="260" rx="32"/></clipPath>{card}<g clip-path="url(#c)">{waves}</g>'
        + _text(200, 205, size, big)
        + _text(200, 250, 28, small, weight=500)
        + _text(200, 300, 22, name, weight=600)
    )


def _sim(name: str) -> str:
    card = '<path d="M110 70h130l60 60v190a16 16 0 0 1-16 16H126a16 16 0 0 1-16-16z" fill="url(#s)"/>'
    chip = (
        _rect(150, 190, 100, 84, 12, "#fbbf24")
        + '<path d="M150 232h100M200 190v84M175 190v84M225 190v84" stroke="#92400e" stroke-width="3" fill="none"/>'
    )
    if name.startswith("eSIM"):
        chip = _rect(140, 170, 130, 110, 18, "#fff", 'opacity=".9"') + _text(205, 240, 40, "eSIM", "#4338ca")
    return _gradient("s", "#4338ca", "#818cf8") + card + chip


def _cover(device: Device, picture: str, suffix: str) -> str:
    height = 310
    width = min(height * _proportion(device) + 16, 220)
    x, y = 200 - width / 2, 45
    if picture == "glass":
        sheet = _rect(x, y, width, height, 24, "#bae6fd", 'opacity=".55" stroke="#0284c7" stroke-width="3"')
        shine = f'<path d="M{x + 20:g} {y + height - 60:g}L{x + width - 30:g} {y + 40:g}" stroke="#fff" stroke-width="10" opacity=".7"/>'
        return sheet + shine
    if suffix == "CASE-WALLET":
        cover = _rect(x - 6, y, width + 12, height, 20, "#7c4a2d") + _rect(
            x + 6,
            y + 12,
            width - 12,
            height - 24,
            14,
            "none",
            'stroke="#e7c9a9" stroke-width="3" stroke-dasharray="8 7"',
        )
        return cover + _rect(x + width - 18, y + height / 2 - 22, 34, 44, 10, "#5d3620")
    shell = _rect(x, y, width, height, 28, "#e2e8f0", 'opacity=".8" stroke="#64748b" stroke-width="5"')
    return shell + _lenses(3, x + 16, y + 18, 2024)


_STROKE = 'stroke="#0f172a" stroke-width="9" fill="none" stroke-linecap="round" stroke-linejoin="round"'
_OUTLINE = 'stroke="#0f172a" stroke-width="7"'
_TRANSLUCENT = 'opacity=".8"'
_RIM = 'stroke="#cbd5e1" stroke-width="10"'
_THINGS = {
    "charger": f'{_rect(130, 110, 140, 150, 28, "#f8fafc", _OUTLINE)}{_rect(160, 70, 14, 44, 5, "#64748b")}{_rect(226, 70, 14, 44, 5, "#64748b")}{_rect(178, 300, 44, 30, 10, "#0f172a")}<path d="M200 260v42" {_STROKE}/>',
    "pad": f'{_circle(200, 200, 118, "#e2e8f0")}{_circle(200, 200, 92, "#f8fafc")}<path d="M212 140l-40 66h32l-14 56 46-72h-34z" fill="#0e7490"/>',
    "cable": f'<path d="M90 130c0 140 220 0 220 150" {_STROKE}/>{_rect(72, 74, 36, 64, 10, "#64748b")}{_rect(292, 276, 36, 64, 10, "#64748b")}',
    "bank": f'{_rect(120, 70, 160, 260, 30, "#1e293b")}{_rect(146, 100, 108, 10, 5, "#334155")}{"".join(_circle(164 + 24 * i, 300, 6, "#5eead4") for i in range(4))}',
    "wired": f'<path d="M130 120c0 120 70 80 70 180M270 120c0 120-70 80-70 180" {_STROKE}/>{_circle(130, 110, 26, "#0e7490")}{_circle(270, 110, 26, "#0e7490")}',
    "buds": f'{_rect(110, 190, 180, 130, 56, "#f1f5f9")}{_rect(110, 190, 180, 44, 22, "#e2e8f0")}{_circle(160, 130, 32, "#1e293b")}{_circle(240, 130, 32, "#1e293b")}{_rect(150, 130, 18, 62, 9, "#1e293b")}{_rect(232, 130, 18, 62, 9, "#1e293b")}',
    "headphones": f'<path d="M100 230v-20a100 100 0 0 1 200 0v20" stroke="#1e293b" stroke-width="20" fill="none"/>{_rect(76, 220, 56, 100, 24, "#4338ca")}{_rect(268, 220, 56, 100, 24, "#4338ca")}',
    "speaker": f'{_rect(90, 120, 220, 160, 70, "#be185d")}{_circle(160, 200, 46, "#500724")}{_circle(240, 200, 46, "#500724")}{_circle(160, 200, 20, "#9d174d")}{_circle(240, 200, 20, "#9d174d")}',
    "holder": f'{_circle(200, 170, 74, "#334155")}{_circle(200, 170, 52, "#94a3b8")}{_rect(182, 236, 36, 84, 12, "#334155")}{_rect(140, 306, 120, 24, 12, "#1e293b")}',
    "case": f'{_rect(110, 70, 180, 260, 26, "#99f6e4", _TRANSLUCENT)}{_rect(132, 120, 136, 180, 14, "#f8fafc")}{_rect(110, 70, 180, 34, 14, "#0f766e")}',
    "pen": '<path d="M120 300L270 110l30 24L150 324l-42 10z" fill="#e2e8f0" stroke="#334155" stroke-width="6"/>',
    "keyboard": f'{_rect(60, 140, 280, 130, 16, "#334155")}{"".join(_rect(76 + 26 * c, 154 + 28 * r, 20, 20, 4, "#cbd5e1") for r in range(3) for c in range(10))}{_rect(130, 240, 140, 18, 4, "#cbd5e1")}',
    "card": f'<path d="M130 80h110l40 40v200H130z" fill="#1e293b"/>{"".join(_rect(150 + 22 * i, 96, 12, 40, 3, "#fbbf24") for i in range(4))}{_rect(130, 200, 150, 70, 0, "#be185d")}',
    "router": f'{_rect(90, 210, 220, 80, 20, "#1e293b")}{_rect(112, 90, 12, 124, 6, "#334155")}{_rect(276, 90, 12, 124, 6, "#334155")}{"".join(_circle(140 + 30 * i, 250, 7, "#5eead4") for i in range(4))}',
    "tag": f'{_circle(200, 200, 100, "#f8fafc")}{_circle(200, 200, 100, "none", _RIM)}{_circle(200, 200, 44, "#0e7490")}',
}  # fmt: skip


def _thing(picture: str, _name: str) -> str:
    shadow = '<ellipse cx="200" cy="346" rx="120" ry="9" fill="#0f172a" opacity=".10"/>'
    return shadow + _THINGS[picture]
