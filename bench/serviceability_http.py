"""Full qualification of an address in free text over HTTP: a million premises in the database, the suite's own server.

The web client's mutation and TM Forum's check, each text another one, at 1, 4 and 16 connections, each of which asks
again when it has its answer. Beside them a route of the same server that does no work. Every answer with an id is
counted in the table afterwards. Start and memory are those of the server's process.
"""

import datetime as dt
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from bench import premises
from bench.measure import Figure, progress
from bench.report import Result, Table
from bench.served import figure, server, warm_up
from demo.machine import Machine
from kernel import postgres
from plugins.serviceability.index import Row

COUNT = int(os.environ.get("PREMISES", "1000000"))
CONNECTIONS = (1, 4, 16)
REQUESTS = 4000
CHECK = "/tmf-api/serviceQualificationManagement/v4/checkServiceQualification"
WORK = f"qualify free text, one of {COUNT:,} premises"
_KEPT = b'{"data":{"qualifyService":{"errors":[]'


def figures() -> Iterator[Result]:
    """What a process of its own measured, on a database of its own."""
    machine = Machine.here().database_server
    url = postgres.ensure_database(machine, "bench_premises") if machine else os.environ["DATABASE_URL"]
    command = [sys.executable, "-m", "bench.serviceability_http"]
    found = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"DATABASE_URL": url}
    )
    measured = json.loads(found.stdout)
    yield from (Figure(**one) for one in measured["figures"])
    for table in measured["tables"]:
        yield Table(table["title"], tuple(table["columns"]), tuple(map(tuple, table["rows"])), table["note"])


def _measured() -> Iterator[Result]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    texts = _texts(_stocked())
    asked = {
        "no work: a route that answers at once": [_request("GET", "/health/live/")],
        "GraphQL qualifyService, 4 services": [_mutation(text) for text in texts],
        "TMF645 check, 1 service": [_check(text, headers) for headers in [_clerk()] for text in texts],
    }
    good = ((b'{"status"',), (_KEPT, _KEPT.replace(b":", b": ")), (b'{"id"',))
    started = time.perf_counter()
    with server("bench.serviceability_server:application", path="/health/") as (port, process):
        seconds = round(time.perf_counter() - started, 1)
        memory = _memory(process.pid)
        before, told = _kept(), 0
        for (way, requests), begin in zip(asked.items(), good, strict=True):
            for connections in CONNECTIONS:
                label = f"{way}; {connections} connection{'s' * (connections > 1)}"
                yield figure(WORK, label, port, requests, REQUESTS, connections, begin)
                told += REQUESTS + warm_up(requests) if begin is not good[0] else 0
        if _kept() - before != told:
            raise RuntimeError(f"{told} answers were given, {_kept() - before} are kept")
        rows = ((COUNT, seconds, memory, _memory(process.pid), told),)
    columns = ("premises", "seconds to ready", "MB at first", "MB after all", "answers, all found again")
    yield Table("the server's process", columns, rows)


def _stocked() -> list[Row]:
    """The database filled, if it is not; some of its premises."""
    from plugins.serviceability.models import Premises

    if Premises.objects.count() != COUNT:
        batches = progress(premises.rows(COUNT), "making premises", COUNT // premises.BATCH)
        _fill(chain.from_iterable(batches))
    return _sample()


def _fill(rows: Iterator[Row]) -> None:
    from django.db import connection, transaction

    from plugins.serviceability import changes
    from plugins.serviceability.loader import COLUMNS
    from plugins.serviceability.models import CapacityOpening, Premises, Qualification, WorkCalendar

    with transaction.atomic(), connection.cursor() as cursor:
        Qualification.objects.all().delete()
        cursor.execute("TRUNCATE serviceability_premises, serviceability_networknode CASCADE")
        nodes: dict[str, str] = {}
        table = Premises._meta.db_table
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}, key) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, premises.address(row).key))
                nodes |= premises.nodes(row)
        with cursor.copy(
            "COPY serviceability_networknode (code, technology, country, name, latitude, longitude) FROM STDIN"
        ) as copy:
            for code, technology in nodes.items():
                copy.write_row((code, technology, "US", "", 30.0, -97.0))
        chance = random.Random("days")
        today = dt.datetime.now(dt.UTC).date()
        CapacityOpening.objects.bulk_create(
            CapacityOpening(
                node_id=code, opens_on=today + dt.timedelta(days=chance.choice((-30, -30, 12))), ports=100_000
            )
            for code in nodes
        )
        WorkCalendar.objects.update_or_create(
            country="US", defaults={"timezone": "America/Chicago", "weekdays": [1, 2, 3, 4, 5]}
        )
        _footprints()
        changes.premises_changed()
        changes.network_changed()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE serviceability_premises")


