"""docs/operate.md lists every variable that the code reads, with its default, and none that it does not."""

import re

from demo.machine import ROOT

PAGE = (ROOT / "docs" / "operate.md").read_text()
ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \| (.*?) \| ", re.M)
# environ.get("NAME"), environ.get("NAME", "default") and environ["NAME"].
READ = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"(?:,\s*(\"[^\"]*\"))?")
SETTINGS = ("storefront_api/settings.py", "embedded_core/settings.py")
# Whose variables are read by a library of ours, and not by us.
LIBRARIES = {"NUMBA_CACHE_DIR"}
# For tests and the tools of the repository.
NOT_FOR_OPERATORS = {"DJANGO_SETTINGS_MODULE", "TEST_DB_SUFFIX"}
PACKAGES = ("kernel", "commerce", "inventory", "plugins", "storefront_api", "embedded_core")


def listed() -> dict[str, str]:
    found = ROW.findall(PAGE)
    names = [name for name, _default in found]
    assert len(names) == len(set(names)), "a variable has two rows"
    return dict(found)


def read(path) -> dict[str, str | None]:
    """The variables that a file reads, with the default if it is written there."""
    return {name: default.strip('"') if default else None for name, default in READ.findall(path.read_text())}


def test_every_variable_that_is_read_has_a_row_and_no_other():
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")] + [ROOT / "demo" / "machine.py"]
    in_code = {name for path in files for name in read(path)} - NOT_FOR_OPERATORS
    assert len(in_code) > 30
    assert sorted(in_code - set(listed())) == []
    assert sorted(set(listed()) - in_code - LIBRARIES) == []


def test_the_defaults_are_those_of_the_settings():
    rows = listed()
    written = {name: value for path in SETTINGS for name, value in read(ROOT / path).items() if value is not None}
    assert len(written) > 15
    for name, default in written.items():
        if name in NOT_FOR_OPERATORS:
            continue
        if default == "":
            assert not rows[name].startswith("`"), f"{name} has no default"
        elif not default.startswith(("django.", "inventory.")):
            shown = default.split(",")[0].partition("://")[0]
            assert shown in rows[name], f"{name} is {default}"
