"""How long to wait before the next try."""

import datetime as dt
import random

FIRST_SECONDS = 2
CAP_SECONDS = 300


class TriedLater(Exception):
    """Base of failures that may know how long to wait: before `retry_after` is over a try is in vain. None: unknown."""

    retry_after: dt.timedelta | None = None


def asked(error: BaseException) -> dt.timedelta | None:
    """The wait that an error asks for; None where it asks for none."""
    return error.retry_after if isinstance(error, TriedLater) else None


def delay(tries: int, *, at_least: dt.timedelta | None = None) -> dt.timedelta:
    """The wait after the `tries`-th failure in a row (1 is the first): 2 s, doubled each time, at most 5 minutes.

    Up to a quarter is taken off at random, so that what failed together does not come back together. `at_least` is
    what was asked for (see `asked`): the wait is longer than that then, by up to two seconds for the same reason.
    """
    seconds = min(CAP_SECONDS, FIRST_SECONDS * 2 ** min(max(tries, 1) - 1, 20))
    wait = dt.timedelta(seconds=seconds * random.uniform(0.75, 1))  # noqa: S311 - not a secret
    if at_least is None:
        return wait
    return max(wait, at_least + dt.timedelta(seconds=FIRST_SECONDS * random.random()))  # noqa: S311 - not a secret
