"""The suite's front door: one GraphQL API for web, mobile and POS, the admin site, health and the two clients.

It composes the schemas of the capabilities, knows who is calling, limits what a caller may ask, and makes every
mutation repeatable by its `Idempotency-Key`.
"""

from storefront_api.celery import app as celery_app

__all__ = ["celery_app"]
