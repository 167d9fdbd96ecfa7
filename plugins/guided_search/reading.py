"""What a person typed, as the index reads it: words that must match, words that help, needs, bounds of price.

A word stands for all that it may be written as: synonyms, the start of a longer word, two words in one, one in two.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from itertools import groupby

from plugins.guided_search import chinese, compounds, loops, spelling, text, words
from plugins.guided_search.analysis import CATEGORY
from plugins.guided_search.index import Index
from plugins.guided_search.postings import EMPTY, Hits, both, union
from plugins.guided_search.text import Token
from plugins.guided_search.words import Need, Phrase, Synonyms

MAX_TERMS = 12
PREFIX_FACTOR = 0.6
SYNONYM_FACTOR = 0.8
_QUOTED = re.compile(r'"([^"]{2,})"|\u201c([^\u201d]{2,})\u201d')
_QUOTE = re.compile(r'["\u201c]')
_LONE_LETTER = re.compile(r"\b(\d{1,4})\s+([ai])\b", re.IGNORECASE)
_BOUND_WORDS = frozenset(written.split(" ")[0] for written in (*words.UPPER_BOUND, *words.LOWER_BOUND))
# What a number after "under" must at least be to be a price.
_LEAST_PRICE = 10


@dataclass(slots=True, eq=False)
class Word:
    """One word that was typed, or several that belong together, and where it is found. Never changed once made.

    `shown` differs from `typed` when it was corrected.
    """

    typed: str
    terms: Phrase
    hits: Hits
    shown: str
    # The kind of product that it asks for: found in every name of some makers, it says nothing about one of them.
    kind: str | None = None

    @property
    def generic(self) -> bool:
        """Whether it names a kind so broad that a name which holds it is none the better: "phone", "plan"."""
        return self.kind is not None and self.kind != "ACCESSORY"

    @property
    def known(self) -> bool:
        """Whether any product has it."""
        return len(self.hits.docs) > 0

    @property
    def naming(self) -> bool:
        """Whether it stands in a name, a brand or a category of any product."""
        return self.known and bool(self.hits.weights.max() >= CATEGORY)


@dataclass(slots=True)
class Reading:
    """A text as the index reads it. `needed` must match; `aside` counts where it matches."""

    typed: str
    needed: list[Word] = field(default_factory=list)
    aside: list[Word] = field(default_factory=list)
    # Words that may name a need or stand in a name: tried as a name first.
    ambiguous: list[tuple[Word, Need]] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    meant: str | None = None
    shortened: bool = False
    # Terms that must stand side by side.
    phrases: list[Phrase] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)


class Reader:
    """Reads texts with one index and one set of synonyms; `typing` takes the last word for the start of one."""

    def __init__(
        self,
        index: Index,
        synonyms: Synonyms | None = None,
        *,
        typing: bool = False,
        steps: frozenset[str] | None = None,
    ) -> None:
        self.index, self.typing, self.steps = index, typing, steps
        self.synonyms = words.synonyms() if synonyms is None else synonyms
        self._lexicon = index.lexicon(self.synonyms)
        # One text is read several ways: its words are looked up once.
        self._known: dict[Phrase, Hits] = {}

    def does(self, step: str) -> bool:
        """Whether a step is taken; all are but in a comparison of them."""
        return self.steps is None or step in self.steps

    def read(self, typed: str) -> Reading:
        """Everything that the text says."""
        reading = Reading(typed.strip())
        if _QUOTE.search(typed):
            reading.phrases = [tuple(text.terms(one or other)) for one, other in _QUOTED.findall(typed)]
        tokens = self.tokens(typed)
        reading.shortened = len(tokens) > MAX_TERMS
        reading.tokens = tokens = tokens[:MAX_TERMS]
        kinds: list[tuple[str, Word]] = []
        described = _described_by(typed)
        for phrase, part in self._parts(tokens, reading):
            # In "phone with stylus" a phone is meant, whatever it comes with.
            kind = None if kinds and part[0].raw in described else self._kind(phrase)
            word = self._word(phrase, part, last=part[-1] is tokens[-1], kind=kind)
            if kind is None:
                reading.needed.append(word)
            else:
                kinds.append((kind, word))
        reading.meant = _first_of({kind for kind, _word in kinds}) if kinds else self._meant_by_category(reading.needed)
        # In "phone case" a case is meant: "phone" need not match, but counts where it does.
        for kind, word in kinds:
            if kind == reading.meant:
                word = self._of_kind(word, kind)
            (reading.needed if kind == reading.meant else reading.aside).append(word)
        self._nothing_but_needs(reading)
        return reading

    def tokens(self, typed: str) -> list[Token]:
        """The terms of what was typed, runs of Chinese characters taken apart into words that are known."""
        found: list[Token] = []
        plain = _QUOTED.sub(r" \1\2 ", typed) if _QUOTE.search(typed) else typed
        tokens = text.query_tokens(self._models_joined(plain))
        if typed.isascii():
            return tokens
        for token in tokens:
            if text.is_han(token.term):
                found += [Token(word, word) for word in chinese.segmented(token.term, self._is_known)]
            else:
                found.append(token)
        return found

    def _models_joined(self, typed: str) -> str:
        """ "Pixel 8 a" as "pixel 8a", where there is one: "a" alone would not be looked for."""
        return _LONE_LETTER.sub(
            lambda found: found[1] + found[2] if self._is_known(found[1] + found[2]) else found[0], typed
        )

    def word(self, term: str, *, typed: str, shown: str) -> Word:
        """The word of one term, with its synonyms."""
        return Word(typed, (term,), self._alternatives((term,)), shown)

    def joined(self, tokens: Sequence[Token]) -> list[Word] | None:
        """The words with neighbours written as one where the index knows them so ("one plus"); None when nowhere."""
        found: list[Word] = []
        at, joined = 0, False
        while at < len(tokens):
            pair = tokens[at : at + 2]
            together = text.stem("".join(text.fold(token.raw) for token in pair))
            if len(pair) == 2 and self.index.postings.frequency(together):
                written = " ".join(token.raw for token in pair)
                found.append(self.word(together, typed=written, shown=written))
                at, joined = at + 2, True
            else:
                found.append(self._word((tokens[at].term,), [tokens[at]], last=at == len(tokens) - 1))
                at += 1
        return found if joined else None

    def heard(self, tokens: Sequence[Token]) -> list[Word] | None:
        """The words with Chinese characters that make no word as the one that is read alike (花为 as 华为); None when
        nowhere."""
        found: list[Word] = []
        changed = False
        for alone, group in groupby(tokens, key=lambda token: text.is_han(token.raw) and len(token.raw) == 1):
            own = list(group)
            meant = self.index.sounds.homophone("".join(token.raw for token in own)) if alone else None
            if meant is None:
                found += [self._word((token.term,), [token], last=token is tokens[-1]) for token in own]
            else:
                found.append(self.word(meant, typed=" ".join(token.raw for token in own), shown=meant))
                changed = True
        return found if changed else None

    def _is_known(self, word: str) -> bool:
        phrase = (word,)
        return (
            word in self.index.postings.ids
            or phrase in self.synonyms
            or phrase in words.kind_phrases()
            or phrase in words.needs()
            or word in words.UPPER_AFTER | words.LOWER_AFTER
        )

    def _parts(self, tokens: Sequence[Token], reading: Reading) -> Iterator[tuple[Phrase, list[Token]]]:
        """Phrases that are known as such, else single words; needs and bounds of price are taken out."""
        at, kinds = 0, words.kind_phrases()
        needs: Mapping[Phrase, Need] = words.needs() if self.does("needs") else {}
        while at < len(tokens):
            bound = _bound(tokens, at) if needs else None
            if bound:
                need, length = bound
                reading.needs.append(need)
                at += length
                continue
            if self._is_model(tokens, at):
                pair = tokens[at : at + 2]
                yield ("".join(token.raw for token in pair),), list(pair)
                at += 2
                continue
            for length in range(min(self._lexicon.longest.get(tokens[at].term, 1), len(tokens) - at), 0, -1):
                part = list(tokens[at : at + length])
                phrase = tuple([token.term for token in part])
                if phrase in needs:
                    self._need(needs[phrase], part, reading)
                    break
                if length == 1 or phrase in self.synonyms or phrase in kinds:
                    yield phrase, part
                    break
            at += length

    def _of_kind(self, word: Word, kind: str) -> Word:
        """The word where it is about that kind: a phone with stereo speakers is no speaker, a phone case no phone."""
        if kind not in self.index.kinds:
            return word
        own = self.index.kind[word.hits.docs] == self.index.kinds.index(kind)
        return replace(word, hits=Hits(*loops.kept(*word.hits, own)))

    def _is_model(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a letter and a number are a model's name written apart here: "s 23", "8 a"."""
        if at + 1 >= len(tokens):
            return False
        one, other = tokens[at].raw, tokens[at + 1].raw
        letters = (len(one) == 1 and one.isalpha()) + (len(other) == 1 and other.isalpha())
        if letters != 1 or not (one[0].isdigit() or other[0].isdigit()) or not self.does("compounds"):
            return False
        return one + other in self.index.postings.ids

    def _need(self, need: Need, part: list[Token], reading: Reading) -> None:
        phrase = tuple(token.term for token in part)
        if self.index.postings.frequency(phrase[0]) and len(phrase) == 1:
            reading.ambiguous.append((self._word(phrase, part, last=False), need))
        else:
            reading.needs.append(need)

    def _nothing_but_needs(self, reading: Reading) -> None:
        """ "Good camera" alone asks for what has one; "cheap plan" is about the plan."""
        if reading.meant is None and not reading.needed:
            kinds = [need.kind for need in reading.needs if need.kind]
            reading.meant = kinds[0] if kinds else None
            if reading.meant == "DEVICE":
                reading.aside.append(replace(self.word("phone", typed="", shown=""), kind="DEVICE"))

    def _kind(self, phrase: Phrase) -> str | None:
        return words.kind_phrases().get(phrase) if self.does("kind") else None

    def _meant_by_category(self, needed: Iterable[Word]) -> str | None:
        if not self.does("kind"):
            return None
        known = self.index.kind_words
        return _first_of({known[term] for word in needed for term in word.terms if term in known})

    def _word(self, phrase: Phrase, part: list[Token], *, last: bool, kind: str | None = None) -> Word:
        hits = self._alternatives(phrase)
        if len(part) == 1:
            shown = part[0].raw
            if last and (self.typing or not len(hits.docs)):
                hits = self._started(part[0], hits)
            if not len(hits.docs) and self.does("compounds"):
                hits = self._taken_apart(text.fold(shown))
        else:
            shown = " ".join([token.raw for token in part])
            if len(part) > len(phrase):
                apart = self._all_of(tuple([token.term for token in part]))
                hits = union([(hits, 1.0), (apart, SYNONYM_FACTOR)])
        return Word(shown, phrase, hits, shown, kind)

    def _alternatives(self, phrase: Phrase) -> Hits:
        others = self.synonyms.get(phrase) if self.does("synonyms") else None
        known = self._lexicon.found if others else self._known
        found = known.get(phrase)
        if found is None:
            found = self._all_of(phrase)
            if others:
                found = union([(found, 1.0), *((self._all_of(other), SYNONYM_FACTOR) for other in others)])
            known[phrase] = found
        return found

    def _all_of(self, phrase: Phrase) -> Hits:
        hits = self.index.postings.hits
        return hits(phrase[0]) if len(phrase) == 1 else reduce(both, map(hits, phrase))

    def _started(self, token: Token, hits: Hits) -> Hits:
        # The stem of a word being typed may have lost its last letter: "galaxies" is no start of anything.
        starts = {token.term, text.fold(token.raw)} if " " not in token.raw else {token.term}
        found = [(hits, 1.0)]
        found += [(self.index.started(start), PREFIX_FACTOR) for start in starts]
        return union(found)

    def _taken_apart(self, written: str) -> Hits:
        """Two words written as one, or more; the product must have all of them."""
        best, length = EMPTY, 0
        if len(written) > spelling.LONGEST:
            return best
        hits: Callable[[str], Hits] = self.index.postings.hits
        for cut in range(1, len(written)):
            if written[cut - 1].isdigit() and written[cut].isdigit():
                continue
            left, right = text.stem(written[:cut]), text.stem(written[cut:])
            # One letter alone parts anything from anything, unless the other half is a number ("z5").
            if min(len(left), len(right)) == 1 and not left.isdigit() and not right.isdigit():
                continue
            if len(left) > length and left in self.index.postings.ids and right in self.index.postings.ids:
                found = both(hits(left), hits(right))
                if len(found.docs):
                    best, length = found, len(left)
        return best if len(best.docs) else compounds.of_many(written, self.index) or best


