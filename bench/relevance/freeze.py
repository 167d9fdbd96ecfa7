"""`python -m bench.relevance.freeze`: renews the digest of the labels after they were changed on purpose."""

from bench.relevance import queries

if __name__ == "__main__":
    queries.DIGEST.write_text(queries.digest(queries.labels()) + "\n")
    print(queries.DIGEST.read_text().strip())
