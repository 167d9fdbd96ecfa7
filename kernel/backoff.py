"""How long to wait before the next try."""

import datetime as dt
import random

FIRST_SECONDS = 2
CAP_SECONDS = 300


def delay(tries: int) -> dt.timedelta:
    """The wait after the `tries`-th failure in a row (1 is the first): 2 s, doubled each time, at most 5 minutes.

    Up to a quarter is taken off at random, so that what failed together does not come back together.
    """
    seconds = min(CAP_SECONDS, FIRST_SECONDS * 2 ** min(max(tries, 1) - 1, 20))
    return dt.timedelta(seconds=seconds * random.uniform(0.75, 1))  # noqa: S311 - not a secret
