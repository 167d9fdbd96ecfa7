"""Premises, nodes and footprints from CSV and GeoJSON, of any length: the right rows are brought in, the others listed.

Rows are known by their code: a file that is brought in again changes what differs. Each batch is a transaction.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from inventory import spreadsheets
from inventory.spreadsheets import Mistakes, Progress, Row
from kernel import audit
from kernel.locks import LockSpace, advisory_lock
from plugins.serviceability import capacity, changes, geojson, geometry
from plugins.serviceability.addresses import Address, parse_us
from plugins.serviceability.chinese_addresses import parse_cn
from plugins.serviceability.messages import geometry_problem
from plugins.serviceability.models import CODE_LENGTH, LIMITED, CapacityOpening, Drop, Footprint, NetworkNode, Premises
from plugins.serviceability.qualification import Technology

BATCH = 2000
MAX_NUMBER = 2_000_000_000


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do: rows brought in, rows that were like that before, and what is wrong."""

    added: int = 0
    skipped: int = 0
    mistakes: Mistakes = field(default_factory=Mistakes)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of file: its columns, and what is done with a batch of its rows."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    write: Callable[[Sequence[Row], Outcome, bool], None]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, the needed ones first."""
        return (*self.required, *self.optional)


def bring_in(
    *, kind: str, file: IO[bytes], name: str, actor: str, dry_run: bool = False, progress: Progress | None = None
) -> Outcome:
    """Bring a file in; `kind` is a key of KINDS. A row with a mistake is left out and listed, the others are written.

    Raises INVALID for a file that cannot be read at all.
    """
    chosen, outcome = KINDS[kind], Outcome()
    for batch in _batches(_rows(file, name, chosen, outcome.mistakes)):
        with transaction.atomic():
            # One import at a time, so that two do not wait for each other's rows.
            advisory_lock(LockSpace.NETWORK_IMPORT, "")
            chosen.write(batch, outcome, dry_run)
        if progress:
            progress(kind, len(batch))
    if outcome.added and not dry_run:
        with transaction.atomic():
            told = {"added": outcome.added, "rejected": len(outcome.mistakes)}
            audit.record(actor=actor, action=f"serviceability.{kind}_imported", subject=name[:200], detail=told)
            changes.premises_changed() if kind == "premises" else changes.network_changed()
    return outcome


def _rows(file: IO[bytes], name: str, kind: Kind, mistakes: Mistakes) -> Iterator[Row]:
    if name.lower().endswith((".geojson", ".json", ".geojsonl")):
        for number, feature in enumerate(geojson.features(file), start=1):
            yield Row(number, dict.fromkeys(kind.columns, "") | _cells(feature, kind))
    else:
        yield from spreadsheets.rows(file, name, required=kind.required, optional=kind.optional, mistakes=mistakes,
                                     max_rows=None, long=("geometry",))  # fmt: skip


def _cells(feature: Mapping[str, Any], kind: Kind) -> dict[str, str]:
    """A feature's properties and position as the columns have them."""
    properties = feature.get("properties") or {}
    cells = {key: "" if value is None else str(value) for key, value in properties.items() if key in kind.columns}
    shape = feature.get("geometry") or {}
    if "geometry" in kind.columns:
        cells["geometry"] = json.dumps(shape)
    elif shape.get("type") == "Point" and len(shape.get("coordinates", ())) >= 2:
        cells["longitude"], cells["latitude"] = (str(value) for value in shape["coordinates"][:2])
    return cells


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Cells:
    """Reads the cells of a row; what cannot be read is put down, and `ok` is false then."""

    def __init__(self, row: Row, mistakes: Mistakes) -> None:
        self.row, self._mistakes, self.ok = row, mistakes, True

    def wrong(self, column: str, message: str) -> None:
        """Put a mistake down."""
        self._mistakes.add(self.row.number, column, message)
        self.ok = False

    def text(self, column: str, most: int, *, needed: bool = False) -> str:
        """A text of at most so many characters."""
        value = self.row.cells[column].strip()
        if needed and not value:
            self.wrong(column, _("A value is needed."))
        elif len(value) > most:
            self.wrong(column, _("Longer than %(max)s characters.") % {"max": most})
        return value

    def choice(self, column: str, options: Iterable[str], otherwise: str = "") -> str:
        """One of the options."""
        value = self.row.cells[column].strip().upper() or otherwise
        if value not in set(options):
            self.wrong(column, _("Choose one of: %(options)s.") % {"options": ", ".join(options)})
        return value

    def number(self, column: str, otherwise: int = 0) -> int:
        """A whole number, not below nought."""
        value = self.row.cells[column].strip()
        if value and not (value.isascii() and value.isdigit() and int(value[:11]) <= MAX_NUMBER):
            self.wrong(column, _("A whole number is expected."))
            return otherwise
        return int(value) if value else otherwise

    def day(self, column: str) -> dt.date | None:
        """A date, None where there is none."""
        value = self.row.cells[column].strip()
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(column, _("A date looks like 2026-12-25."))
            return None

    def position(self, country: str) -> tuple[float, float]:
        """Latitude and longitude in the country."""
        try:
            latitude, longitude = (float(self.row.cells[column]) for column in ("latitude", "longitude"))
        except ValueError:
            self.wrong("latitude", _("A position in degrees is expected."))
            return 0.0, 0.0
        try:
            if country in geometry.COUNTRIES:
                geometry.check_position(latitude, longitude, country)
        except geometry.BadGeometry as problem:
            self.wrong("latitude", str(geometry_problem(problem)))
        return latitude, longitude


