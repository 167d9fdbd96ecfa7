"""From typed words to matching slots and scores.

All words must match, within one variant. A word that the index does not know is read as the start of a word (the last
one), taken apart ("iphone12"), or corrected by a small edit. When the words never meet, those of the best product are
kept and the rest is dropped. What was corrected or dropped is told.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from plugins.guided_search import bits, text, words
from plugins.guided_search.index import CODE, Index

MAX_TERMS = 12
PREFIX_TERMS = 60
_PREFIX_DISCOUNT = 0.6
_SYNONYM_DISCOUNT = 0.8
_NAME_BONUS = 20.0
# Letters and digits that are taken for each other before anything else is.
_LOOKALIKES = frozenset(map(frozenset, ("1l", "1i", "0o", "5s", "2z", "8b")))


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what was searched for instead."""

    original: str
    corrected: str


@dataclass(slots=True)
class Match:
    """The slots that match a text, a score per product position, and what was corrected."""

    slots: int
    scores: dict[int, float] = field(default_factory=dict)
    correction: Correction | None = None


@dataclass(slots=True)
class _Word:
    """One word as the index reads it: terms with a discount each, any of which may stand for it."""

    shown: str
    alternatives: dict[str, float]
    slots: int
    strong: int
    corrected: bool = False


def match(index: Index, typed: str, *, typing: bool = False) -> Match:
    """The products that match what was typed; all of them for a blank text, none for one that says nothing.

    `typing` reads the last word as the start of a longer one even when it is a word by itself.
    """
    if not typed.strip():
        return Match(index.everything)
    code = index.codes.get(text.fold(typed.strip()))
    if code is not None:
        return Match(1 << code, {code % index.size: CODE})
    tokens = text.query_tokens(typed)
    shortened = len(tokens) > MAX_TERMS
    tokens = tokens[:MAX_TERMS]
    tokens, aside = _kind_words_aside(index, tokens)
    found = [_read(index, token, last=number == len(tokens) - 1, typing=typing) for number, token in enumerate(tokens)]
    slots = _meet(index, found)
    if not slots:
        joined = _joined(index, tokens)
        slots = _meet(index, joined) if joined else 0
        found = joined if joined and slots else found
    if not slots:
        found = [word or _corrected(index, token) for word, token in zip(found, tokens, strict=True)]
        slots = _meet(index, found)
    known = [word for word in found if word]
    dropped = shortened or len(known) < len(found)
    if not slots and known:
        kept = _best_subset(index, known)
        dropped = dropped or len(kept) < len(known)
        known, slots = kept, _meet_loosely(index, kept)
    changed = dropped or any(word.corrected for word in known)
    correction = Correction(typed.strip(), " ".join(word.shown for word in known)) if changed and known else None
    return Match(slots, _scores(index, [*known, *aside], slots), correction)


def _kind_words_aside(index: Index, tokens: list[text.Token]) -> tuple[list[text.Token], list[_Word]]:
    """In "phone case" a case is meant: "phone" need not match, but counts where it does."""
    kinds = {token.term: words.KIND_WORDS[token.term] for token in tokens if token.term in words.KIND_WORDS}
    meant = next((kind for kind in words.KIND_ORDER if kind in kinds.values()), None)
    needed = [token for token in tokens if kinds.get(token.term, meant) == meant]
    aside = [token.term for token in tokens if token not in needed and token.term in index.weights]
    return needed, [_word(index, term, {term: 1.0}) for term in aside]


def _read(index: Index, token: text.Token, *, last: bool, typing: bool) -> _Word | None:
    term = token.term
    alternatives = {term: 1.0} if term in index.weights else {}
    for synonym in words.SYNONYMS.get(term, ()):
        if synonym in index.weights:
            alternatives[synonym] = _SYNONYM_DISCOUNT
    if last and (typing or not alternatives):
        # The stem of a word being typed may have lost its last letter: "galaxies" is no start of anything.
        for start in {term, text.fold(token.raw)} if " " not in token.raw else {term}:
            for longer in index.starting_with(start, PREFIX_TERMS):
                alternatives.setdefault(longer, _PREFIX_DISCOUNT)
    if alternatives:
        return _word(index, token.raw, alternatives)
    return _taken_apart(index, token)


def _word(index: Index, shown: str, alternatives: dict[str, float], *, corrected: bool = False) -> _Word:
    slots = reduce(or_, (index.term_slots[term] for term in alternatives), 0)
    strong = reduce(or_, (index.strong_slots.get(term, 0) for term in alternatives), 0)
    return _Word(shown, alternatives, slots, strong, corrected)


