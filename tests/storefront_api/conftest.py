"""The front door with a small store behind it and two shoppers whom the core vouches for."""

import json
from dataclasses import dataclass, field

import pytest

from commerce.tokens import ShopperClaims
from plugins.carts.models import Customer
from plugins.catalogue.models import Product
from plugins.guided_search import loader
from tests.counter import MONDAY, Counter, counter  # noqa: F401 - fixture

SHOPPERS = {
    "ada-token": ShopperClaims("user-ada", "ada@example.com", MONDAY, is_staff=False),
    "bob-token": ShopperClaims("user-bob", "bob@example.com", MONDAY, is_staff=False),
}


@dataclass
class Front:
    """The API as its clients reach it. `who` is guest, ada, bob, clerk or manager."""

    counter: Counter
    tokens: dict[str, str] = field(default_factory=dict)

    def post(self, body, *, headers=None, content_type="application/json", who="guest", key=None, token=None):
        sent = dict(headers or {})
        if token := token or self.tokens.get(who):
            sent["Authorization"] = f"Bearer {token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.counter.client.post("/graphql/", data, content_type=content_type, headers=sent)

    def ask(self, query, *, who="guest", key=None, headers=None, **variables):
        """The whole body of the answer."""
        return self.post({"query": query, "variables": variables}, who=who, key=key, headers=headers).json()


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    # The slow hasher is proven by the tests of staff.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def front(counter, monkeypatch):  # noqa: F811
    # The core is outside: it vouches for these two.
    monkeypatch.setattr("commerce.tokens.read_shopper", SHOPPERS.get)
    for claims in SHOPPERS.values():
        Customer.objects.create(core_user_id=claims.user_id, email=claims.email, first_name="Ada")
    # The search index shows each category by slug and name.
    Product.objects.update(category_slugs=["all"])
    loader.forget()
    tokens = {"ada": "ada-token", "bob": "bob-token"} | {role: counter.token(role) for role in ("clerk", "manager")}
    return Front(counter, tokens)


def code_of(body):
    """The code of the first top-level error, None when there is none."""
    return body["errors"][0]["extensions"]["code"] if body.get("errors") else None
