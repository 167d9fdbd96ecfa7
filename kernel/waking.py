"""Waking a worker through the broker, which may be away: the tables are swept anyway, so nobody waits for it."""

import logging
import time
from typing import Any

from django.conf import settings
from kombu.exceptions import OperationalError as BrokerError

log = logging.getLogger(__name__)

# As often as the sweeps run. A broker that hangs costs one commit its time-out, and not every commit.
PAUSE_SECONDS = 5.0

_silent_until = 0.0


def wake(task: Any) -> None:
    """Ask a worker to run `task` now; after a broker that does not answer, nobody is asked for some seconds."""
    global _silent_until
    if not getattr(settings, "CELERY_WAKE", True) or time.monotonic() < _silent_until:
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except (BrokerError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning("the broker does not answer; %s is left to the sweep: %s", task.name, error)
