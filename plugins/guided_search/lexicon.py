"""What one vocabulary says in one index: which words begin its phrases, and where a phrase with synonyms is found.

A vocabulary is small, so this is worked out once for each of its phrases, not for each text that holds one.
"""

from collections.abc import Container, Iterable
from functools import cached_property

from plugins.guided_search import words
from plugins.guided_search.postings import Hits
from plugins.guided_search.words import Phrase, Synonyms

PHRASE_LENGTH = 4


class Lexicon:
    """The phrases that `synonyms` and the trade's own words know, as an index with these terms holds them."""

    def __init__(self, synonyms: Synonyms, terms: Container[str]) -> None:
        self.synonyms, self._terms = synonyms, terms
        # Where a phrase or any of its synonyms is found, of those that were asked for.
        self.found: dict[Phrase, Hits] = {}
        # By first word: of how many words, at most PHRASE_LENGTH, the longest phrase is that begins so.
        self.longest: dict[str, int] = {}
        for phrases in (synonyms, words.kind_phrases(), words.needs()):
            self._begin(phrases)

    @cached_property
    def alone(self) -> list[str]:
        """Words that only a synonym knows: no product has them."""
        words = [phrase[0] for phrase in self.synonyms if len(phrase) == 1]
        return [word for word in words if word not in self._terms and word.isascii()]

    def _begin(self, phrases: Iterable[Phrase]) -> None:
        for phrase in phrases:
            if 1 < len(phrase) <= PHRASE_LENGTH:
                self.longest[phrase[0]] = max(len(phrase), self.longest.get(phrase[0], 1))
