"""Whether a value fits a schema of the published definition: the part of JSON Schema that it uses."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parents[2] / "docs" / "specs" / "TMF645-ServiceQualification-v4.0.1.swagger.json"
SPEC = json.loads(PATH.read_text())
_TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "integer": int, "number": (int, float)}


def problems(value: Any, name: str) -> list[str]:
    """What does not fit the definition of this name; names that it does not know count too."""
    return list(_problems(value, SPEC["definitions"][name], name))


def _problems(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = SPEC["definitions"][schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type")
    if kind and not isinstance(value, _TYPES[kind]):
        yield f"{at}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if schema.get("format") == "date-time":
        assert dt.datetime.fromisoformat(value).tzinfo, at
    if isinstance(value, dict) and "properties" in schema:
        yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in value.items():
            if name not in schema["properties"]:
                yield f"{at}.{name} is unknown"
            else:
                yield from _problems(part, schema["properties"][name], f"{at}.{name}")
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _problems(part, schema["items"], f"{at}.{number}")
