"""Export and import: as one document, and as CSV."""

import json
from uuid import uuid4

import pytest
from django.db import transaction

from kernel.errors import ApiError
from plugins.merchandising import history, selectors, services, transfer
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Revision, Rule, Synonyms
from plugins.merchandising.transfer import SHEETS, export_csv, export_document, import_tables, read_csv, read_document

from .test_services import BOOST, LIVE, PIN, REDIRECT, SPOTLIGHT, create


@pytest.fixture
def filled(shop):
    for values in (REDIRECT, BOOST, PIN, SPOTLIGHT):
        create(**values)
    create(PrecedenceRule, code="storage", dimension="storage", trigger="category", values=["devices"])


def state():
    return selectors.version(), Revision.objects.count(), json.dumps(export_document(), sort_keys=True)


def bring(document, *, dry_run=False, replace=False):
    content = json.dumps(document).encode()
    return import_tables(tables=read_document(content), actor="admin:1", dry_run=dry_run, replace=replace)


def counts(outcome):
    return tuple(outcome.count(action) for action in ("CREATED", "CHANGED", "DELETED"))


def test_an_export_comes_back_into_empty_tables_as_it_was(filled):
    before = export_document()
    assert [len(before[name]) for name in ("precedence", "rules")] == [1, 4]
    for model in (Rule, PrecedenceRule, Synonyms, DimensionSetup):
        model.objects.all().delete()
    outcome = bring(before)
    assert outcome.mistakes == []
    assert counts(outcome) == (
        sum(len(before[name]) for name in ("synonyms", "dimensions", "precedence", "rules")),
        0,
        0,
    )
    assert export_document() == before
    assert counts(bring(before)) == (0, 0, 0)


def test_conditions_of_the_moment_come_back_as_they_were(shop):
    create(**LIVE)
    before = export_document()
    [row] = before["rules"]
    assert (row["conditions"], row["refinements"]) == (LIVE["conditions"], LIVE["refinements"])
    Rule.objects.all().delete()
    assert counts(bring({"format": "merchandising", "version": 1, "rules": [row]})) == (1, 0, 0)
    assert export_document() == before


def test_a_dry_run_tells_what_would_change_and_changes_nothing(filled):
    document = export_document()
    [boost] = [row for row in document["rules"] if row["code"] == "samsung"]
    boost["factor"] = "9"
    document["rules"] = [boost, REDIRECT | {"code": "new"}]
    before = state()
    dry = bring(document, dry_run=True, replace=True)
    assert (counts(dry), dry.done, dry.mistakes) == ((1, 1, 3), False, [])
    assert state() == before
    real = bring(document, replace=True)
    assert (counts(real), real.changes, real.done) == ((1, 1, 3), dry.changes, True)
    assert set(Rule.objects.values_list("code", flat=True)) == {"samsung", "new"}
    assert Revision.objects.filter(origin="IMPORT").count() == 5


def test_what_the_file_does_not_name_stays_unless_it_replaces(filled):
    assert counts(bring({"format": "merchandising", "version": 1, "rules": [REDIRECT | {"url": "/x"}]})) == (0, 1, 0)
    assert Rule.objects.count() == 4
    assert Rule.objects.get(code="hours").phrases == ["store hours"]


def test_all_mistakes_are_told_with_their_path_and_nothing_is_changed(filled):
    before = state()
    outcome = bring(
        {
            "format": "merchandising",
            "version": 1,
            "synonyms": [{"code": "ok", "terms": ["a", "b"]}, {"code": "bad", "terms": []}],
            "rules": [REDIRECT | {"url": "//evil"}, 7, PIN | {"products": [{"sku": "NOPE", "position": 1}]}, REDIRECT],
        }
    )
    assert [mistake.place for mistake in outcome.mistakes] == [
        "synonyms.1.terms",
        "rules.0.url",
        "rules.1",
        "rules.2.products.0",
        "rules.3",
    ]
    assert outcome.mistakes[3].message == "There is no article NOPE."
    assert outcome.mistakes[4].message == "“hours” is in the file twice."
    assert not outcome.done
    assert state() == before


