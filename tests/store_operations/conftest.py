"""The counter of a store, whose staff works with its stock."""

from tests.counter import counter  # noqa: F401 - fixture
