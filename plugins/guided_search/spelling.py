"""What a word that no product has was probably meant to be."""

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from plugins.guided_search import text
from plugins.guided_search.index import Index

CANDIDATES = 8
# Shorter words are too near to too many others.
_SHORTEST_WORD, _SHORTEST_CODE = 4, 3
_LONG = 8
# Letters and digits that are taken for each other before anything else is.
_LOOKALIKES = frozenset(map(frozenset, ("1l", "1i", "0o", "5s", "2z", "8b")))


def corrections(index: Index, term: str) -> list[str]:
    """Known terms that `term` may be a slip of, the likeliest first; none for numbers and for what is too short."""
    shortest = _SHORTEST_WORD if term.isalpha() else _SHORTEST_CODE
    if len(term) < shortest or term.isdigit() or text.is_han(term):
        return []
    limit = 2 if len(term) >= _LONG else 1
    near = [
        (distance, *_unlikeliness(term, candidate), -index.postings.frequency(candidate), candidate)
        for distance, candidate in index.near(term, limit)
        if candidate != term
    ]
    return [found[-1] for found in sorted(near)[:CANDIDATES]]


def _unlikeliness(typed: str, candidate: str) -> tuple[bool, bool]:
    differing = [frozenset(pair) for pair in zip(typed, candidate, strict=False) if pair[0] != pair[1]]
    lookalike = len(typed) == len(candidate) and len(differing) == 1 and differing[0] in _LOOKALIKES
    return not lookalike, typed[0] != candidate[0]


def started(index: Index, typed: str) -> str | None:
    """The start of a known word that `typed` may be a slip of; None when nothing is near.

    The first letter is taken as right. "galx" is "gala", the start of "galaxy".
    """
    start = text.fold(typed)
    if len(start) < _SHORTEST_WORD or start.isdigit() or text.is_han(start):
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
