"""tantivy: BM25 over four stemmed fields, all words needed, filters by term queries, counts by terms aggregations.

A product is one document, so colour, storage and price are lists: a page may hold a product of which one variant has
the colour and another the price. That is less work than the suite's, which asks for one variant that is all of it.
"""

from collections.abc import Iterable, Iterator, Mapping

import tantivy
from tantivy import Occur, Query

from bench.peers import Page
from bench.questions import DIMENSIONS, PAGE, Question, product_values, variant_values
from bench.relevance.bm25 import texts
from plugins.guided_search.documents import ProductDocument

_BOOSTS = {"name": 10.0, "brand_words": 7.0, "category_words": 5.0, "rest": 1.0}
_HEAP_BYTES = 256_000_000
# More values than any dimension here has.
_VALUES = 1000


class Tantivy:
    name = "tantivy"

    def __init__(self, documents: Iterable[ProductDocument]) -> None:
        self._analyser = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        self._schema = _schema()
        index = tantivy.Index(self._schema)
        writer = index.writer(_HEAP_BYTES, 2)
        for document in documents:
            writer.add_document(tantivy.Document.from_dict(dict(_fields(document)), self._schema))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, question: Question) -> Page:
        words = [Query.boolean_query(self._anywhere(token)) for token in self._analyser.analyze(question.text)]
        if not words:
            words = [Query.all_query()]
        filters = {name: self._filter(name, values) for name, values in question.filters.items()}
        query = _all_of([*words, *filters.values()])
        found = self._searcher.search(query, PAGE, count=True)
        ids = tuple(self._searcher.doc(address)["id"][0] for _score, address in found.hits)
        plain = [name for name in DIMENSIONS if name not in filters]
        counts = dict(self._counts(query, plain))
        for name in filters:
            others = [other for key, other in filters.items() if key != name]
            counts.update(self._counts(_all_of([*words, *others]), [name]))
        return Page(found.count, ids, counts)

    def _anywhere(self, token: str) -> list[tuple[Occur, Query]]:
        return [
            (Occur.Should, Query.boost_query(Query.term_query(self._schema, field, token), boost))
            for field, boost in _BOOSTS.items()
        ]

    def _filter(self, name: str, values: Iterable[str]) -> Query:
        """Filters take no part in the score."""
        return Query.const_score_query(Query.term_set_query(self._schema, name, list(values)), 0.0)

    def _counts(self, query: Query, names: Iterable[str]) -> Iterator[tuple[str, Mapping[str, int]]]:
        asked = {name: {"terms": {"field": name, "size": _VALUES}} for name in names}
        for name, answer in self._searcher.aggregate(query, asked).items():
            yield name, {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in _BOOSTS:
        builder.add_text_field(field, tokenizer_name="en_stem", index_option="freq")
    for name in DIMENSIONS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def _fields(document: ProductDocument) -> Iterator[tuple[str, list[str]]]:
    yield "id", [document.id]
    yield "name", [document.name]
    yield "brand_words", [document.brand]
    yield "category_words", [category.name for category in document.categories]
    yield "rest", list(texts(document))[2:]
    yield from ((name, list(values)) for name, values in product_values(document).items())
    variants = [variant_values(variant) for variant in document.variants]
    for name in ("colour", "storage", "price"):
        # Each value once: a product counts once for a value, however many of its variants have it.
        yield name, sorted({value for variant in variants for value in variant[name]})


def _all_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
