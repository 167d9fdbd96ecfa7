"""The built-in vocabulary: shown in the admin, replaced and switched off there, and what searches make of it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from plugins.catalogue import services as catalogue
from plugins.guided_search import words
from plugins.guided_search.admin_vocabulary import PAGE
from plugins.merchandising import selectors, services
from plugins.merchandising.models import Revision, Synonyms
from tests.catalogue.fake_core import FakeCore, product
from tests.guided_search.test_schema import names, search

CASES = "suite-case"


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def merchandiser(synced: FakeCore, client: Client) -> Client:
    return signed_in(client, "view_synonyms", "add_synonyms", "change_synonyms", "delete_synonyms")


def signed_in(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("somebody", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def switch(client: Client, code: str, to: str) -> int:
    return client.post(reverse("admin:search_vocabulary_switch", args=[code]), {to: "1"}).status_code


def state() -> tuple[object, ...]:
    return selectors.version(), Revision.objects.count(), Synonyms.objects.count()


def cover(**question: object) -> list[str]:
    """What a word finds that only the vocabulary leads to the cases."""
    return names(search(text="cover", verbatim=True, **question))


def test_every_group_has_a_code_of_its_own_that_a_row_can_have() -> None:
    codes = [group.code for group in words.vocabulary()]
    assert len(set(codes)) == len(codes) > 50
    assert all(code.startswith(words.PREFIX) for code in codes)


def test_nothing_is_in_the_tables_that_the_search_knows_by_itself(synced: FakeCore) -> None:
    assert not Synonyms.objects.exists()
    assert cover() == ["Case C"]


def test_the_page_shows_every_group_with_its_words(merchandiser: Client) -> None:
    page = merchandiser.get(reverse(PAGE))
    assert [line.group for line in page.context["lines"]] == list(words.vocabulary())
    assert {line.state[0] for line in page.context["lines"]} == {"As built in"}
    assert "screen protector, tempered glass" in page.content.decode()


def test_a_group_is_switched_off_and_on_at_once(merchandiser: Client) -> None:
    assert switch(merchandiser, CASES, "off") == 302
    assert cover() == []
    shown = {line.group.code: line.state[0] for line in merchandiser.get(reverse(PAGE)).context["lines"]}
    assert shown.pop(CASES) == "Switched off"
    assert set(shown.values()) == {"As built in"}
    assert switch(merchandiser, CASES, "on") == 302
    assert cover() == ["Case C"]
    assert [revision.action for revision in Revision.objects.order_by("pk")] == ["CREATED", "DELETED"]


def test_own_words_stand_in_the_place_of_a_group(merchandiser: Client) -> None:
    form = (
        merchandiser.get(
            next(line.change for line in merchandiser.get(reverse(PAGE)).context["lines"] if line.group.code == CASES)
        )
        .context["adminform"]
        .form
    )
    assert (form["code"].value(), form["kind"].value()) == (CASES, "TWO_WAY")
    typed = {"code": CASES, "kind": "TWO_WAY", "is_active": "on", "terms": "case\r\nwrapper"}
    assert merchandiser.post(reverse("admin:merchandising_synonyms_add"), typed).status_code == 302
    assert cover() == []
    assert names(search(text="wrapper", verbatim=True)) == ["Case C"]
    assert "case, wrapper" in merchandiser.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize("kind", ["TWO_WAY", "ONE_WAY"])
def test_each_kind_of_group_can_be_switched_off(merchandiser: Client, kind: str) -> None:
    for group in words.vocabulary():
        if bool(group.sources) == (kind == "ONE_WAY"):
            assert switch(merchandiser, group.code, "off") == 302
            row = Synonyms.objects.get(code=group.code)
            assert (row.kind, tuple(row.sources), tuple(row.terms)) == (kind, group.sources, group.terms)
            assert not row.is_active


def test_a_group_replaced_for_one_language_or_channel_stays_for_the_others(synced: FakeCore) -> None:
    row = services.create(
        model=Synonyms,
        values={"code": CASES, "language": "zh-hans", "terms": ["case"], "is_active": False},
        actor="admin:1",
    )
    assert cover(language="zh-hans") == []
    assert cover() == ["Case C"]
    services.delete(row=row, actor="admin:1")
    assert cover(language="zh-hans") == ["Case C"]


def test_a_merchandisers_synonym_that_is_switched_off_finds_nothing(synced: FakeCore) -> None:
    synced.put(product("G", name="Gadget"))
    catalogue.sync_product("G")
    row = services.create(model=Synonyms, values={"code": "g", "terms": ["gadget", "gizmo"]}, actor="admin:1")
    assert names(search(text="gizmo", verbatim=True)) == ["Gadget"]
    services.update(row=row, values={"is_active": False}, actor="admin:1")
    assert names(search(text="gizmo", verbatim=True)) == []


@pytest.mark.parametrize(
    ("permissions", "shown", "off", "on"),
    [
        ((), 403, 403, 403),
        (("view_rule",), 403, 403, 403),
        (("view_synonyms",), 200, 403, 403),
        (("view_synonyms", "delete_synonyms"), 200, 403, 302),
        (("view_synonyms", "add_synonyms"), 200, 302, 403),
    ],
)
def test_it_takes_the_permissions_of_the_synonyms(
    synced: FakeCore, client: Client, permissions: tuple[str, ...], shown: int, off: int, on: int
) -> None:
    signed_in(client, *permissions)
    assert client.get(reverse(PAGE)).status_code == shown
    before = state()
    assert switch(client, CASES, "off") == off
    assert (state() == before) is (off == 403)
    services.create(model=Synonyms, values={"code": "suite-cable", "terms": ["cable"]}, actor="admin:1")
    before = state()
    assert switch(client, "suite-cable", "on") == on
    assert (state() == before) is (on == 403)


def test_strangers_are_sent_to_sign_in(synced: FakeCore, client: Client) -> None:
    assert client.get(reverse(PAGE)).status_code == 302
    assert switch(client, CASES, "off") == 302
    assert not Synonyms.objects.exists()


def test_there_is_no_such_group(merchandiser: Client) -> None:
    before = state()
    assert switch(merchandiser, "suite-nothing", "off") == 404
    assert merchandiser.get(reverse("admin:search_vocabulary_switch", args=[CASES])).status_code == 405
    assert state() == before


def test_a_group_switched_off_twice_is_switched_off_once(merchandiser: Client) -> None:
    switch(merchandiser, CASES, "off")
    before = state()
    assert switch(merchandiser, CASES, "off") == 302
    assert state() == before


def test_what_an_earlier_version_installed_leaves_the_table_unless_it_was_edited(synced: FakeCore) -> None:
    """The migration takes away what nobody has touched."""
    from importlib import import_module

    from django.apps import apps

    Synonyms.objects.create(code="phones", language="en", terms=["phone", "smartphone"])
    edited = Synonyms.objects.create(code="cases", language="en", terms=["case", "cover"])
    services.update(row=edited, values={"terms": ["case", "cover", "bumper"]}, actor="admin:1")
    services.create(model=Synonyms, values={"code": "own", "terms": ["a", "b"]}, actor="admin:1")
    token = selectors.version()
    migration = import_module("plugins.merchandising.migrations.0003_own_vocabulary")
    migration.leave_to_the_search(apps, None)
    assert list(Synonyms.objects.values_list("code", flat=True)) == ["cases", "own"]
    assert selectors.version() != token
