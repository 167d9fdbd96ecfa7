"""Three words and more written as one."""

import pytest

from plugins.guided_search import compounds
from plugins.guided_search.index import Index
from plugins.guided_search.matching import match
from tests.guided_search.catalogues import phone

INDEX = Index.build(
    [
        phone("Galaxy S23"),
        phone("Galaxy S23 Ultra"),
        phone("iPhone 15 Pro", brand="Apple"),
        phone("iPhone 15 Pro Max", brand="Apple"),
        phone("Pixel 8", brand="Google"),
        phone("Note 128", brand="Nokia"),
    ]
)


def found(typed: str) -> set[str]:
    return {INDEX.entry(row).name for row in match(INDEX, typed).rows}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("samsunggalaxys23", {"Galaxy S23", "Galaxy S23 Ultra"}),
        ("SamsungGalaxyS23", {"Galaxy S23", "Galaxy S23 Ultra"}),
        ("galaxys23ultra", {"Galaxy S23 Ultra"}),
        ("samsunggalaxys23ultra", {"Galaxy S23 Ultra"}),
        ("iphone15promax", {"iPhone 15 Pro Max"}),
        ("iphone15pro", {"iPhone 15 Pro", "iPhone 15 Pro Max"}),
        ("googlepixel8", {"Pixel 8"}),
    ],
)
def test_words_written_as_one_are_taken_apart(typed: str, expected: set[str]) -> None:
    assert found(typed) == expected


@pytest.mark.parametrize("written", ["galaxypixel8", "nokianote12", "samsunggalaxyx", "a" * 200, "", "8"])
def test_what_no_product_has_together_is_not_made_up(written: str) -> None:
    assert compounds.of_many(written, INDEX) is None