def _taken_apart(index: Index, token: text.Token) -> _Word | None:
    """Two words written as one; the product must have both."""
    best, best_slots = "", 0
    for cut in range(1, len(token.term)):
        left, right = text.stem(token.term[:cut]), text.stem(token.term[cut:])
        slots = index.term_slots.get(left, 0) & index.term_slots.get(right, 0)
        # One letter alone parts anything from anything, unless the other half is a number ("z5").
        if slots and (min(len(left), len(right)) > 1 or left.isdigit() or right.isdigit()) and len(left) > len(best):
            best, best_slots = left, slots
    return _Word(token.raw, {best: 1.0}, best_slots, best_slots) if best else None


def _joined(index: Index, tokens: Sequence[text.Token]) -> list[_Word | None] | None:
    """The words with neighbours written as one where the index knows them so ("one plus"); None when nowhere."""
    found: list[_Word | None] = []
    position, joined = 0, False
    while position < len(tokens):
        pair = tokens[position : position + 2]
        together = text.stem("".join(text.fold(token.raw) for token in pair))
        if len(pair) == 2 and together in index.weights:
            found.append(_word(index, " ".join(token.raw for token in pair), {together: 1.0}))
            position, joined = position + 2, True
        else:
            found.append(_read(index, tokens[position], last=position == len(tokens) - 1, typing=False))
            position += 1
    return found if joined else None


def _corrected(index: Index, token: text.Token) -> _Word | None:
    term = token.term
    if len(term) < (4 if term.isalpha() else 3) or term.isdigit():
        return None
    limit = 2 if len(term) >= 8 else 1
    near = [
        (distance, *_unlikeliness(term, candidate), -index.frequency(candidate), candidate)
        for candidate in index.near(term, limit)
        if (distance := text.edit_distance(term, candidate, limit)) <= limit
    ]
    if not near:
        return None
    best = min(near)[-1]
    return _word(index, index.surface[best], {best: 1.0}, corrected=True)


def _unlikeliness(typed: str, candidate: str) -> tuple[bool, bool]:
    differing = [frozenset(pair) for pair in zip(typed, candidate, strict=False) if pair[0] != pair[1]]
    lookalike = len(typed) == len(candidate) and len(differing) == 1 and differing[0] in _LOOKALIKES
    return not lookalike, typed[0] != candidate[0]


def _meet(index: Index, found: Sequence[_Word | None]) -> int:
    """Slots where all words match, those outside descriptions if there are any; none when a word is unknown."""
    if not found or not all(found):
        return 0
    strong = reduce(and_, (word.strong for word in found if word), index.everything)
    return strong or reduce(and_, (word.slots for word in found if word), index.everything)


def _meet_loosely(index: Index, found: Sequence[_Word]) -> int:
    """Slots where all words match or, when only different variants of a product have them, all of that product."""
    slots = _meet(index, found)
    if slots:
        return slots
    return index.spread(reduce(and_, (index.fold(word.slots) for word in found)))


def _best_subset(index: Index, known: Sequence[_Word]) -> list[_Word]:
    """The words of the product that has most of them, rare words counting more."""
    scores: dict[int, float] = {}
    products = [index.fold(word.slots) for word in known]
    for positions in products:
        rarity = _rarity(index, positions.bit_count())
        for position in bits.members(positions):
            scores[position] = scores.get(position, 0.0) + rarity
    best = max(scores, key=lambda position: (scores[position], -position))
    return [word for word, positions in zip(known, products, strict=True) if positions >> best & 1]


def _rarity(index: Index, frequency: int) -> float:
    return math.log(1 + index.size / (frequency or 1))


def _scores(index: Index, known: Sequence[_Word], slots: int) -> dict[int, float]:
    positions = list(bits.members(index.fold(slots)))
    scores = dict.fromkeys(positions, 0.0)
    for word in known:
        rarity = _rarity(index, index.count(word.slots))
        for position, weight in _weights(index, word).items():
            if position in scores:
                scores[position] += rarity * weight
    asked = {term for word in known for term, discount in word.alternatives.items() if discount == 1.0}
    meant = _kind_meant(index, asked)
    for position in positions:
        own = index.name_terms[position]
        bonus = _NAME_BONUS * len(asked & own) / len(own) if own else 0.0
        scores[position] = (scores[position] + bonus) * _kind_factor(index.products[position].kind, meant)
    return scores


def _weights(index: Index, word: _Word) -> Mapping[int, float]:
    best: dict[int, float] = {}
    for term, discount in word.alternatives.items():
        for position, weight in index.weights[term].items():
            best[position] = max(best.get(position, 0.0), weight * discount)
    return best


def _kind_meant(index: Index, asked: set[str]) -> str | None:
    kinds = {words.KIND_WORDS.get(term) or index.kind_words.get(term) for term in asked}
    return next((kind for kind in words.KIND_ORDER if kind in kinds), None)


def _kind_factor(kind: str, meant: str | None) -> float:
    if meant is None:
        return words.KIND_FACTOR.get(kind, words.KIND_FACTOR["OTHER"])
    return words.MEANT_FACTOR if kind == meant else words.OTHER_FACTOR