# ------------------------------------------------------------------------------------------------------- premises

_NODES: Final = {"fibre_node": Technology.FTTH, "coax_node": Technology.HFC, "copper_node": Technology.VDSL}


def _write_premises(rows: Sequence[Row], outcome: Outcome, dry_run: bool) -> None:
    nodes = {row.cells[column] for row in rows for column in _NODES}
    known_nodes = dict(NetworkNode.objects.filter(pk__in=nodes).values_list("pk", "technology"))
    made: dict[str, Premises] = {}
    keys: dict[tuple[str, str], str] = {}
    for row in rows:
        cells = _Cells(row, outcome.mistakes)
        premises = _premises(cells, known_nodes)
        if premises is None:
            continue
        if keys.setdefault((premises.country, premises.key), premises.pk) != premises.pk:
            cells.wrong("street", _("The address is in the file twice."))
            continue
        made[premises.pk] = premises
    taken = Premises.objects.filter(key__in=[key for _country, key in keys]).values_list("country", "key", "pk")
    for country, key, code in taken:
        other = keys.get((country, key))
        # Unless the file gives those premises another address.
        if other is not None and other != code and code not in made:
            made.pop(other, None)
            outcome.mistakes.add(
                0, "street", _("%(code)s has the address of %(other)s.") % {"code": other, "other": code}
            )
    _upsert(Premises, made, outcome, dry_run)


def _premises(cells: _Cells, nodes: Mapping[str, str]) -> Premises | None:
    code = cells.text("code", CODE_LENGTH, needed=True)
    country = cells.choice("country", geometry.COUNTRIES)
    latitude, longitude = cells.position(country)
    drops = {name: cells.choice(name, Drop.names, "NONE") for name in ("fibre", "coax", "copper")}
    loop = cells.number("loop_metres")
    for column, technology in _NODES.items():
        node = cells.text(column, CODE_LENGTH)
        if node and nodes.get(node) != technology:
            cells.wrong(column, _("There is no such node of this technology: import nodes first."))
    address = _address(cells, country)
    if not cells.ok or address is None:
        return None
    street = address.street
    return Premises(
        code=code, country=country, number=address.number, suffix=address.suffix, before=street.before,
        street=street.name, kind=street.kind, after=street.after, unit=address.unit, district=address.district,
        city=address.city, area=address.area, postal_code=address.postal_code, latitude=latitude,
        longitude=longitude, loop_metres=loop, key=address.key,
        **{name: Drop[drop] for name, drop in drops.items()},
        **{f"{column}_id": cells.row.cells[column].strip() or None for column in _NODES},
    )  # fmt: skip


def _address(cells: _Cells, country: str) -> Address | None:
    given = {name: cells.text(name, 100) for name in ("street", "city", "area", "postal_code", "unit")}
    district = cells.text("district", 60)
    if not cells.ok:
        return None
    try:
        made = parse_us(**given) if country == "US" else parse_cn(**given, district=district)
    except ValueError as problem:
        column = "street" if str(problem) == "number" else str(problem)
        cells.wrong(column, _("The address is not complete, or cannot be read here."))
        return None
    if len(made.key) > 300 or len(made.unit) > 40 or len(made.suffix) > 10 or made.number > MAX_NUMBER:
        cells.wrong("street", _("The address is too long."))
        return None
    return made


# ---------------------------------------------------------------------------------------------------------- nodes


def _write_nodes(rows: Sequence[Row], outcome: Outcome, dry_run: bool) -> None:
    """A row is a node with what opens on a day; a node has as many rows as days."""
    made: dict[str, NetworkNode] = {}
    openings: dict[tuple[str, dt.date], tuple[Row, int]] = {}
    for row in rows:
        cells = _Cells(row, outcome.mistakes)
        code = cells.text("code", CODE_LENGTH, needed=True)
        technology = cells.choice("technology", Technology)
        country = cells.choice("country", geometry.COUNTRIES)
        latitude, longitude = cells.position(country)
        name, day, ports = cells.text("name", 120), cells.day("opens_on"), cells.number("ports")
        if cells.ok and (day is None) != (not cells.row.cells["ports"].strip()):
            cells.wrong("opens_on", _("Ports and the day on which they open belong together."))
        if not cells.ok:
            continue
        made[code] = NetworkNode(code=code, technology=technology, country=country, name=name, latitude=latitude,
                                 longitude=longitude)  # fmt: skip
        if day is not None:
            openings[code, day] = (row, ports)
    _upsert(NetworkNode, made, outcome, dry_run)
    if not dry_run:
        _write_openings(openings, outcome)


