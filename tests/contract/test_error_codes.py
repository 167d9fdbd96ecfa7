"""docs/errors.md and the code name the same error codes; whatever is raised is one of them, and each is raised."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "commerce", "inventory", "plugins", "storefront_api")
# Signals within the saga that places an order; `complete_cart` answers them in another way.
SIGNALS = {"PAYMENT_ACTION_REQUIRED", "PAYMENT_REPLACED"}
CODE = re.compile(r"[A-Z][A-Z_]+")


def documented() -> Counter[str]:
    page = (ROOT / "docs" / "errors.md").read_text()
    return Counter(re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE))


def constants(module: ModuleType) -> set[str]:
    """Codes are the constants that are named as they read."""
    return {name for name, value in vars(module).items() if name == value and CODE.fullmatch(name)}


def error_modules() -> list[ModuleType]:
    files = [*(ROOT / package / "errors.py" for package in ("kernel", "storefront_api"))]
    files += [*(ROOT / "inventory").glob("*errors.py"), *ROOT.glob("plugins/*/errors.py")]
    return [importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in files]


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def test_the_page_lists_exactly_the_codes_of_the_code() -> None:
    known = set().union(*(constants(module) for module in error_modules()))
    assert documented().keys() - known == set(), "on the page only"
    assert known - documented().keys() == set(), "in the code only"


def test_the_page_lists_each_code_once() -> None:
    assert {code: count for code, count in documented().items() if count > 1} == {}


def test_whatever_is_raised_is_documented() -> None:
    raised = {_name(call.args[0], path) for path in sources() for call in _calls(path) if call.args}
    assert {code for code in raised if CODE.fullmatch(code)} - documented().keys() == SIGNALS


def test_each_code_is_used() -> None:
    text = "\n".join(path.read_text() for path in sources())
    assert {code for code in documented() if len(re.findall(rf"\b{code}\b", text)) < 2} == set()


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ApiError":
            yield node


def _name(node: ast.expr, path: Path) -> str:
    """The code that an argument stands for; a variable's is that of whoever filled it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name) and CODE.fullmatch(node.id):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        return str(getattr(module, node.id))
    return ""
