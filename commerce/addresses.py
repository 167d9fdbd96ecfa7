"""Addresses of cores, compared as people mean them."""

from urllib.parse import urlsplit


def normalised(url: str) -> str:
    """A GraphQL address in one spelling: host in lower case, one slash at the end. Raises ValueError for another."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(f"Not the address of a core: {url}. Give one such as https://shop.example.com/graphql/.")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


def domain(url: str) -> str:
    """Host and port, as Saleor states its domain."""
    return urlsplit(url).netloc.lower()


def origin(url: str) -> str:
    """Scheme, host and port: what browsers call the origin. Empty for what is no web address."""
    parts = urlsplit(url.strip())
    web = parts.scheme in {"http", "https"} and parts.netloc
    return f"{parts.scheme}://{parts.netloc.lower()}" if web else ""
