"""From typed words to matching products.

All words must match, within one variant. When they do not, words are joined, corrected by a small edit, and in the end
those of the best product are kept and the rest is dropped. What was corrected or dropped is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from itertools import pairwise

import numpy as np

from plugins.guided_search import loops, scoring
from plugins.guided_search.analysis import CODE, WEAK, shingle
from plugins.guided_search.index import Index
from plugins.guided_search.postings import EMPTY, NO_ROWS, WHOLE, Hits, Masks, Rows, both, has
from plugins.guided_search.reading import Reader, Reading, Word
from plugins.guided_search.scoring import Scores, rarity
from plugins.guided_search.spelling import SHORT, corrections
from plugins.guided_search.words import Need, Synonyms

# In a search that finds nothing whole, products of another kind than the one meant count so much.
OTHER_KIND_COVERAGE = 0.4
# A bare number says little without the name that it belongs to.
NUMBER_COVERAGE = 0.4
# The word that names the kind is worth so much of its rarity.
KIND_WORD_COVERAGE = 2.0
# Behind at most so many results, at most so many are shown that have at least this share of the words' worth.
FEW_RESULTS, NEARBY, NEARBY_SHARE = 5, 12, 0.5
BEHIND = 0.9
# Texts longer than that are not asked again.
LONGEST_KEPT = 200
# How many results are few enough to propose another spelling.
FEW = 2
PROPOSAL_GAIN = 10


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what was searched for, or might be, instead; `dropped` words were left out."""

    original: str
    corrected: str
    dropped: tuple[str, ...] = ()
    applied: bool = True


@dataclass(slots=True)
class Match:
    """The rows that match, ascending, with a score each; `masks` are WHOLE when all their variants do. Never changed
    once made.

    `reading` and `words` say how the scores came about.
    """

    rows: Rows
    scores: Scores
    masks: Masks = field(default_factory=lambda: WHOLE)
    correction: Correction | None = None
    reading: Reading = field(default_factory=lambda: Reading(""))
    words: Sequence[Word] = ()
    # Which of the rows only come near what was typed, ascending.
    near: Rows = field(default_factory=lambda: NO_ROWS)


def match(
    index: Index,
    typed: str,
    *,
    synonyms: Synonyms | None = None,
    typing: bool = False,
    verbatim: bool = False,
    nearby: bool = False,
    steps: frozenset[str] | None = None,
) -> Match:
    """The products that match what was typed; all of them for a blank text, none for one that says nothing.

    `typing` reads the last word as the start of a longer one even when it is a word by itself. `verbatim` corrects and
    drops nothing. `nearby` puts a few products that have most of the words behind the few that have all. `steps` leaves
    out what is not in it, to see what each is worth.
    """
    if not typed.strip():
        return Match(index.rows, scoring.browsing(index))
    place = index.place(typed.strip())
    if place is not None:
        row, mask = np.array([place[0]], np.int32), np.array([place[1]], np.uint64)
        return Match(row, np.full(1, CODE, np.float32), mask)
    key = (typed, typing, verbatim, nearby)
    known = index.remembered.get(key, synonyms) if steps is None else None
    if known is not None:
        return known
    matcher = _Matcher(index, Reader(index, synonyms, typing=typing, steps=steps), verbatim)
    found = matcher.match(typed)
    if nearby and not verbatim:
        found = matcher.with_nearby(found)
    if steps is None and len(typed) <= LONGEST_KEPT:
        index.remembered.put(key, synonyms, found)
    return found


