"""Which of the catalogue's services can be had at premises: the provider of guided search's `at_address`."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import NOT_FOUND, ApiError
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Kind
from plugins.serviceability import asking, loader, selectors
from plugins.serviceability.qualification import LADDER, TV_MBPS, Category, Technology, option

# What a service's technology stands for when it is carried by any line.
CARRIED = {"IPTV": Category.TV, "VOIP": Category.VOICE}
BATCH = 500


@dataclass(frozen=True, slots=True)
class Need:
    """What a service needs of a line: a technology, or one of `CARRIED`, and the least download speed in Mbit/s."""

    technology: str
    download: int


class AtAddress:
    """See `plugins.catalogue.providers.AtAddress`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._needs: dict[str, tuple[UUID | None, Mapping[str, Need]]] = {}

    def deliverable(self, premises_id: str, channel: str) -> Mapping[str, bool]:
        """For each service of the channel whether the address can have it, now or on a day that is known."""
        index, network = loader.index(), loader.network()
        row = index.row_of(premises_id)
        if row is None:
            raise ApiError(NOT_FOUND, _("There is no such address."))
        found = asking.at_row(index, row)
        calendar = network.calendar(found.country)
        today = calendar.today(clock.now())
        speeds: dict[Technology, int] = {}
        for technology, (access, _node) in network.accesses(
            found.latitude, found.longitude, found.lines, today
        ).items():
            made = option(access, today, calendar)
            if made.day is not None:
                speeds[technology] = made.download
        return {sku: _can(need, speeds) for sku, need in self._services(channel).items()}

    def find(self, text: str, limit: int) -> Sequence[tuple[str, str]]:
        """Premises by what completes a text."""
        return selectors.suggestions(text, limit)

    def _services(self, channel: str) -> Mapping[str, Need]:
        token = catalogue.last_change().token
        with self._lock:
            known = self._needs.get(channel)
            if known is None or known[0] != token:
                known = self._needs[channel] = (token, _read(channel))
            return known[1]


def _can(need: Need, speeds: Mapping[Technology, int]) -> bool:
    category = CARRIED.get(need.technology)
    if category is None:
        return speeds.get(Technology(need.technology), -1) >= need.download
    least = TV_MBPS if category is Category.TV else 0
    return any(speeds.get(technology, -1) >= least for technology in LADDER[category])


def _read(slug: str) -> Mapping[str, Need]:
    channel = catalogue.channel(slug)
    sold, _others = catalogue.revisions(channel)
    keys = list(sold)
    found: dict[str, Need] = {}
    for start in range(0, len(keys), BATCH):
        for product, variants in catalogue.with_variants(keys[start : start + BATCH], channel):
            if product.kind != Kind.SERVICE:
                continue
            for variant in variants:
                need = need_of([*product.attributes, *variant.attributes])
                if need is not None:
                    found[variant.sku] = need
    return found


def need_of(attributes: Sequence[Mapping[str, object]]) -> Need | None:
    """What a service with these attributes needs; None for what depends on no address."""
    values = {str(one["name"]): list(one["values"]) for one in attributes if one.get("values")}  # type: ignore[call-overload]
    technology = str(values.get("technology", [""])[0]).upper().replace("-", "_")
    if technology not in CARRIED and technology not in set(Technology):
        return None
    download = str(values.get("download_mbps", values.get("download-mbps", ["0"]))[0])
    return Need(technology, int(download) if download.isdigit() else 0)
