"""A small shop on the real database."""

import os
from typing import Any

import pytest

if not os.environ.get("EMBEDDED_CORE_DATABASE_URL"):
    pytest.exit("EMBEDDED_CORE_DATABASE_URL must be set to a postgresql:// URL.", returncode=2)

from embedded_core.tests.shop import Shop


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose; what is tested here is who gets in, not how long guessing takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shop(db: None) -> Shop:
    """The shop, with five phones in store 1, two in store 2 and three in the depot."""
    return Shop()
