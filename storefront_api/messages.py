"""The suite's words in Simplified Chinese, one catalogue for all packages.

`python -m storefront_api.messages update` brings the catalogue up to date with the source and keeps its translations,
`compile` makes the file that Django reads, `check` tells what is missing or wrong.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kernel", "commerce", "inventory", "plugins", "storefront_api")
CATALOGUE = ROOT / "storefront_api" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")

# Fixed, with no date of creation: the file changes only when words do.
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""

_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]")


def main() -> int:
    """Run one of the three commands; 1 when `check` finds a problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["update", "compile", "check"])
    match parser.parse_args().command:
        case "update":
            update()
        case "compile":
            compile_catalogue()
        case _:
            found = problems()
            print("\n".join(found) or "Every message is translated.")
            return int(bool(found))
    return 0


def update() -> None:
    """Add new messages untranslated and drop those that are gone."""
    catalogue = stored() if CATALOGUE.exists() else Catalog(locale="zh_Hans")
    # A translation of a similar message would be a wrong one.
    catalogue.update(wanted(), no_fuzzy_matching=True)
    body = BytesIO()
    write_po(
        body, catalogue, width=110, omit_header=True, include_lineno=False, sort_by_file=True, ignore_obsolete=True
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(HEADER.encode() + b"\n" + body.getvalue())


def compile_catalogue() -> None:
    """Write the file that Django reads. A process that reads it meanwhile sees the whole old or the whole new one."""
    fresh = BytesIO()
    write_mo(fresh, stored())
    partial = COMPILED.with_suffix(".mo.new")
    partial.write_bytes(fresh.getvalue())
    partial.replace(COMPILED)


def problems() -> list[str]:
    """Messages that are new, gone, untranslated or lack a placeholder; one line each."""
    known, source = _by_key(stored()), _by_key(wanted())
    found = [f"not in the catalogue, run update: {key[1]!r}" for key in source if key not in known]
    found += [f"no longer in the source, run update: {key[1]!r}" for key in known if key not in source]
    for message in known.values():
        if not message.string or message.fuzzy:
            found.append(f"not translated: {message.id!r}")
        elif _placeholders(_longest(message.string)) != _placeholders(_longest(message.id)):
            found.append(f"other placeholders than the message: {message.string!r}")
    return found


def stored() -> Catalog:
    """The catalogue as it is committed."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def wanted() -> Catalog:
    """Every message of the source, untranslated."""
    catalogue = Catalog()
    for path, method in _sources():
        text = path.read_text(encoding="utf-8")
        if method == "template":
            # What templatize makes of a template is Python to xgettext; to a tokenizer it is, without its indents.
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        found = extract("python", BytesIO(text.encode()), _KEYWORDS, comment_tags=("Translators:",))
        for line, message, comments, context in found:
            place = (path.relative_to(ROOT).as_posix(), line)
            catalogue.add(message, locations=[place], auto_comments=comments, context=context)
    return catalogue


def _sources() -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            folders = path.relative_to(ROOT).parts[:-1]
            if "templates" in folders and path.suffix in {".html", ".txt"}:
                yield path, "template"
            elif path.suffix == ".py" and "migrations" not in folders:
                yield path, "python"


def _by_key(catalogue: Catalog) -> dict[tuple[str, str], Message]:
    messages = (message for message in catalogue if message.id)
    return {(message.context or "", _first(message.id)): message for message in messages}


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _longest(text: str | list[str] | tuple[str, ...]) -> str:
    """Of singular and plural the last: the singular may say "one" in words."""
    return text if isinstance(text, str) else text[-1]


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


if __name__ == "__main__":
    sys.exit(main())
