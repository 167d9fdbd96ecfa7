"""What stands in a field of the offer's form, as text and as the document's value. Pure.

What cannot be read stays as it was typed: the document's form then says what is wrong, at the field.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from plugins.bundles.editor_fields import Field

Json = dict[str, Any]
MISSING: Final = object()
LISTS: Final = frozenset({"ticks", "words", "numbers"})


def get(part: Json, name: str) -> Any:
    """The value at a dotted path of a part; None where it is missing."""
    found: Any = part
    for key in name.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found


def put(part: Json, name: str, value: Any) -> None:
    """Set the value at a dotted path, or take it away (MISSING) with what is empty around it."""
    key, _dot, rest = name.partition(".")
    if not rest:
        if value is MISSING:
            part.pop(key, None)
        else:
            part[key] = value
        return
    inner = part.get(key)
    if not isinstance(inner, dict):
        if value is MISSING:
            return
        inner = part[key] = {}
    put(inner, rest, value)
    if not inner:
        del part[key]


def shown(field: Field, part: Json) -> Any:
    """What the input holds: text, a list of what is ticked, or whether it is."""
    value = get(part, field.name)
    match field.kind:
        case "flag":
            return value is True
        case "flag_on":
            return value is not False
        case "ticks":
            return [str(one) for one in value] if isinstance(value, list) else []
        case "words":
            return "\n".join(map(str, value)) if isinstance(value, list) else _text(value)
        case "numbers":
            return ", ".join(map(str, value)) if isinstance(value, list) else _text(value)
        case "pairs":
            return (
                "\n".join(f"{key} = {one}" for key, one in value.items()) if isinstance(value, dict) else _text(value)
            )
        case "percent":
            return _percent(value)
        case "price":
            rungs = value.get("rungs") if isinstance(value, dict) else None
            return "; ".join(map(str, rungs)) if isinstance(rungs, list) else _text(value)
        case "ladder_flag":
            return value is True
    return _text(value)


def take(field: Field, part: Json, typed: Sequence[str]) -> None:
    """Put what was typed into the part; `typed` is empty where nothing came."""
    if field.kind in ("ladder", "ladder_flag"):
        _ladder(field, part, typed)
        return
    if field.kind == "price":
        _price(field, part, typed)
        return
    put(part, field.name, _read(field, typed))


def _read(field: Field, typed: Sequence[str]) -> Any:
    text = typed[0].strip() if typed else ""
    match field.kind:
        case "flag":
            return True if typed else MISSING
        case "flag_on":
            return MISSING if typed else False
        case "ticks":
            return [one for one in dict.fromkeys(typed) if one] or MISSING
        case "words":
            return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())) or MISSING
        case "numbers":
            return [_number(one) for one in text.replace("，", ",").split(",") if one.strip()] or MISSING
        case "pairs":
            return _pairs(text) or MISSING
        case "number":
            return _number(text) if text else MISSING
        case "percent":
            return _fraction(text) if text else MISSING
    return text or MISSING


def _price(field: Field, part: Json, typed: Sequence[str]) -> None:
    """One amount is a price, several are the rungs of a ladder."""
    amounts = [one.strip() for one in (typed[0] if typed else "").replace("；", ";").split(";") if one.strip()]
    before = get(part, field.name)
    if len(amounts) > 1:
        kept = before if isinstance(before, dict) else {}
        put(part, field.name, {**kept, "rungs": amounts})
    elif amounts:
        put(part, field.name, amounts[0])
    else:
        put(part, field.name, MISSING)


def _ladder(field: Field, part: Json, typed: Sequence[str]) -> None:
    """What belongs to a ladder alone: kept while there is one."""
    price = field.name.rpartition(".")[0]
    if not isinstance(get(part, price), dict):
        return
    if field.kind == "ladder_flag":
        put(part, field.name, True if typed else MISSING)
    else:
        put(part, field.name, typed[0].strip() if typed and typed[0].strip() else MISSING)


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        key, _equals, value = line.partition("=")
        if key.strip():
            found[key.strip()] = value.strip()
    return found


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 10 else text


def _fraction(text: str) -> str:
    """Percent as a fraction: 8.25 is 0.0825."""
    try:
        number = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        return text
    return f"{(number / 100).normalize():f}" if number.is_finite() and abs(number.adjusted()) < 12 else text


def _percent(value: Any) -> str:
    try:
        number = Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return str(value)
    if number is None or not number.is_finite() or abs(number.adjusted()) > 12:
        return _text(value)
    return f"{(number * 100).normalize():f}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