class _Matcher:
    """One text on its way through the attempts."""

    def __init__(self, index: Index, reader: Reader, verbatim: bool) -> None:
        self.index, self.reader, self.verbatim = index, reader, verbatim

    def match(self, typed: str) -> Match:
        reading = self.reader.read(typed)
        self._names_or_needs(reading)
        words, (rows, _weights, masks) = self._attempts(reading)
        rows, masks = self._bounded(reading.needs, rows, masks)
        rows, masks = self._side_by_side(reading, rows, masks)
        scores = scoring.scores(self.index, self.reader, reading, words, rows)
        correction = self._correction(reading, words) or self._proposal(reading, words, len(rows))
        return Match(rows, scores, masks, correction, reading, [*words, *reading.aside])

    def with_nearby(self, found: Match) -> Match:
        """With products behind it that have most of the words, where few have all."""
        if not 0 < len(found.rows) <= FEW_RESULTS or not self.reader.does("nearby"):
            return found
        words = [word for word in found.words if word not in found.reading.aside]
        # Quotes and bounds are meant as they stand.
        if len(words) < 2 or found.reading.phrases or any(need.is_bound for need in found.reading.needs):
            return found
        rows, covered = self._most_covered(found.reading, words, found.rows)
        if not len(rows):
            return found
        scores = covered * (np.float32(BEHIND) * found.scores.min())
        all_rows, all_scores, masks = loops.join(found.rows, found.scores, found.masks, rows, scores, WHOLE, 1.0)
        return replace(found, rows=all_rows, scores=all_scores, masks=masks, near=rows)

    def _attempts(self, reading: Reading) -> tuple[list[Word], Hits]:
        """The words that the result stands for, and where they meet."""
        words = reading.needed
        if not words:
            return [], self._of_kind(reading)
        met = self._meet(words)
        if len(met.docs) and not self.verbatim and self._only_mentioned(words, met):
            return self._relaxed(reading, words)
        if not len(met.docs) and self.reader.does("compounds"):
            joined = self.reader.joined(reading.tokens)
            if joined:
                met = self._meet(joined)
                words = joined if len(met.docs) else words
        if not len(met.docs) and not self.verbatim and self.reader.does("typos"):
            heard = self.reader.heard(reading.tokens)
            met = self._meet(heard) if heard else met
            words = heard if heard and len(met.docs) else self._corrected(words)
            met = met if len(met.docs) else self._meet(words)
        if not len(met.docs) and all(word.known for word in words):
            met = self._meet(words, loosely=True)
        if not len(met.docs) and not self.verbatim:
            words, met = self._relaxed(reading, [word for word in words if word.known])
        return words, met

    def _only_mentioned(self, words: Sequence[Word], met: Hits) -> bool:
        """Whether words that are names elsewhere meet only where a description mentions one of them."""
        return not met.weights[0] > WEAK and all(word.naming for word in words)

    def _names_or_needs(self, reading: Reading) -> None:
        """A word such as "compact" stands in names: it names a need only when no name with the others has it."""
        for word, need in reading.ambiguous:
            met = self._meet([*reading.needed, word], strong=True)
            if len(met.docs) and reading.needed:
                reading.needed.append(word)
            else:
                reading.needs.append(need)

    def _of_kind(self, reading: Reading) -> Hits:
        """Nothing but needs was typed: everything of the kind that has them; nothing at all finds nothing."""
        if not reading.needs:
            return EMPTY
        rows = self.index.rows
        if reading.meant in self.index.kinds:
            rows = rows[self.index.kind[rows] == self.index.kinds.index(reading.meant)]
        return Hits(rows, np.zeros(len(rows), np.float32))

    def _meet(self, words: Sequence[Word], *, loosely: bool = False, strong: bool = False) -> Hits:
        """Rows where all words match in one variant (or, `loosely`, in any); outside descriptions if there are any."""
        if not words:
            return EMPTY
        met = words[0].hits
        if len(words) > 1:
            met = reduce(both, sorted([word.hits for word in words], key=_rows_of))
        if not len(met.docs):
            return EMPTY
        masks = WHOLE if loosely else met.masks
        return Hits(*loops.named(met.docs, met.weights, masks, self.index.valid, WEAK, strong))

    def _corrected(self, words: Sequence[Word]) -> list[Word]:
        """Unknown words as the known ones they are likely to be, those that meet the others before the rest."""
        known = [word for word in words if word.known]
        found: list[Word] = []
        for word in words:
            if word.known:
                found.append(word)
                continue
            better = self._best_correction(word, known)
            found.append(better or word)
            if better:
                known.append(better)
        return found

    def _best_correction(self, word: Word, others: Sequence[Word]) -> Word | None:
        """The likeliest spelling that goes with the other words; a short word alone may mean anything."""
        first: Word | None = None
        for term in corrections(self.index, word.typed, self.reader.synonyms):
            candidate = self.reader.word(term, typed=word.typed, shown=self.index.written(term))
            if len(word.typed) < SHORT and not candidate.naming:
                continue
            if others and len(self._meet([*others, candidate]).docs):
                return candidate
            if (len(word.typed) >= SHORT and not word.typed.isdigit()) or self._sounds_so(word, term):
                first = first or candidate
        return first

    def _sounds_so(self, word: Word, term: str) -> bool:
        """Whether a word that is short is said like another one: then it need not stand beside others."""
        return any(wholly and term == other for wholly, _written, other in self.index.sounds.like(word.typed))

    def _relaxed(self, reading: Reading, known: list[Word]) -> tuple[list[Word], Hits]:
        """The words of the products that have most of them, rare words counting more."""
        if not known:
            return [], self._of_kind(reading)
        covered = self._covered(known, [self._worth(reading, word) for word in known])
        rows = np.concatenate([word.hits.docs for word in known])
        best = loops.most_covered(covered, rows, self.index.kind, self._kind_share(reading), self.index.tie)
        kept = [word for word in known if has(word.hits, best)]
        met = self._meet(kept)
        return kept, met if len(met.docs) else self._meet(kept, loosely=True)

    def _most_covered(self, reading: Reading, words: Sequence[Word], exact: Rows) -> tuple[Rows, Scores]:
        """The NEARBY rows beside the exact ones that have most of the words' worth, NEARBY_SHARE of it at least,
        ascending, and their share."""
        worths = [self._worth(reading, word) for word in words]
        whole = sum(worths)
        covered = self._covered(words, [worth / whole for worth in worths])
        rows = np.concatenate(_enough([word.hits.docs for word in words], worths, NEARBY_SHARE * whole))
        found: tuple[Rows, Scores] = loops.covering(
            covered, rows, self.index.kind, self._kind_share(reading), NEARBY_SHARE, exact, self.index.tie, NEARBY
        )
        return found

    def _covered(self, words: Sequence[Word], worths: Sequence[float]) -> Scores:
        """How much of what was typed each product has."""
        covered = np.zeros(self.index.size, np.float32)
        for word, worth in zip(words, worths, strict=True):
            loops.cover(covered, word.hits.docs, word.hits.weights, worth, WEAK)
        return covered

    def _worth(self, reading: Reading, word: Word) -> float:
        """How much it says that a product has a word."""
        worth = rarity(self.index, word)
        if word.terms[0].isdigit():
            worth *= NUMBER_COVERAGE
        return worth * KIND_WORD_COVERAGE if word.kind == reading.meant is not None else worth

    def _kind_share(self, reading: Reading) -> Scores:
        """What a product's words count by its kind."""
        return _kind_shares(tuple(self.index.kinds), reading.meant if self.reader.does("kind") else None)

    def _bounded(self, needs: Sequence[Need], rows: Rows, masks: Masks) -> tuple[Rows, Masks]:
        """Only variants within the bounds of price that were typed."""
        dimension = self.index.columns.dimensions.get("price")
        for need in needs:
            if dimension is None or not need.is_bound:
                continue
            own = self.index.columns.between(dimension, rows, need.at_least, need.at_most)
            left = loops.both_masks(masks, own, rows, self.index.valid)
            places = loops.present(left)
            rows, masks = rows[places], left[places]
        return rows, masks

    def _side_by_side(self, reading: Reading, rows: Rows, masks: Masks) -> tuple[Rows, Masks]:
        """Only products in whose names the words of a quoted phrase stand side by side."""
        for phrase in reading.phrases:
            for one, other in pairwise(phrase):
                there = loops.within(rows, self.index.postings.hits(shingle(one, other)).docs)
                rows, masks = rows[there], masks[there] if len(masks) else WHOLE
        return rows, masks

    def _correction(self, reading: Reading, words: Sequence[Word]) -> Correction | None:
        if words is reading.needed and not reading.shortened and all(word.shown == word.typed for word in words):
            return None
        kept = {word.typed for word in words}
        dropped = tuple(word.typed for word in reading.needed if word.typed not in kept and not _within(word, words))
        changed = reading.shortened or bool(dropped) or any(word.shown != word.typed for word in words)
        if not changed or not words:
            return None
        return Correction(reading.typed, _written(reading, words), dropped)

    def _proposal(self, reading: Reading, words: Sequence[Word], found: int) -> Correction | None:
        """Another spelling that finds much more than the few that this one finds."""
        if found == 0 or found > FEW or self.verbatim or not self.reader.does("typos"):
            return None
        for at, word in enumerate(words):
            if len(word.terms) > 1 or len(word.hits.docs) > FEW or not word.terms[0].isalpha():
                continue
            for term in corrections(self.index, word.typed, self.reader.synonyms)[:1]:
                other = self.reader.word(term, typed=word.typed, shown=self.index.written(term))
                others = [*words[:at], other, *words[at + 1 :]]
                if len(self._meet(others).docs) >= PROPOSAL_GAIN * found:
                    return Correction(reading.typed, _written(reading, others), applied=False)
        return None


