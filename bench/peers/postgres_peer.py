"""PostgreSQL: weighted full text with a GIN index, variants joined, all counts and the page in one statement."""

from collections.abc import Iterable, Mapping

import psycopg

from bench.peers import Page
from bench.questions import DIMENSIONS, PAGE, Question, product_values, variant_values
from bench.relevance.bm25 import texts
from plugins.guided_search.documents import ProductDocument

_TABLES = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE UNLOGGED TABLE bench.product (id int, key text, category text[], brand text, kind text,
  name text, categories text, rest text, words tsvector);
CREATE UNLOGGED TABLE bench.variant (product int, colour text, storage text, price text);
"""
_INDEXES = """
UPDATE bench.product SET words = setweight(to_tsvector('english', name), 'A')
  || setweight(to_tsvector('english', brand), 'B') || setweight(to_tsvector('english', categories), 'C')
  || setweight(to_tsvector('english', rest), 'D');
ALTER TABLE bench.product ADD PRIMARY KEY (id), DROP COLUMN name, DROP COLUMN categories, DROP COLUMN rest;
CREATE INDEX ON bench.product USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON bench.variant (product);
VACUUM FULL ANALYZE bench.product;
ANALYZE bench.variant;
"""
_MATCHED = """WITH matched AS MATERIALIZED (
  SELECT product.id, key, category, brand, kind, colour, storage, price, {rank} AS rank
    FROM bench.product JOIN bench.variant ON variant.product = product.id {where})"""
_PAGE = """SELECT 'page', key, rank::float8, count(*) OVER () FROM (
  SELECT key, max(rank) AS rank, id FROM matched WHERE {all} GROUP BY id, key) found
  ORDER BY rank DESC, key LIMIT {page}"""


class Postgres:
    name = "PostgreSQL full text"

    def __init__(self, url: str, documents: Iterable[ProductDocument]) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        # Compiling a query takes longer than these queries do.
        self._connection.execute("SET jit = off")
        self._connection.execute("SET work_mem = '64MB'")
        for statement in _TABLES.split(";\n"):
            self._connection.execute(statement)
        self._copy(documents)
        for statement in _INDEXES.split(";\n"):
            self._connection.execute(statement)

    def close(self) -> None:
        """Drop the tables and leave."""
        self._connection.execute("DROP SCHEMA bench CASCADE")
        self._connection.close()

    def search(self, question: Question) -> Page:
        statement = _statement(bool(question.text), tuple(question.filters))
        values = {name: list(chosen) for name, chosen in question.filters.items()}
        total, ids = 0, []
        counts: dict[str, dict[str, int]] = {name: {} for name in DIMENSIONS}
        for sort, value, _rank, count in self._connection.execute(statement, {"text": question.text, **values}):
            if sort == "page":
                ids.append(value)
                total = count
            elif value:
                counts[sort][value] = count
        return Page(total, tuple(ids), counts)

    def _copy(self, documents: Iterable[ProductDocument]) -> None:
        variants = []
        with self._connection.cursor() as cursor:
            columns = "(id, key, category, brand, kind, name, categories, rest)"
            with cursor.copy(f"COPY bench.product {columns} FROM STDIN") as copy:
                for number, document in enumerate(documents):
                    copy.write_row(_row(number, document))
                    variants += [(number, *_variant_row(variant_values(one))) for one in document.variants]
            with cursor.copy("COPY bench.variant FROM STDIN") as copy:
                for row in variants:
                    copy.write_row(row)


def _row(number: int, document: ProductDocument) -> tuple[object, ...]:
    own = product_values(document)
    categories = " ".join(category.name for category in document.categories)
    rest = " ".join(list(texts(document))[2:])
    return (
        number, document.id, list(own["category"]), document.brand, document.kind, document.name, categories, rest,
    )  # fmt: skip


def _variant_row(values: Mapping[str, tuple[str, ...]]) -> list[str | None]:
    return [values[name][0] if values[name] else None for name in ("colour", "storage", "price")]


def _statement(has_text: bool, filtered: tuple[str, ...]) -> str:
    """The page and six counts; a dimension is counted without its own filter."""
    matched = _MATCHED.format(
        rank="ts_rank(words, plainto_tsquery('english', %(text)s))" if has_text else "0",
        where="WHERE words @@ plainto_tsquery('english', %(text)s)" if has_text else "",
    )
    parts = [f"({_PAGE.format(all=_where(filtered), page=PAGE)})"]
    for name in DIMENSIONS:
        others = _where(tuple(other for other in filtered if other != name))
        column, source = (name, "matched") if name != "category" else ("slug", "matched, unnest(category) slug")
        parts.append(f"SELECT '{name}', {column}, 0, count(DISTINCT id) FROM {source} WHERE {others} GROUP BY {column}")
    return f"{matched}\n" + "\nUNION ALL ".join(parts)


def _where(filtered: tuple[str, ...]) -> str:
    conditions = (f"category && %({name})s" if name == "category" else f"{name} = ANY(%({name})s)" for name in filtered)
    return " AND ".join(conditions) or "TRUE"
