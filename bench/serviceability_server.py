"""The suite's own server, of which one client may ask as much as it likes: it would be told to wait after 300 a minute.

Everything else is as it runs in a shop.
"""

from storefront_api.asgi import application  # isort: skip - sets Django up

from plugins.serviceability import limits

limits.A_MINUTE["qualification"] = 1_000_000_000

__all__ = ["application"]
