"""What a word that no product has was probably meant to be."""

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from plugins.guided_search import text
from plugins.guided_search.index import Index
from plugins.guided_search.words import Synonyms

CANDIDATES = 8
# Shorter words are near to so many others that only the words beside them tell which is meant.
SHORT = 5
_SHORTEST = 3
# Nobody means a longer word.
LONGEST = 60
_LONG = 8
# Letters and digits that are taken for each other before anything else is.
_LOOKALIKES = frozenset(map(frozenset, ("1l", "1i", "0o", "5s", "2z", "8b")))


def corrections(index: Index, typed: str, synonyms: Synonyms) -> list[str]:
    """Known terms that a word may be a slip of, the likeliest first; none for numbers and for what is too short.

    Words that only a synonym knows ("powerbank") count as known.
    """
    word = text.fold(typed)
    if not _SHORTEST <= len(word) <= LONGEST or word.isdigit() or " " in word or text.is_han(word):
        return []
    limit = 2 if len(word) >= _LONG else 1
    near = [
        (distance, *_unlikeliness(word, written), -index.postings.frequency(term), term)
        for distance, written, term in index.near(word, limit)
        # Another form of the same word is no correction of it.
        if term != text.stem(word) and _is_slip(word, written)
    ]
    alone = [key[0] for key in synonyms if len(key) == 1 and key[0] not in index.postings.ids and key[0].isascii()]
    found = extract(word, alone, scorer=OSA.distance, score_cutoff=limit, limit=None, processor=None)
    near += [(int(distance), *_unlikeliness(word, key), 0, key) for key, distance, _at in found]
    return list(dict.fromkeys(entry[-1] for entry in sorted(near)))[:CANDIDATES]


def _is_slip(typed: str, written: str) -> bool:
    """Short words are near to so many others that not every nearness counts: a letter left out, two swapped, one of
    four mistaken."""
    if len(typed) >= SHORT or not typed.isalpha() or len(written) > len(typed):
        return True
    return len(written) == len(typed) and (len(typed) > _SHORTEST or sorted(typed) == sorted(written))


def _unlikeliness(typed: str, candidate: str) -> tuple[bool, bool]:
    differing = [frozenset(pair) for pair in zip(typed, candidate, strict=False) if pair[0] != pair[1]]
    lookalike = len(typed) == len(candidate) and len(differing) == 1 and differing[0] in _LOOKALIKES
    return not lookalike, typed[0] != candidate[0]


def started(index: Index, typed: str) -> str | None:
    """The start of a known word that `typed` may be a slip of; None when nothing is near.

    The first letter is taken as right. "galx" is "gala", the start of "galaxy".
    """
    start = text.fold(typed)
    if not _SHORTEST <= len(start) <= LONGEST or start.isdigit() or text.is_han(start):
        return None
    terms = index.postings.starting_with(start[0])
    starts: dict[str, int] = {}
    frequencies = index.postings.frequencies(terms)
    for at, term in enumerate(index.postings.vocabulary[terms.start : terms.stop]):
        if " " not in term and len(term) >= len(start) - 1 and term.isalnum():
            for length in (len(start) - 1, len(start), len(start) + 1):
                begins = term[:length]
                starts[begins] = starts.get(begins, 0) + int(frequencies[at])
    near = extract(start, list(starts), scorer=OSA.distance, score_cutoff=1, limit=None, processor=None)
    likely = sorted((int(distance), -starts[begins], begins) for begins, distance, _at in near if begins != start)
    return likely[0][-1] if likely else None