def _sample() -> list[Row]:
    """Every hundredth of the premises."""
    from plugins.serviceability.loader import COLUMNS
    from plugins.serviceability.models import Premises

    some = Premises.objects.filter(code__endswith="00").order_by("code").values_list(*COLUMNS)
    return [Row(*row) for row in some]


def _footprints() -> None:
    """As many and such ones as the section that measures in process has."""
    from bench.serviceability import footprints
    from plugins.serviceability.models import Footprint

    Footprint.objects.bulk_create(
        (
            Footprint(
                code=area.code,
                technology=area.technology,
                country="US",
                download_mbps=area.download,
                upload_mbps=area.upload,
                node_id=area.node,
                geometry={"type": "Polygon", "coordinates": [[*ring.tolist()] for ring in polygon]},
            )
            for area, polygons in footprints(_sample())
            for polygon in polygons
        ),
        batch_size=1000,
    )


def _texts(rows: Sequence[Row]) -> list[str]:
    chance = random.Random("texts")
    return [premises.typed(chance.choice(rows), chance) for _number in range(REQUESTS)]


def _mutation(text: str) -> bytes:
    from storefront_api import documents

    document = next(one for one in documents.persisted_texts() if "mutation QualifyService(" in one)
    variables = {"input": {"addressText": text}}
    return _request("POST", "/graphql/", {"documentId": documents.id_of(document), "variables": variables})


def _check(text: str, headers: str) -> bytes:
    place = {"role": "installation", "name": text}
    item = {"category": {"id": "BROADBAND"}, "service": {"place": [place]}}
    return _request("POST", CHECK, {"serviceQualificationItem": [item]}, headers)


def _request(method: str, path: str, document: Any = None, headers: str = "") -> bytes:
    body = b"" if document is None else json.dumps(document).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _clerk() -> str:
    """The header by which a clerk of a store is known."""
    from inventory.models import Store
    from plugins.staff import tokens
    from plugins.staff.models import Register, StaffMember

    store, _made = Store.objects.get_or_create(
        code="BENCH", defaults={"name": "Bench", "latitude": 30, "longitude": -97, "timezone": "America/Chicago",
                                "country": "US", "city": "Austin", "street_address": "1", "postal_code": "78701"},
    )  # fmt: skip
    register, _made = Register.objects.get_or_create(store=store, code="1", defaults={"token_hash": "bench"})
    member, _made = StaffMember.objects.get_or_create(code="bench", defaults={"name": "Bench", "pin_hash": "none"})
    return f"Authorization: Bearer {tokens.issue(member, register).token}\r\n"


def _kept() -> int:
    from plugins.serviceability.models import Qualification

    return Qualification.objects.count()


def _memory(process: int) -> int:
    """Megabytes that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 2**20)


def _main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    import django

    django.setup()
    found = list(_measured())
    figures_ = [asdict(one) for one in found if isinstance(one, Figure)]
    print(json.dumps({"figures": figures_, "tables": [asdict(one) for one in found if isinstance(one, Table)]}))


if __name__ == "__main__":
    _main()