def test_an_import_can_be_undone_row_by_row(filled):
    bring({"format": "merchandising", "version": 1, "rules": [REDIRECT | {"url": "/x"}]})
    services.undo(revision_id=Revision.objects.first().pk, actor="admin:1")
    assert Rule.objects.get(code="hours").url == "/stores"


def test_an_import_is_undone_as_a_whole_whatever_it_did(filled):
    before = export_document()
    changed = export_document()
    changed["rules"] = [row | {"priority": 7} for row in changed["rules"][:2]] + [REDIRECT | {"code": "new"}]
    outcome = bring(changed, replace=True)
    assert counts(outcome) == (1, 2, 2)
    after = export_document()
    undoing = services.undo_run(run=outcome.run, actor="admin:1")
    assert export_document() == before
    assert Revision.objects.filter(run=undoing, origin="UNDO").count() == 5
    services.undo_run(run=undoing, actor="admin:1")
    assert export_document() == after


def test_an_import_is_undone_only_while_nothing_stands_in_the_way(filled):
    outcome = bring(
        {"format": "merchandising", "version": 1, "rules": [REDIRECT | {"url": "/x"}, BOOST | {"factor": "5"}]}
    )
    boost = Rule.objects.get(code="samsung")
    services.update(row=boost, values={"factor": "6"}, actor="admin:1")
    before = state()
    with pytest.raises(ApiError) as refused, transaction.atomic():
        services.undo_run(run=outcome.run, actor="admin:1")
    assert (refused.value.code, refused.value.params) == ("CHANGED_SINCE", {"names": "“samsung”"})
    assert state() == before
    services.undo(revision_id=history.last_revision(boost), actor="admin:1")
    services.undo_run(run=outcome.run, actor="admin:1")
    assert Rule.objects.get(code="hours").url == "/stores"


def test_an_import_that_was_undone_row_by_row_or_never_was_is_refused(filled):
    outcome = bring({"format": "merchandising", "version": 1, "rules": [REDIRECT | {"url": "/x"}]})
    services.undo(revision_id=Revision.objects.first().pk, actor="admin:1")
    before = state()
    for run, code in ((outcome.run, "CHANGED_SINCE"), (uuid4(), "NOT_FOUND")):
        with pytest.raises(ApiError) as refused, transaction.atomic():
            services.undo_run(run=run, actor="admin:1")
        assert refused.value.code == code
        assert state() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "merchandising", "version": 1, "rules": [{"name": "\\ud800"}]}',
        b'{"format": "merchandising", "version": 2}',
        b'{"format": "merchandising", "version": 1, "prices": []}',
        b'{"format": "merchandising", "version": 1, "rules": {}}',
    ],
)
def test_another_file_is_refused(content):
    with pytest.raises(ApiError) as refused:
        read_document(content)
    assert (refused.value.code, refused.value.field) == ("INVALID", "file")


def test_a_huge_file_is_refused(monkeypatch):
    monkeypatch.setattr(transfer, "MAX_ROWS", 2)
    for content in (b" " * (transfer.MAX_BYTES + 1), b'{"format":"merchandising","version":1,"rules":[1,2,3]}'):
        with pytest.raises(ApiError) as refused:
            read_document(content)
        assert refused.value.code == "LIMIT_EXCEEDED"


def test_a_mistake_in_the_tables_order_does_not_matter(shop):
    outcome = bring(
        {
            "format": "merchandising",
            "version": 1,
            "precedence": [{"code": "p", "dimension": "weight", "trigger": "brand"}],
            "dimensions": [{"name": "weight", "attribute": "weight", "label_en": "Weight"}],
        }
    )
    assert (outcome.mistakes, counts(outcome)) == ([], (2, 0, 0))


