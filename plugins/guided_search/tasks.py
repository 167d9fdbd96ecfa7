"""What runs when a server process starts and stops."""

import logging

from django.db import Error

from plugins.guided_search import loader, reports

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Build the index of every channel now; a database that is not ready leaves it to the first search."""
    reports.reporting = True
    loader.first_build.begin()
    try:
        loader.renew_all()
        loader.first_build.ended()
    except Error as error:
        log.warning("the search index is not built yet: %s", error)
    except Exception:
        # A product that cannot be read must not keep the shop closed: the follower tries again.
        loader.first_build.ended()
        log.exception("the search index is not built yet")
    loader.follower.start()


def wind_down() -> None:
    """Stop following the catalogue."""
    loader.follower.stop()
    reports.farewell()
    reports.reporting = False
    loader.first_build.ended()