@lru_cache(maxsize=200)
def _kind_shares(kinds: tuple[str, ...], meant: str | None) -> Scores:
    shares = [1.0 if meant not in kinds or kind == meant else OTHER_KIND_COVERAGE for kind in kinds]
    return np.array(shares or [1.0], np.float32)


def _rows_of(hits: Hits) -> int:
    return len(hits.docs)


def _enough(docs: Sequence[Rows], worths: Sequence[float], least: float) -> list[Rows]:
    """Lists that leave out no row with so much worth: what is left out is not worth it together."""
    found: list[Rows] = []
    left_out = 0.0
    for rows, worth in sorted(zip(docs, worths, strict=True), key=lambda item: -len(item[0])):
        if left_out + worth < least:
            left_out += worth
        else:
            found.append(rows)
    return found


def _within(word: Word, words: Sequence[Word]) -> bool:
    """Whether a word was joined into another one."""
    return any(word.typed in other.typed.split(" ") for other in words)


def _written(reading: Reading, words: Sequence[Word]) -> str:
    """The words, the kinds that were set aside among them, in the order in which they were typed."""
    places = {token.raw: at for at, token in enumerate(reading.tokens)}
    found = [*words, *(word for word in reading.aside if word.known)]
    found.sort(key=lambda word: places.get(word.typed, places.get(word.typed.split(" ")[0], len(places))))
    return " ".join(word.shown for word in found)
