"""What people may ask of the processes that search."""

from datetime import datetime

from django.db import transaction

from kernel import audit, clock, notices
from plugins.guided_search import loader


@transaction.atomic
def request_rebuild(*, actor: str) -> datetime:
    """Have every process that serves searches build its indexes anew while it goes on serving; returns when.

    A build that began at or after that moment obeys. A process that does not listen now is not reached: it builds its
    index when it starts. `actor` is a scope such as "admin:7".
    """
    moment = clock.now()
    audit.record(actor=actor, action="guided_search.rebuild_requested", subject="guided_search")
    notices.notify(loader.REBUILD, "")
    return moment
