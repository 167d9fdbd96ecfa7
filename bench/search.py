"""A result page on the demonstration's own data, in this process: the search itself and through free GraphQL."""

from collections.abc import Iterator

from bench.following import following
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
WORK = "page of the demonstration, in process"
DOCUMENT = """query ($text: String!) { guidedSearch(context: {channel: "us"}, input: {text: $text, first: 24}) {
  totalCount edges { node { id name brand price { amount } thumbnailUrl } }
  dimensions { name values { value count } } }
}"""


def figures() -> Iterator[Figure]:
    with following():
        yield from _figures()


def _figures() -> Iterator[Figure]:
    channel = catalogue.channel("us")
    question = {text: Search(channel, text, (Refinement("kind", ("DEVICE",)),)) for text in QUERIES}
    yield measure(WORK, "selectors", lambda n: selectors.search(question[QUERIES[n % len(QUERIES)]]))
    context = Context(caller=GUEST, language="en", remote_address="")
    yield measure(
        WORK,
        "GraphQL, free document",
        lambda n: operations.execute(operations.Document(DOCUMENT, {"text": QUERIES[n % len(QUERIES)]}), context),
        rounds=100,
    )
