"""Prints the schema, which is committed as `storefront_api/schema.graphql` and checked for drift."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")


def printed() -> str:
    """The storefront API's schema as text."""
    django.setup()
    # Imported after the set-up: the schema reaches the models.
    from storefront_api.schema import schema

    return schema.as_str() + "\n"


if __name__ == "__main__":
    print(printed(), end="")