def test_csv_goes_out_and_comes_in_again(filled):
    create(Synonyms, code="hot", kind="ONE_WAY", sources=["hotspot", "wifi, mobile"], terms=["data only"])
    for name, sheet in SHEETS.items():
        text = export_csv(sheet)
        before = state()
        outcome = import_tables(tables=read_csv(sheet, text.encode()), actor="a", dry_run=False, replace=True)
        assert (outcome.mistakes, counts(outcome)) == ([], (0, 0, 0)), name
        assert state() == before
    assert '"hotspot | wifi, mobile",data only' in export_csv(SHEETS["synonyms"])


def test_csv_as_a_spreadsheet_writes_it(filled):
    content = "﻿phrases,url,code,name\r\n开门时间 | 门店,/stores,zh,Opening\r\n,,,\r\n".encode()
    before = state()
    outcome = import_tables(tables=read_csv(SHEETS["redirects"], content), actor="a", dry_run=False)
    assert {mistake.place for mistake in outcome.mistakes} == {
        "line 3, code",
        "line 3, name",
        "line 3, phrases",
        "line 3, url",
    }
    assert state() == before
    content = content.replace(b",,,\r\n", b"")
    outcome = import_tables(tables=read_csv(SHEETS["redirects"], content), actor="a", dry_run=False)
    assert counts(outcome) == (1, 0, 0)
    assert Rule.objects.get(code="zh").phrases == ["开门时间", "门店"]


def test_a_csv_of_redirects_touches_nothing_else(filled):
    content = b"code,name,phrases,url\nsamsung,x,y,/z\n"
    outcome = import_tables(tables=read_csv(SHEETS["redirects"], content), actor="a", dry_run=True, replace=True)
    assert [(mistake.place, mistake.message) for mistake in outcome.mistakes] == [
        ("line 2", "“samsung” is another kind of rule.")
    ]
    content = b"code,name,phrases,url\n"
    outcome = import_tables(tables=read_csv(SHEETS["redirects"], content), actor="a", dry_run=False, replace=True)
    assert counts(outcome) == (0, 0, 1)
    assert Rule.objects.count() == 3


@pytest.mark.parametrize("content", [b"", b"code,what\n", b"name\n", b'code\n"x', b"\x00"])
def test_another_csv_is_refused(content):
    with pytest.raises(ApiError) as refused:
        read_csv(SHEETS["redirects"], content)
    assert (refused.value.code, refused.value.field) == ("INVALID", "file")


def test_a_line_with_too_many_cells_is_a_mistake(shop):
    content = b"code,url\nx,/a,/b\ny\n"
    outcome = import_tables(tables=read_csv(SHEETS["redirects"], content), actor="a", dry_run=True)
    assert [mistake.place for mistake in outcome.mistakes] == ["line 2", "line 3"]


def test_precedence_rules_of_a_file_are_held_against_each_other_when_all_are_there(shop):
    create(PrecedenceRule, code="b-one", dimension="storage", trigger="network")
    rows = [
        {"code": "a-new", "dimension": "network", "trigger": "storage", "also": {"brand": ["Samsung"]}},
        {"code": "b-one", "dimension": "storage", "trigger": "brand", "also": {"category": []}},
    ]
    file = {"format": "merchandising", "version": 1, "precedence": rows}
    # For a moment the new row and the old one wait for each other; the file as a whole is sound.
    outcome = bring(file)
    assert (outcome.mistakes, counts(outcome)) == ([], (1, 1, 0))
    assert [row["also"] for row in export_document()["precedence"]] == [{"brand": ["Samsung"]}, {"category": []}]
    before = state()
    rows[1] = {"code": "b-one", "dimension": "storage", "trigger": "network", "also": {}}
    for dry_run in (True, False):
        outcome = bring(file, dry_run=dry_run)
        assert [mistake.place for mistake in outcome.mistakes] == ["precedence"]
        assert "network, storage" in outcome.mistakes[0].message
        assert not outcome.done
    assert state() == before
