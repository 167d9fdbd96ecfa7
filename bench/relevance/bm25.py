"""Plain BM25, the peer: all text of a product in one field, lower-cased words, any of which may match."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from bench.relevance.metrics import Ranker
from plugins.guided_search.documents import ProductDocument

K1, B = 1.2, 0.75
# As Lucene's standard tokenizer does it: runs of letters and digits, each ideograph a word of its own.
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


class Bm25:
    """Term frequencies of texts, scored by BM25 with the usual parameters."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=float)
        self._norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0))
        self._postings: dict[str, tuple[list[int], list[int]]] = {}
        for number, count in enumerate(counts):
            for word, frequency in count.items():
                numbers, frequencies = self._postings.setdefault(word, ([], []))
                numbers.append(number)
                frequencies.append(frequency)

    def scores(self, text: str) -> np.ndarray:
        """A score for each text; 0 where no word matches."""
        total = np.zeros(len(self._norm))
        for word in dict.fromkeys(words(text)):
            numbers, frequencies = self._postings.get(word, ([], []))
            where, frequency = np.array(numbers, dtype=int), np.array(frequencies, dtype=float)
            rarity = np.log(1 + (len(total) - len(where) + 0.5) / (len(where) + 0.5))
            total[where] += rarity * frequency * (K1 + 1) / (frequency + self._norm[where])
        return total


def ranker(documents: Sequence[ProductDocument]) -> Ranker:
    """Ranks the documents by BM25; equals in the documents' order."""
    engine = Bm25([" ".join(texts(document)) for document in documents])

    def rank(text: str) -> list[str]:
        scores = engine.scores(text)
        best = np.argsort(-scores, kind="stable")
        return [documents[number].id for number in best if scores[number] > 0]

    return rank


def texts(document: ProductDocument) -> Iterator[str]:
    """Every text of a product, in every language that it has: its name first, then its brand."""
    yield from (document.name, document.brand, document.description, *document.fits)
    yield from (category.name for category in document.categories)
    yield from chain.from_iterable(document.attributes.values())
    for texts in document.translations.values():
        yield from (texts.name, texts.brand, texts.description, *texts.categories)
        yield from chain.from_iterable(texts.values.values())
    for variant in document.variants:
        yield from (variant.sku, variant.barcode)
        for values in (variant.attributes, *variant.translations.values()):
            yield from chain.from_iterable(values.values())
