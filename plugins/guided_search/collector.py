"""Python's garbage collector beside an index: what an index holds is large, and lives as long as it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def waiting() -> Iterator[None]:
    """The collector waits meanwhile, walks once through what is new, and never again: else whoever searches would walk
    through it, time after time."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
