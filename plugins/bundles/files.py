"""An offer's document with its test cases as a file, for those who write it by hand: JSON, or YAML."""

import json
from typing import Any, Final

import yaml
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, ApiError
from plugins.bundles.document import MAX_BYTES

JSON: Final = "json"
YAML: Final = "yaml"
KINDS: Final = (JSON, YAML)
MAX_DEPTH: Final = 20


class _Loader(yaml.SafeLoader):
    """Plain data: no aliases, which could make a small file endless; numbers and days stay as they are written."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Everything is written out: what is read has no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# An amount is text: a float has lost what was written. A day is text in JSON, too.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.rpartition(":")[2] not in ("float", "timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def write(document: dict[str, Any], test_cases: list[Any], kind: str) -> str:
    """The file's text."""
    whole = {"document": document, "testCases": test_cases}
    if kind == JSON:
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    return str(yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120))


def read_file(content: bytes) -> tuple[dict[str, Any], list[Any]]:
    """The document and the test cases in a file; a document alone has none. Errors: INVALID at `file`."""
    if len(content) > MAX_BYTES:
        raise _refused(_("An offer has at most %(most)s kilobytes."), most=MAX_BYTES // 1000)
    try:
        # JSON is read by the same rules: it is YAML, but for what nobody writes by hand.
        text = content.decode("utf-8-sig")
        found = json.loads(text, parse_float=str) if text.lstrip().startswith("{") else yaml.load(text, _Loader)  # noqa: S506
        _check_depth(found, MAX_DEPTH)
    except (UnicodeDecodeError, ValueError, RecursionError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else getattr(error, "lineno", 0)
        if line:
            raise _refused(_("The file is neither JSON nor YAML: see line %(line)s."), line=line) from error
        raise _refused(_("The file is neither JSON nor YAML.")) from error
    if not isinstance(found, dict):
        raise _refused(_("The file holds no offer."))
    document = found.get("document", found)
    test_cases = found.get("testCases", []) if "document" in found else []
    if not isinstance(document, dict) or not isinstance(test_cases, list):
        raise _refused(_("The file holds no offer."))
    return document, test_cases


def _check_depth(found: object, left: int) -> None:
    if left < 0:
        raise ValueError("too deep")
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    if isinstance(found, dict) and not all(isinstance(key, str) for key in found):
        raise ValueError("a key is not text")
    if not isinstance(found, dict | list | str | int | None):
        raise ValueError("not plain data")
    for one in inner:
        _check_depth(one, left - 1)


def _refused(message: Any, **params: object) -> ApiError:
    return ApiError(INVALID, message, field="file", params=params)
