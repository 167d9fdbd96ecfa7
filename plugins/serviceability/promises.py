"""What a service needs of a line at premises, and the first day on which it can work there."""

import datetime as dt
from dataclasses import dataclass, replace

from kernel import clock
from plugins.serviceability import loader, services
from plugins.serviceability.deliverable import CARRIED, Need
from plugins.serviceability.models import LIMITED, Premises
from plugins.serviceability.network import Network
from plugins.serviceability.qualification import LADDER, TV_MBPS, Category, Drop, Option, Technology, option


@dataclass(frozen=True, slots=True)
class Way:
    """By which technology a service comes to premises, with the least speed in Mbit/s that it needs."""

    technology: Technology
    category: Category
    least: int


def ways(need: Need) -> list[Way]:
    """How a service may come, the best first: by its own technology, or by any line that carries it."""
    category = CARRIED.get(need.technology)
    if category is not None:
        least = TV_MBPS if category is Category.TV else need.download
        return [Way(technology, category, least) for technology in LADDER[category]]
    technology = Technology(need.technology)
    mobile = technology in LADDER[Category.MOBILE]
    return [Way(technology, Category.MOBILE if mobile else Category.BROADBAND, need.download)]


def network_now() -> Network:
    """The network as it is: read once for many promises, since a worker asks the database whether it is the newest."""
    return loader.network()


def today_at(premises: Premises, network: Network) -> dt.date:
    """The date at the premises now."""
    return network.calendar(premises.country).today(clock.now())


def takes_port(premises: Premises, technology: str) -> bool:
    """Whether the service takes a port or slot: mobile takes none, and a line that is active has its own."""
    drops = {Technology.FTTH: premises.fibre, Technology.HFC: premises.coax, Technology.VDSL: premises.copper}
    return technology in LIMITED and drops.get(Technology(technology), Drop.NONE) != Drop.ACTIVE


def found(network: Network, premises: Premises, technology: str, least: int, *, on: dt.date) -> Option | None:
    """When the service can work for a new customer who asks on that day; None where it is not there or too slow."""
    return _option(network, premises, technology, least, on, None, is_new=True)


def kept(
    network: Network, premises: Premises, technology: str, least: int, *, on: dt.date, port: dt.date | None
) -> Option | None:
    """As `found`, for who has a port that opens on the day `port`, None for one who lost it."""
    return _option(network, premises, technology, least, on, port, is_new=False)


def _option(
    network: Network,
    premises: Premises,
    technology: str,
    least: int,
    on: dt.date,
    port: dt.date | None,
    *,
    is_new: bool,
) -> Option | None:
    lines = services.lines_of(premises)
    reached = network.accesses(premises.latitude, premises.longitude, lines, on).get(Technology(technology))
    if reached is None:
        return None
    access = reached[0]
    if not is_new and takes_port(premises, technology):
        access = replace(access, opens_on=port and max(port, on))
    made = option(access, on, network.calendar(premises.country))
    return made if made.day is not None and made.download >= least else None
