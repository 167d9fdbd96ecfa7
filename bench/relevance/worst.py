"""`python -m bench.relevance.worst`: the queries that the suite answers worst, with what it shows and what was wanted.

Of the half TUNE alone: whoever tunes on what the other half shows has no report left.
"""

import argparse

from bench.catalogue import demonstration
from bench.relevance.metrics import judge
from bench.relevance.queries import CHANNELS, CLASSES, TUNE, labels
from bench.relevance.rankers import suite
from plugins.guided_search.index import Index

SHOWN = 6


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.relevance.worst", description=__doc__)
    parser.add_argument("--of", choices=CLASSES, help="queries of one class alone")
    parser.add_argument("--count", type=int, default=20)
    asked = parser.parse_args()
    rankers = {channel: suite(Index.build(demonstration(channel))) for channel in CHANNELS}
    chosen = [one for one in labels() if one.query.half == TUNE and asked.of in (None, one.query.query_class)]
    judged = sorted((judge(rankers[one.query.channel], one) for one in chosen), key=lambda found: found.ndcg)
    for found in judged[: asked.count]:
        query, grades = found.graded.query, found.graded.grades
        print(f"{found.ndcg:.3f}  {query.id}  {query.text!r}  {query.want}")
        for product in list(rankers[query.channel](query.text))[:SHOWN]:
            print(f"         {grades.get(product, 0)}  {product}")
        best = sorted(grades, key=lambda product: (-grades[product], product))[:3]
        print(f"         wanted: {', '.join(best)}")


if __name__ == "__main__":
    main()