def _write_openings(openings: Mapping[tuple[str, dt.date], tuple[Row, int]], outcome: Outcome) -> None:
    """A day with fewer ports than are reserved takes them from who reserved last: see `capacity`."""
    nodes = sorted({node for node, _day in openings})
    known = {(row.node_id, row.opens_on): row for row in CapacityOpening.objects.filter(node__in=nodes)}
    fresh = [CapacityOpening(node_id=node, opens_on=day, ports=ports)
             for (node, day), (_row, ports) in openings.items() if (node, day) not in known]  # fmt: skip
    wanted = {
        row.pk: capacity.Wanted(openings[place][1], row.opens_on)
        for place, row in known.items()
        if place in openings and openings[place][1] != row.ports
    }
    CapacityOpening.objects.bulk_create(fresh)
    if wanted:
        capacity.change(wanted=wanted, actor="import")
    outcome.added += len(wanted)


# ----------------------------------------------------------------------------------------------------- footprints


def _write_footprints(rows: Sequence[Row], outcome: Outcome, dry_run: bool) -> None:
    nodes = _nodes_with_ports({row.cells["node"].strip() for row in rows})
    made: dict[str, Footprint] = {}
    for row in rows:
        footprint = _footprint(_Cells(row, outcome.mistakes), nodes)
        if footprint is not None:
            made[footprint.pk] = footprint
    _upsert(Footprint, made, outcome, dry_run)


def _nodes_with_ports(codes: Iterable[str]) -> dict[str, str]:
    with_ports = CapacityOpening.objects.filter(node__in=codes, ports__gt=0)
    return dict(with_ports.values_list("node", "node__technology").distinct())


def _footprint(cells: _Cells, nodes: Mapping[str, str]) -> Footprint | None:
    code = cells.text("code", CODE_LENGTH, needed=True)
    technology = cells.choice("technology", Technology)
    country = cells.choice("country", geometry.COUNTRIES)
    state = cells.choice("state", Footprint.State, Footprint.State.LIVE)
    name, opens_on, node = cells.text("name", 120), cells.day("opens_on"), cells.text("node", CODE_LENGTH)
    down, up = cells.number("download_mbps"), cells.number("upload_mbps")
    if down == 0:
        cells.wrong("download_mbps", _("A speed is needed."))
    if node and nodes.get(node) != technology:
        cells.wrong("node", _("There is no node of this technology with capacity: import nodes first."))
    elif not node and technology in LIMITED:
        cells.wrong("node", _("A footprint without capacity: name the node whose ports it uses."))
    shape = _shape(cells, country)
    if not cells.ok:
        return None
    return Footprint(code=code, technology=technology, country=country, name=name, state=state, opens_on=opens_on,
                     download_mbps=down, upload_mbps=up, node_id=node or None, geometry=shape)  # fmt: skip


def _shape(cells: _Cells, country: str) -> Any:
    try:
        shape = json.loads(cells.row.cells["geometry"] or "null")
        if country in geometry.COUNTRIES:
            geometry.polygons(shape, country)
    except (ValueError, RecursionError) as problem:
        told = problem if isinstance(problem, geometry.BadGeometry) else geometry.BadGeometry(geometry.NOT_A_POLYGON)
        cells.wrong("geometry", str(geometry_problem(told)))
        return None
    return shape


# ------------------------------------------------------------------------------------------------------------ all


def _upsert(model: Any, made: Mapping[str, Any], outcome: Outcome, dry_run: bool) -> None:
    """Write what is new or different; rows in the order of their codes, as all who lock them."""
    names = [one.attname for one in model._meta.concrete_fields if not one.primary_key]
    known = {row[0]: row[1:] for row in model.objects.filter(pk__in=list(made)).values_list("pk", *names)}
    differing = [
        row for code, row in sorted(made.items()) if known.get(code) != tuple(getattr(row, name) for name in names)
    ]
    outcome.added += len(differing)
    outcome.skipped += len(made) - len(differing)
    if differing and not dry_run:
        if model is Premises:
            # Two that swap their addresses would meet each other's on the way.
            moved = [row.pk for row in differing if row.pk in known]
            Premises.objects.filter(pk__in=moved).update(key=F("code"))
        fields = [one.name for one in model._meta.concrete_fields if not one.primary_key]
        model.objects.bulk_create(differing, update_conflicts=True, unique_fields=["code"], update_fields=fields)


KINDS: Final = {
    "premises": Kind(
        ("code", "country", "street", "city", "latitude", "longitude"),
        ("unit", "district", "area", "postal_code", "fibre", "coax", "copper", "loop_metres", *_NODES),
        _write_premises,
    ),
    "nodes": Kind(
        ("code", "technology", "country", "latitude", "longitude"), ("name", "opens_on", "ports"), _write_nodes
    ),
    "footprints": Kind(
        ("code", "technology", "country", "download_mbps", "geometry"),
        ("name", "state", "opens_on", "upload_mbps", "node"),
        _write_footprints,
    ),
}
