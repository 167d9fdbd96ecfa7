"""Several words written as one, such as "samsunggalaxys23": taken apart where one product has all of them."""

from collections.abc import Iterator
from functools import reduce

from plugins.guided_search import text
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Hits, both

# Three words, and a number between them: "iphone15promax".
MOST_PARTS = 4
LONGEST = 32
# Ways to take a word apart that are looked at; a real compound has a few.
MOST_WAYS = 50


def of_many(written: str, index: Index) -> Hits | None:
    """The products that have all of three or four known words written as one; None when there are none.

    Of several ways the one with the fewest words counts, then the one whose first words are longest.
    """
    if len(written) > LONGEST:
        return None
    for count in range(3, MOST_PARTS + 1):
        for number, parts in enumerate(_apart(written, count, index)):
            if number == MOST_WAYS:
                break
            hits = reduce(both, map(index.postings.hits, parts))
            if len(hits.docs):
                return hits
    return None


def _apart(written: str, count: int, index: Index) -> Iterator[tuple[str, ...]]:
    """The ways to cut into so many words of the index, the longest first word first."""
    if count == 1:
        if _is_word(written, index):
            yield (text.stem(written),)
        return
    for cut in range(len(written) - count + 1, 0, -1):
        # A number is not cut: "128" is no "1" and "28".
        inside = written[cut - 1].isdigit() and written[cut].isdigit()
        if not inside and _is_word(written[:cut], index):
            for rest in _apart(written[cut:], count - 1, index):
                yield (text.stem(written[:cut]), *rest)


def _is_word(part: str, index: Index) -> bool:
    """One letter alone would part anything from anything."""
    return (len(part) > 1 or part.isdigit()) and text.stem(part) in index.postings.ids
