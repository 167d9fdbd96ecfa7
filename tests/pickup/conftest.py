"""The counter of a store, with a pickup in each state of readiness."""

from tests.counter import counter  # noqa: F401 - fixture
