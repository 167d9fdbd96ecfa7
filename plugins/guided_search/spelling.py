"""What a word that no product has was probably meant to be."""

from itertools import pairwise
from math import log

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
_KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiou")
# What one edit costs by how likely a finger or an ear makes it; any other costs one.
LOOKALIKE, SWAPPED, DOUBLED, BESIDE, VOWEL, HEARD = 0.5, 0.7, 0.7, 0.8, 0.85, 0.9
# The first letter is seldom wrong.
FIRST = 0.15
# Of equally likely slips the frequent word was meant: e times as frequent outweighs so much of an edit.
FREQUENT = 0.06
# Words whose consonants alone sound alike are no further from each other than this.
_APART = 2


def _neighbours() -> frozenset[frozenset[str]]:
    rows = list(pairwise(_KEYBOARD))
    beside = [pair for row in _KEYBOARD for pair in pairwise(row)]
    below = [(one, lower[at]) for upper, lower in rows for at, one in enumerate(upper) if at < len(lower)]
    slanting = [(one, lower[at - 1]) for upper, lower in rows for at, one in enumerate(upper) if 0 < at <= len(lower)]
    return frozenset(map(frozenset, (*beside, *below, *slanting)))


_BESIDE = _neighbours()


def corrections(index: Index, typed: str, synonyms: Synonyms) -> list[str]:
    """Known terms that a word may be a slip of, the likeliest first; none for what is too short. A number may have two
    neighbouring digits swapped, no more.

    Words that only a synonym knows ("powerbank") count as known.
    """
    word = text.fold(typed)
    if word.isdigit():
        return _swapped(index, word)
    if not _SHORTEST <= len(word) <= LONGEST or " " in word or text.is_han(word):
        return []
    limit = 2 if len(word) >= _LONG else 1
    near = [
        (_cost(word, written, distance), term)
        for distance, written, term in index.near(word, limit)
        # Another form of the same word is no correction of it.
        if term != text.stem(word) and _is_slip(word, written)
    ]
    near += [
        (HEARD + (word[0] != written[0]) * FIRST + (not wholly), term)
        for wholly, written, term in index.sounds.like(word)
        if term != text.stem(word) and (wholly or OSA.distance(word, written, score_cutoff=_APART) <= _APART)
    ]
    alone = index.lexicon(synonyms).alone
    found = extract(word, alone, scorer=OSA.distance, score_cutoff=limit, limit=None, processor=None)
    likely = [(cost - FREQUENT * log(1 + index.postings.frequency(term)), term) for cost, term in near]
    likely += [(_cost(word, key, int(distance)), key) for key, distance, _at in found]
    return list(dict.fromkeys(term for _cost, term in sorted(likely)))[:CANDIDATES]


def _swapped(index: Index, number: str) -> list[str]:
    """Known numbers with two neighbouring digits in the other order, the most frequent first."""
    if not 2 <= len(number) <= LONGEST:
        return []
    swaps = {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(len(number) - 1)} - {number}
    known = [(-index.postings.frequency(other), other) for other in swaps if index.postings.frequency(other)]
    return [other for _frequency, other in sorted(known)]


def _cost(typed: str, written: str, distance: int) -> float:
    """How unlikely it is that a word was typed so."""
    cost = _of_one(typed, written) if distance == 1 else float(distance)
    return cost + (typed[0] != written[0]) * FIRST


def _of_one(typed: str, written: str) -> float:
    """What the one edit between two words costs."""
    at = next((at for at, (one, other) in enumerate(zip(typed, written, strict=False)) if one != other), -1)
    if len(typed) != len(written):
        # The letter that only the longer one has; at its end where all others are alike.
        longer = max(typed, written, key=len)
        at = at if at >= 0 else len(longer) - 1
        return DOUBLED if at and longer[at] == longer[at - 1] else 1.0
    if typed[at + 1 :] != written[at + 1 :]:
        return SWAPPED
    pair = frozenset((typed[at], written[at]))
    if pair in _LOOKALIKES:
        return LOOKALIKE
    if pair in _BESIDE:
        return BESIDE
    return VOWEL if pair <= _VOWELS else 1.0


def _is_slip(typed: str, written: str) -> bool:
    """Short words are near to so many others that not every nearness counts: a letter left out, two swapped, one of
    four mistaken."""
    if len(typed) >= SHORT or not typed.isalpha() or len(written) > len(typed):
        return True
    return len(written) == len(typed) and (len(typed) > _SHORTEST or sorted(typed) == sorted(written))


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
