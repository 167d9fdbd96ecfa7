"""How the inner loops are compiled: by numba, once, kept beside the source (or where NUMBA_CACHE_DIR says)."""

from collections.abc import Callable
from typing import Any

import numba

Function = Callable[..., Any]

ROWS, WEIGHTS, MASKS, FLAGS, RANKS = "int32[::1]", "float32[::1]", "uint64[::1]", "boolean[::1]", "int64[::1]"
HITS = f"{ROWS}, {WEIGHTS}, {MASKS}"


def compiled(returns: str, *takes: str, unlocked: bool = False) -> Callable[[Function], Function]:
    """Compile a function for these types when its module is imported, so that no search waits for it.

    It keeps Python's lock unless it is `unlocked`: a search's loops run for microseconds, and whoever lets go of the
    lock may wait long to get it back while another thread works, as the one does that takes changes into the index.
    """
    decorate: Callable[[Function], Function] = numba.njit(
        f"{returns}({', '.join(takes)})", cache=True, boundscheck=False, nogil=unlocked
    )
    return decorate
