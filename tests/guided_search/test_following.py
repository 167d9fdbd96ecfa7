"""A process that serves follows what others commit, and goes on serving whatever happens to a build."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction

from kernel import following
from kernel.notices import notify
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import ChangeCounter, Channel, Product
from plugins.catalogue.providers import providers
from plugins.catalogue.schema import ContextInput
from plugins.guided_search import loader, reports, reuse, selectors, services, tasks
from plugins.guided_search.models import IndexReport
from plugins.guided_search.ordering import Sort
from plugins.guided_search.schema import GuidedSearchInput
from storefront_api import documents
from tests.catalogue.fake_core import FakeCore, product, repriced
from tests.guided_search.test_preview import PINS, add_rule
from tests.guided_search.test_providers import FakeBundles
from tests.guided_search.test_schema import put_in_stock
from tests.inventory.goods import make_store
from tests.kernel.listening import eventually, kill_the_listener, listening
from tests.kernel.threads import Crash, Running
from tests.storefront_api.test_hot_path import Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serving(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCore]:
    """This process as a server. Only notices can wake it: the patrol is far away."""
    monkeypatch.setattr(following, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(following, "PATROL_SECONDS", 600.0)
    with listening():
        tasks.warm_up()
        try:
            yield synced
        finally:
            tasks.wind_down()


def found(text: str = "", sort: Sort = Sort.NAME) -> list[str]:
    page = selectors.search(selectors.Search(channel=Channel.objects.get(), text=text, sort=sort)).page
    assert len(page.hits) == page.total
    return [hit.product_id for hit in page.hits]


def rename(core: FakeCore, name: str) -> None:
    core.put(product("B", name=name))
    catalogue.sync_product("B")


def test_a_change_of_the_catalogue_is_heard(serving: FakeCore) -> None:
    assert found("gadget") == []
    rename(serving, "Gadget")
    eventually(lambda: found("gadget") == ["B"])


def test_what_is_heard_is_all_that_changed(serving: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, asked = Channel.objects.get(), []
    revisions = loader.catalogue.revisions
    monkeypatch.setattr(
        loader.catalogue, "revisions", lambda *given, since: asked.append(since) or revisions(*given, since=since)
    )
    a, b, c = serving.listed["us"]
    for item in (
        replace(b, name="Gadget"),
        # The variants of A, which it loses without a word of its own.
        replace(b, variants=(*a.variants, *b.variants)),
        product("D"),
        replace(b, name="Phone B"),
        repriced(c, "5"),
        a,
    ):
        serving.put(item)
        catalogue.sync_product(item.id)
        sold, _others = revisions(channel)
        eventually(lambda sold=sold: dict(loader.ready(channel).revisions) == sold)
        assert sorted(found()) == sorted(sold)
    serving.listed["us"] = [item for item in serving.listed["us"] if item.id != "D"]
    catalogue.sync_product("D")
    eventually(lambda: sorted(found()) == ["A", "B", "C"])
    # Never all of them.
    assert len(asked) >= 7
    assert min(asked) > 0


def test_what_was_not_heard_is_found_by_comparing_all(serving: FakeCore) -> None:
    # As when a backup is put back: no number is greater than those known, and a row is gone.
    Product.objects.filter(pk="B").delete()
    Product.objects.filter(pk="A").update(revision=uuid4(), seq=1, name="Gadget")
    ChangeCounter.objects.update(token=uuid4(), value=2)
    kill_the_listener()
    eventually(lambda: found("gadget") == ["A"] and sorted(found()) == ["A", "C"])


def test_numbers_that_have_gone_back_make_it_compare_all(serving: FakeCore) -> None:
    with transaction.atomic():
        Product.objects.filter(pk="A").update(revision=uuid4(), seq=1, name="Gadget")
        ChangeCounter.objects.update(token=uuid4(), value=2)
        notify(loader.CATALOGUE, "restored")
    eventually(lambda: found("gadget") == ["A"])


def test_a_change_of_the_rules_is_heard_and_keeps_the_index(serving: FakeCore) -> None:
    before = loader.ready(Channel.objects.get())
    add_rule(kind="PIN", products=PINS)
    eventually(lambda: found("phone", Sort.RELEVANCE)[0] == "B")
    assert loader.ready(Channel.objects.get()).engine is before.engine


def test_a_rebuild_is_heard_and_waited_for(serving: FakeCore) -> None:
    before = loader.ready(Channel.objects.get()).engine
    out = StringIO()
    call_command("rebuild_search", wait=True, limit=30, stdout=out)
    assert "All indexes are built anew." in out.getvalue()
    assert loader.ready(Channel.objects.get()).engine is not before
    assert found() == ["C", "A", "B"]
    row = IndexReport.objects.get()
    assert (row.state, row.whole, row.products) == ("READY", True, 3)


def test_without_notices_the_tables_are_looked_at(serving: FakeCore) -> None:
    kill_the_listener()
    rename(serving, "Gadget")
    eventually(lambda: found("gadget") == ["B"])


def test_what_cannot_be_read_ends_nothing(
    serving: FakeCore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = loader.document

    def refuses(row, *rest):  # type: ignore[no-untyped-def]
        if row.name == "Broken":
            raise ValueError("cannot be read")
        return read(row, *rest)

    monkeypatch.setattr(loader, "document", refuses)
    rename(serving, "Broken")
    eventually(lambda: "cannot be read" in caplog.text)
    assert loader.follower.following
    assert found() == ["C", "A", "B"]
    eventually(lambda: IndexReport.objects.get().state == "FAILED")

    rename(serving, "Gadget")
    eventually(lambda: found("gadget") == ["B"])
    eventually(lambda: IndexReport.objects.get().state == "READY")


def test_a_server_that_stops_takes_its_reports_along(synced: FakeCore) -> None:
    with listening():
        tasks.warm_up()
        assert [row.process for row in IndexReport.objects.all()] == [reports.process()]
        tasks.wind_down()
    assert not loader.follower.following
    assert not IndexReport.objects.exists()


def test_searches_go_on_during_a_rebuild(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "BATCH", 1)
    channel = Channel.objects.get()
    before = loader.ready(channel)
    rename(synced, "Gadget")
    steps, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def pausing(_read: int, _total: int) -> None:
        steps.release()
        assert go_on.acquire(timeout=30)

    rebuild = Running(lambda: loader.renew_all(progress=pausing, anew=True))
    for _product in range(3):
        assert steps.acquire(timeout=30)
        assert found() == ["C", "A", "B"]
        assert found("gadget") == []
        assert loader.ready(channel) is before
        go_on.release()
    rebuild.result()
    assert loader.ready(channel) is not before
    assert found("gadget") == ["B"]


def test_many_searches_meet_nothing_but_whole_answers(synced: FakeCore) -> None:
    for number in range(20):
        synced.put(product(f"P{number:02}"))
    catalogue.sync_products("us")
    whole = sorted(found())
    assert len(whole) == 23
    stop = threading.Event()

    def search() -> int:
        answers = 0
        while not stop.is_set():
            assert sorted(found()) == whole
            answers += 1
        return answers

    searchers = [Running(search) for _ in range(2)]
    for _round in range(5):
        loader.renew_all(anew=True)
    stop.set()
    assert all(searcher.result() > 0 for searcher in searchers)


@pytest.mark.parametrize("error", [ValueError, Crash])
def test_a_crash_in_the_middle_leaves_the_old_index(
    synced: FakeCore, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    monkeypatch.setattr(loader, "BATCH", 1)
    monkeypatch.setattr(reports, "reporting", True)
    channel = Channel.objects.get()
    before = loader.ready(channel)
    rename(synced, "Gadget")

    def dies(read: int, _total: int) -> None:
        if read == 2:
            raise error

    with pytest.raises(error):
        loader.renew_all(progress=dies, anew=True)
    assert loader._channels["us"].ready is before
    assert before.engine.search(selectors.Question(text="phone b")).hits[0].product_id == "B"
    assert IndexReport.objects.get().state == "FAILED"

    loader.renew_all()
    assert found("gadget") == ["B"]
    assert IndexReport.objects.get().state == "READY"


def test_asking_counts_only_when_it_is_committed(serving: FakeCore) -> None:
    before = loader.ready(Channel.objects.get()).engine
    with transaction.atomic():
        services.request_rebuild(actor="test")
        transaction.set_rollback(True)
    rename(serving, "Gadget")
    eventually(lambda: found("gadget") == ["B"])
    # What changed was taken in; nothing was built anew.
    assert IndexReport.objects.get().whole is False
    assert loader.ready(Channel.objects.get()).engine is not before


def test_an_answer_by_monthly_price_is_given_again_only_while_the_prices_are_the_same(
    serving: FakeCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundles = FakeBundles(A_128="30")
    monkeypatch.setattr(providers, "monthly_prices", bundles)
    asked = {"context": ContextInput(channel="us"), "input": GuidedSearchInput(sort=Sort.MONTHLY_PRICE_ASC)}
    # What a server reads at its first search.
    found("", Sort.MONTHLY_PRICE_ASC)
    eventually(lambda: reuse.search_versions(asked, "en") is not None)
    before = reuse.search_versions(asked, "en")
    assert reuse.search_versions(asked, "en") == before
    bundles.set("WEB", A_128="20")
    assert reuse.search_versions(asked, "en") != before
    bundles.changes = None
    assert reuse.search_versions(asked, "en") is None


def test_an_answer_that_is_kept_is_not_given_again_after_a_movement_that_changes_a_boost(
    serving: FakeCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store()
    put_in_stock(store, "SKU-B", "one")
    add_rule(kind="BOOST", factor="10", match_mode="NONE", conditions={"in_store": ["true"]})
    asked: list[selectors.Search] = []
    search = selectors.search

    def counted(question: selectors.Search) -> selectors.Found:
        asked.append(question)
        return search(question)

    monkeypatch.setattr(selectors, "search", counted)
    text = next(text for text in documents.persisted_texts() if "query Search" in text)
    variables = {"context": {"channel": "us", "storeId": store.pk}, "input": {"text": "phone"}, "guided": True}
    site = Site()

    def names() -> list[str]:
        """What is answered over the bare route."""
        answer = site.ask(site.hot, {"query": text, "variables": variables}).json()
        return [edge["node"]["id"] for edge in answer["data"]["guidedSearch"]["edges"]]

    def kept() -> bool:
        """Whether the answer is the one from before, unasked."""
        before = len(asked)
        return names() == names() and len(asked) == before

    try:
        # Once the rule was heard of, and the store is in memory.
        eventually(lambda: names() == ["B", "A"])
        eventually(kept)
        assert names() == ["B", "A"]
        put_in_stock(store, "A-128", "two")
        eventually(lambda: names() == ["A", "B"])
        eventually(kept)
        assert names() == ["A", "B"]
    finally:
        site.close()