def _first_of(kinds: Collection[str]) -> str | None:
    """Which of these kinds is meant."""
    return next((kind for kind in words.KIND_ORDER if kind in kinds), None) if kinds else None


def _described_by(typed: str) -> frozenset[str]:
    """The words after "with"."""
    _before, found, after = text.fold(typed).partition(" with ")
    return frozenset(token.raw for token in text.tokens(after)) if found else frozenset()


def _bound(tokens: Sequence[Token], at: int) -> tuple[Need, int] | None:
    """A bound of the price that begins at this token, and how many of them say it."""
    first = tokens[at].raw
    if first not in _BOUND_WORDS and not first[0].isdigit():
        return None
    tokens = tokens[at:]
    for length in (2, 1):
        written = " ".join(token.raw for token in tokens[:length])
        number = _price(tokens[length]) if len(tokens) > length else None
        if number is None:
            continue
        if written in words.UPPER_BOUND:
            return Need("price", more=False, kind="", at_most=number), length + 1
        if written in words.LOWER_BOUND:
            return Need("price", kind="", at_least=number), length + 1
    number = _price(tokens[0])
    if number is None or len(tokens) < 2:
        return None
    after = tokens[1].raw.removeprefix("元")
    if after == "" and len(tokens) > 2:
        after = tokens[2].raw
    length = 2 if tokens[1].raw != "元" else 3
    if after in words.UPPER_AFTER:
        return Need("price", more=False, kind="", at_most=number), length
    return (Need("price", kind="", at_least=number), length) if after in words.LOWER_AFTER else None


def _price(token: Token) -> Decimal | None:
    number = text.decimal_of(token.term)
    return number if number is not None and number >= _LEAST_PRICE else None
