"""A result page with facet counts: the suite's index beside PostgreSQL full text with GROUP BY on the same products."""

from collections.abc import Iterator

from django.db import connection

from bench.measure import Figure, measure
from kernel.identity import GUEST
from plugins.catalogue import selectors as catalogue
from plugins.guided_search import selectors
from plugins.guided_search.facets import Refinement
from plugins.guided_search.selectors import Search
from storefront_api import operations
from storefront_api.context import Context

QUERIES = [
    "pixel",
    "galaxy",
    "5g phone",
    "case",
    "xiaomi 128 gb",
    "moto",
    "charger",
    "oneplus",
    "screen protector",
    "sony",
]
WORK = "page of 24 with counts, 1 filter"
DOCUMENT = """query ($text: String!) { guidedSearch(context: {channel: "us"}, input: {text: $text, first: 24}) {
  totalCount edges { node { id name brand price { amount } thumbnailUrl } }
  dimensions { name values { value count } } }
}"""


def figures() -> Iterator[Figure]:
    channel = catalogue.channel("us")
    question = {text: Search(channel, text, (Refinement("kind", ("DEVICE",)),)) for text in QUERIES}
    yield measure(
        WORK, "suite, in process, all facets", lambda n: selectors.search(question[QUERIES[n % len(QUERIES)]])
    )
    _prepare()
    yield measure(WORK, "PostgreSQL full text, 3 facets", lambda n: _postgres(QUERIES[n % len(QUERIES)]))
    context = Context(caller=GUEST, language="en", remote_address="")
    yield measure(
        "the same page through GraphQL",
        "suite, free document, in process",
        lambda n: operations.execute(operations.Document(DOCUMENT, {"text": QUERIES[n % len(QUERIES)]}), context),
        rounds=100,
    )


def _prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.bench_product")
        cursor.execute(
            """CREATE TEMP TABLE bench_product AS
               SELECT id, name, brand, kind, category_slugs->>-1 AS category,
                      to_tsvector('simple', name || ' ' || coalesce(brand, '') || ' ' || attributes::text) AS words
                 FROM catalogue_product WHERE is_active"""
        )
        cursor.execute("CREATE INDEX ON bench_product USING gin (words)")
        cursor.execute("ANALYZE bench_product")


def _postgres(text: str) -> None:
    query = " & ".join(f"{word}:*" for word in text.split())
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH matched AS MATERIALIZED (
                 SELECT *, ts_rank(words, to_tsquery('simple', %s)) AS rank FROM bench_product
                  WHERE words @@ to_tsquery('simple', %s))
               SELECT 'hit', id, rank FROM (
                 SELECT id, rank FROM matched WHERE kind = 'DEVICE' ORDER BY rank DESC, id LIMIT 24) page
               UNION ALL SELECT 'brand', brand, count(*) FROM matched WHERE kind = 'DEVICE' GROUP BY brand
               UNION ALL SELECT 'category', category, count(*) FROM matched WHERE kind = 'DEVICE' GROUP BY category
               UNION ALL SELECT 'kind', kind, count(*) FROM matched GROUP BY kind""",
            [query, query],
        )
        cursor.fetchall()
