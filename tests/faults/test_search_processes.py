"""Search in server processes of its own: two that must agree, one that is killed, one that loses its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.test import Client

from kernel import clock
from plugins.catalogue import services as catalogue
from plugins.guided_search import services
from plugins.guided_search.models import ALIVE_WITHIN, IndexReport
from tests.catalogue.conftest import fake_core, synced  # noqa: F401 - fixtures
from tests.catalogue.fake_core import FakeCore, product
from tests.faults.servers import Server, database_url, eventually, line, servers
from tests.guided_search.test_preview import PINS, add_rule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

SEARCH = """query($text: String!, $first: Int) {
  guidedSearch(context: {channel: "us"}, input: {text: $text, first: $first}) {
    totalCount exactCount edges { cursor node { id name price { amount } } }
    dimensions { name values { value count } } correction { corrected } pageInfo { endCursor } } }"""


def found(server: Server, text: str = "") -> list[str]:
    answer = server.ask(SEARCH, text=text, first=100)
    assert "errors" not in answer, answer
    return [edge["node"]["id"] for edge in answer["data"]["guidedSearch"]["edges"]]


def rename(core: FakeCore, key: str, name: str) -> None:
    core.put(product(key, name=name))
    catalogue.sync_product(key)


def alike(running: list[Server], *texts: str) -> bool:
    """Whether all give the same answers, to the last cursor."""
    for text in texts:
        one, *others = [server.ask(SEARCH, text=text, first=100) for server in running]
        assert "errors" not in one, one
        if any(other != one for other in others):
            return False
    return True


def report_of(server: Server) -> IndexReport:
    [row] = [row for row in IndexReport.objects.all() if row.process.endswith(f":{server.process.pid}")]
    return row


GATE = """
CREATE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4711);
    RETURN NEW;
END $$;
CREATE TRIGGER test_gate BEFORE UPDATE ON guided_search_indexreport FOR EACH ROW
    WHEN (OLD.state = 'BUILDING' AND NEW.state = 'READY') EXECUTE FUNCTION test_gate();
"""
NO_GATE = "DROP TRIGGER test_gate ON guided_search_indexreport; DROP FUNCTION test_gate();"


@contextmanager
def builds_standing_still() -> Iterator[None]:
    """Builds begin and do not end before the block does: each stops where it would tell that it is done."""
    with psycopg.connect(database_url(), autocommit=True) as held:
        held.execute(GATE)
        held.execute("SELECT pg_advisory_lock(4711)")
        try:
            yield
        finally:
            held.execute("SELECT pg_advisory_unlock(4711)")
            held.execute(NO_GATE)


def test_two_processes_answer_alike_after_every_change(synced: FakeCore, tmp_path: Path) -> None:  # noqa: F811
    with servers(tmp_path, 2) as running:
        texts = ("", "phone", "gadget", "phome a")
        assert alike(running, *texts)
        rename(synced, "B", "Gadget")
        eventually(lambda: all(found(server, "gadget") == ["B"] for server in running))
        assert alike(running, *texts)
        add_rule(kind="PIN", products=PINS)
        eventually(lambda: all(found(server, "phone")[0] == "B" for server in running))
        assert alike(running, *texts)
        for number in range(30):
            synced.put(product(f"N{number}", name=f"Phone number {number}"))
        catalogue.sync_products("us")
        eventually(lambda: all(len(found(server)) == 33 for server in running))
        assert alike(running, *texts)
        since = services.request_rebuild(actor="test")
        # Nobody who asks meanwhile sees that something is going on.
        eventually(lambda: alike(running, *texts) and all(report_of(one).built_at >= since for one in running))
        assert [report_of(one).state for one in running] == ["READY", "READY"]
        assert alike(running, *texts)
    assert not IndexReport.objects.exists()


def test_a_change_that_comes_while_one_process_is_away_is_known_to_both(
    synced: FakeCore,  # noqa: F811
    tmp_path: Path,
) -> None:
    with servers(tmp_path, 1) as [stays], servers(tmp_path, 1) as [dies]:
        dies.kill()
        rename(synced, "B", "Gadget")
        eventually(lambda: found(stays, "gadget") == ["B"])
        with servers(tmp_path, 1) as [comes]:
            assert found(comes, "gadget") == ["B"]
            assert alike([stays, comes], "", "phone", "gadget")


def test_a_server_killed_in_the_middle_of_a_rebuild_comes_back_whole(
    synced: FakeCore,  # noqa: F811
    tmp_path: Path,
    admin_client: Client,
) -> None:
    with servers(tmp_path, 1) as [server]:
        before = found(server)
        with builds_standing_still():
            services.request_rebuild(actor="test")
            eventually(lambda: report_of(server).state == "BUILDING")
            # Searches do not wait for it.
            assert found(server) == before
            server.kill()
        dead = report_of(server)
        assert dead.state == "BUILDING"
        with servers(tmp_path, 1) as [again]:
            assert found(again) == before
            assert report_of(again).state == "READY"
            # A minute later nobody takes the dead one for one that runs.
            IndexReport.objects.filter(pk=dead.pk).update(seen_at=clock.now() - ALIVE_WITHIN - timedelta(seconds=1))
            body = admin_client.get("/admin/guided_search/indexreport/").content.decode()
            assert body.count("No sign of life") == 1
            rename(synced, "B", "Gadget")
            eventually(lambda: found(again, "gadget") == ["B"])


def test_while_the_database_is_away_searches_and_health_say_so_and_then_all_is_as_it_should_be(
    synced: FakeCore,  # noqa: F811
    tmp_path: Path,
) -> None:
    with line() as laid, servers(tmp_path, 1, database=database_url(laid.port)) as [server]:
        before = server.ask(SEARCH, text="phone", first=100)
        assert server.health() == 200
        laid.cut()
        # Until it notices, it answers from memory what needs no query.
        eventually(lambda: "no notices are heard" in server.log.read_text())
        # One error with a code each, no half answer and no process that ends.
        for text in ("phone", "case"):
            answer = server.ask(SEARCH, text=text, first=100)
            assert answer["data"] is None
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["TRY_AGAIN"]
        assert server.health() == 503
        assert server.process.poll() is None
        # What follows the tables has found them away, and gave up connections that were broken in the pool.
        eventually(lambda: "the search index could not be renewed" in server.log.read_text())
        rename(synced, "N", "Gadget")
        laid.mend()
        eventually(lambda: server.health() == 200)
        # A connection of the pool that nobody has taken since may still be a broken one.
        eventually(lambda: "errors" not in server.ask(SEARCH, text="phone a", first=100))
        assert server.ask(SEARCH, text="phone a", first=100)["data"]["guidedSearch"]["totalCount"] > 0
        # What came meanwhile is there, and what was there is as it was.
        eventually(lambda: found(server, "gadget") == ["N"])
        catalogue_before = [edge["node"] for edge in before["data"]["guidedSearch"]["edges"]]
        after = server.ask(SEARCH, text="phone", first=100)["data"]["guidedSearch"]["edges"]
        assert [edge["node"] for edge in after if edge["node"]["id"] != "N"] == catalogue_before
