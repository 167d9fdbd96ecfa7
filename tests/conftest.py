"""Shared by all tests: the database is a real PostgreSQL, the embedded one unless DATABASE_URL says otherwise."""

pytest_plugins = ["tests.embedded"]
