"""What runs when a server process starts."""

import logging

from django.db import Error

from plugins.catalogue import selectors
from plugins.guided_search import loader

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Build the index of every channel now; a database that is not ready leaves it to the first search."""
    try:
        for channel in selectors.channels():
            loader.index_of(channel)
    except Error as error:
        log.warning("the search index is not built yet: %s", error)
