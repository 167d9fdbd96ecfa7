"""The merchandiser's screens, through the web, with and without permissions."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from kernel import clock
from plugins.merchandising import records, selectors, services, transfer
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Revision, Rule, Synonyms
from plugins.merchandising.transfer import export_document

from .test_services import BOOST, LIVE, PIN, REDIRECT, SPOTLIGHT, create

MODELS = (Rule, Synonyms, DimensionSetup, PrecedenceRule)
FORM = {
    "name": "Galaxy",
    "code": "galaxy",
    "kind": "BOOST",
    "is_active": "on",
    "priority": "10",
    "match_mode": "PHRASE",
    "phrases": "galaxy\r\n\r\n galaxy s24 \r\ngalaxy",
    "refinements": "brand: Samsung\r\nstorage",
    "conditions": "brand: Samsung\r\nbrand: Apple\r\nprice: 100..",
    "products": "SKU-P1  # is not read\r\n",
    "factor": "2",
    "url": "/left-over",
    "note": "Launch",
}


def url(model, page, *args):
    return reverse(f"admin:merchandising_{model._meta.model_name}_{page}", args=args)


def state():
    return selectors.version(), Revision.objects.count(), json.dumps(export_document(), sort_keys=True)


def errors_of(answer):
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def test_a_rule_is_made_as_it_is_typed(shop, admin_client):
    answer = admin_client.post(url(Rule, "add"), FORM)
    assert answer.status_code == 302, errors_of(answer)
    rule = Rule.objects.get()
    assert rule.phrases == ["galaxy", "galaxy s24"]
    assert rule.refinements == {"brand": ["Samsung"], "storage": []}
    assert rule.conditions == {"brand": ["Samsung", "Apple"], "price": {"minimum": "100", "maximum": None}}
    assert rule.products == [{"sku": "SKU-P1"}]
    # The page belongs to another kind of rule: the form does not show it.
    assert rule.url == ""
    revision = Revision.objects.get()
    assert (revision.action, revision.note, revision.actor) == (
        "CREATED",
        "Launch",
        f"admin:{User.objects.get(username='admin').pk}",
    )


def test_conditions_of_the_moment_are_made_as_they_are_picked(shop, admin_client):
    lines = "in_store: true\r\nat_address: true\r\nmonthly_price: ..40"
    answer = admin_client.post(url(Rule, "add"), FORM | {"conditions": lines, "refinements": "in_store: true"})
    assert answer.status_code == 302, errors_of(answer)
    rule = Rule.objects.get()
    assert rule.conditions == LIVE["conditions"]
    assert rule.refinements == {"in_store": ["true"]}


def test_a_rule_opened_and_saved_again_is_unchanged(shop, admin_client):
    now = clock.now().replace(microsecond=0)
    for values in (REDIRECT, BOOST, PIN, SPOTLIGHT, LIVE):
        row = create(**values | {"starts_at": now, "ends_at": now + timedelta(days=1), "store_ids": ["store-1"]})
        before = state()
        form = admin_client.get(url(Rule, "change", row.pk)).context["adminform"].form
        typed = {name: form[name].value() for name in form.fields}
        shown = {name: field.field.prepare_value(typed[name]) for name, field in ((name, form[name]) for name in typed)}
        sent = {name: value for name, value in shown.items() if value not in (None, False)}
        answer = admin_client.post(url(Rule, "change", row.pk), sent)
        assert answer.status_code == 302, errors_of(answer)
        assert state() == before, values["kind"]


def test_pins_show_names_and_take_places_from_the_order_of_lines(shop, admin_client):
    lines = "SKU-P1 @ 2\r\nSKU-C1\r\nSKU-P2"
    answer = admin_client.post(url(Rule, "add"), FORM | {"kind": "PIN", "products": lines})
    assert answer.status_code == 302, errors_of(answer)
    assert [(item["sku"], item["position"]) for item in Rule.objects.get().products] == [
        ("SKU-P1", 2),
        ("SKU-C1", 1),
        ("SKU-P2", 3),
    ]
    page = admin_client.get(url(Rule, "change", Rule.objects.get().pk)).content.decode()
    assert "SKU-C1 @ 1   # Samsung C1\nSKU-P1 @ 2   # Samsung P1\nSKU-P2 @ 3   # Apple P2" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"products": "NOPE"}, "products"),
        ({"products": "two words"}, "products"),
        ({"conditions": "smell: bad"}, "conditions"),
        ({"conditions": "price: 1..2\r\nprice: 3..4"}, "conditions"),
        ({"conditions": "price: cheap"}, "conditions"),
        ({"conditions": "in_store"}, "conditions"),
        ({"conditions": "in_store: no"}, "conditions"),
        ({"conditions": "monthly_price: 40..20"}, "conditions"),
        ({"refinements": "brand: Nokia"}, "refinements"),
        ({"phrases": ""}, "phrases"),
        ({"factor": "0.5"}, "factor"),
        ({"factor": ""}, "factor"),
        ({"kind": "REDIRECT", "url": "//evil"}, "url"),
        ({"kind": "SPOTLIGHT", "limit": "3"}, "title_en"),
        ({"starts_at": "2026-12-01T10:00", "ends_at": "2026-12-01T09:00"}, "ends_at"),
        ({"categories": ["toasters"]}, "categories"),
        ({"channel": "mars"}, "channel"),
    ],
)
def test_each_mistake_is_told_at_its_field_and_nothing_is_changed(shop, admin_client, typed, field):
    before = state()
    answer = admin_client.post(url(Rule, "add"), FORM | typed)
    assert answer.status_code == 200
    assert list(errors_of(answer)) == [field]
    assert state() == before


def test_two_editors_do_not_overwrite_each_other(shop, admin_client):
    row = create(**BOOST)
    form = admin_client.get(url(Rule, "change", row.pk)).context["adminform"].form
    services.update(row=row, values={"factor": "3"}, actor="admin:9")
    before = state()
    answer = admin_client.post(url(Rule, "change", row.pk), FORM | {"seen": form["seen"].value()})
    assert "Somebody else has changed this meanwhile" in answer.content.decode()
    assert state() == before


@pytest.mark.parametrize(
    ("model", "typed", "expected"),
    [
        (
            Synonyms,
            {"code": "x", "kind": "ONE_WAY", "sources": "hotspot", "terms": "data only\r\n流量卡", "language": ""},
            {"sources": ["hotspot"], "terms": ["data only", "流量卡"]},
        ),
        (
            Synonyms,
            {"code": "x", "kind": "TWO_WAY", "sources": "hidden", "terms": "a\r\nb", "channel": "us"},
            {"sources": [], "terms": ["a", "b"], "channel": "us"},
        ),
        (
            DimensionSetup,
            {
                "name": "weight",
                "attribute": "weight",
                "label_en": "Weight",
                "kind": "RANGE",
                "bounds": "0\r\n100.5",
                "unit_en": " g",
                "order": "COUNT",
                "position": "5",
                "categories": ["phones"],
            },
            {"bounds": ["0", "100.5"], "unit_en": " g", "categories": ["phones"], "is_shown": False},
        ),
        (
            PrecedenceRule,
            {
                "code": "x",
                "dimension": "storage",
                "trigger": "category",
                "values": "phones",
                "also": "brand: Samsung\r\nnetwork",
            },
            {"values": ["phones"], "also": {"brand": ["Samsung"], "network": []}},
        ),
    ],
)
def test_the_other_screens_write_what_is_typed(shop, admin_client, model, typed, expected):
    answer = admin_client.post(url(model, "add"), typed)
    assert answer.status_code == 302, errors_of(answer)
    row = model.objects.order_by("-pk").first()
    assert {name: getattr(row, name) for name in expected} == expected
    page = admin_client.get(url(model, "change", row.pk))
    assert page.status_code == 200


def test_lists_show_and_find_rules_by_state(shop, admin_client):
    now = clock.now()
    create(**REDIRECT)
    create(**BOOST | {"starts_at": now + timedelta(days=1)})
    create(**PIN | {"ends_at": now - timedelta(days=1)})
    create(**SPOTLIGHT | {"is_active": False})

    def found(**asked):
        return {rule.code for rule in admin_client.get(url(Rule, "changelist"), asked).context["cl"].result_list}

    assert found(state="active") == {"hours"}
    assert found(state="scheduled") == {"samsung"}
    assert found(state="ended") == {"pins"}
    assert found(state="off") == {"spot"}
    assert found(q="store hours") == {"hours"}
    assert found(q="SKU-P2") == {"pins"}
    assert found(kind="BOOST") == {"samsung"}
    page = admin_client.get(url(Rule, "changelist")).content.decode()
    assert all(word in page for word in ("Scheduled", "Ended", "Switched off", "/stores", "× 2"))


def test_lists_ask_a_fixed_number_of_questions(shop, admin_client, django_assert_max_num_queries):
    for number in range(12):
        create(**PIN | {"code": f"pins-{number}"})
    for model in (Rule, Revision):
        with django_assert_max_num_queries(12):
            admin_client.get(url(model, "changelist"))


def test_deleting_is_recorded_and_undone_from_the_history(shop, admin_client):
    row = create(**BOOST)
    admin_client.post(url(Rule, "delete", row.pk), {"post": "yes"})
    assert not Rule.objects.exists()
    deleted = Revision.objects.first()
    page = admin_client.get(url(Revision, "change", deleted.pk))
    assert "Undo this change" in page.content.decode()
    answer = admin_client.post(reverse("admin:merchandising_undo", args=[deleted.pk]), {"next": "//evil.example"})
    assert answer.headers["Location"] == url(Revision, "changelist")
    assert Rule.objects.get().pk == row.pk


def test_several_are_deleted_together_or_not_at_all(shop, admin_client):
    brand, storage = (DimensionSetup.objects.get(name=name) for name in ("brand", "storage"))
    before = state()
    asked = {"action": "delete_selected", "_selected_action": [brand.pk, storage.pk], "post": "yes"}
    admin_client.post(url(DimensionSetup, "changelist"), asked)
    assert state() == before
    assert admin_client.post(url(DimensionSetup, "delete", brand.pk), {"post": "yes"}).status_code == 403
    admin_client.post(url(DimensionSetup, "changelist"), asked | {"_selected_action": [storage.pk]})
    assert not DimensionSetup.objects.filter(name="storage").exists()


def test_the_history_of_a_row_shows_what_differs(shop, admin_client):
    row = create(**BOOST)
    services.update(row=row, values={"factor": "3", "phrases": ["galaxy", "<b>"]}, actor="admin:1", note="Stronger")
    page = admin_client.get(url(Rule, "history", row.pk)).content.decode()
    assert page.count("Undo this change") == 2
    assert "<span>2.00</span>" in page
    assert "<span>3.00</span>" in page
    assert "&lt;b&gt;" in page
    # What is on both sides is not marked.
    assert page.count('<span class="suite-same">galaxy</span>') == 2
    assert "Stronger" in page
    seeded = DimensionSetup.objects.get(name="brand")
    assert "nobody has changed it yet" in admin_client.get(url(DimensionSetup, "history", seeded.pk)).content.decode()


def test_after_undoing_the_user_is_back_where_there_is_a_page(shop, admin_client):
    row = create(**BOOST)
    services.update(row=row, values={"factor": "3"}, actor="admin:1")
    changed, created = Revision.objects.all()
    came_from = url(Rule, "history", row.pk)
    for revision, back in ((changed, came_from), (created, url(Revision, "changelist"))):
        answer = admin_client.post(reverse("admin:merchandising_undo", args=[revision.pk]), {"next": came_from})
        assert answer.headers["Location"] == back
    assert not Rule.objects.exists()


def test_what_cannot_be_undone_is_told(shop, admin_client):
    row = create(**BOOST)
    services.update(row=row, values={"factor": "3"}, actor="admin:1")
    created = Revision.objects.last()
    before = state()
    answer = admin_client.post(reverse("admin:merchandising_undo", args=[created.pk]), follow=True)
    assert "This has been changed since." in answer.content.decode()
    assert state() == before
    assert admin_client.get(reverse("admin:merchandising_undo", args=[created.pk])).status_code == 405


def upload(client, kind, text, **rest):
    file = BytesIO(text.encode() if isinstance(text, str) else text)
    file.name = "file"
    return client.post(reverse("admin:merchandising_import"), {"kind": kind, "file": file} | rest)


def test_a_file_is_looked_at_and_then_imported_as_shown(shop, admin_client):
    create(**REDIRECT)
    before = state()
    text = "code,name,phrases,url\nhours,Hours,store hours | opening,/stores\nnew,New,查订单,/find-order\n"
    page = upload(admin_client, "redirects", text)
    assert (page.context["added"], page.context["changed"], page.context["removed"]) == (1, 1, 0)
    assert state() == before
    answer = admin_client.post(reverse("admin:merchandising_import"), page.context["hidden"], follow=True)
    assert "2 rows are imported." in answer.content.decode()
    assert "Undo all 2 changes" in answer.content.decode()
    assert Rule.objects.get(code="hours").phrases == ["store hours", "opening"]
    assert Rule.objects.get(code="new").url == "/find-order"
    # Once more: meanwhile everything has changed.
    before = state()
    answer = admin_client.post(reverse("admin:merchandising_import"), page.context["hidden"], follow=True)
    assert "This has been changed since." in answer.content.decode()
    assert state() == before


def test_an_export_is_imported_elsewhere(shop, admin_client):
    create(**BOOST)
    exported = admin_client.get(reverse("admin:merchandising_export"))
    assert "attachment" in exported.headers["Content-Disposition"]
    services.delete(row=Rule.objects.get(), actor="admin:1")
    page = upload(admin_client, "document", exported.content, replace="on")
    assert (page.context["added"], page.context["removed"]) == (1, 0)
    admin_client.post(reverse("admin:merchandising_import"), page.context["hidden"])
    assert records.snapshot(Rule.objects.get())["factor"] == "2.00"


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("document", "nonsense", "The file is not JSON."),
        ("synonyms", "what\n", "The first line must name columns"),
        ("redirects", "code,url\nx,//evil\n", "line 2, url"),
        ("document", "x" * 1_600_000, "The file has more than 1500 kB."),
        ("nothing", "x", "Select a valid choice"),
    ],
)
def test_a_file_that_cannot_be_imported_is_explained(shop, admin_client, kind, text, told):
    before = state()
    page = upload(admin_client, kind, text)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert state() == before


def test_a_forged_import_is_refused(shop, admin_client):
    before = state()
    for sent in (
        {"content": "%%%", "seen": str(selectors.version())},
        {"content": "e30=", "seen": "x"},
        {"content": ""},
    ):
        answer = admin_client.post(reverse("admin:merchandising_import"), {"kind": "document"} | sent)
        assert answer.status_code == 302
    assert state() == before


@pytest.mark.parametrize("model", MODELS)
def test_who_may_only_look_changes_nothing(shop, user_who, model):
    name = model._meta.model_name
    row = create(**BOOST) if model is Rule else None
    if model is PrecedenceRule:
        row = create(model, code="x", dimension="storage", trigger="brand")
    if model is Synonyms:
        row = create(model, code="x", terms=["phone", "handset"])
    row = row or model.objects.first()
    client = user_who(f"view_{name}", "view_revision")
    before = state()
    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.get(url(model, "history", row.pk)).status_code == 200
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "add"), {}).status_code == 403
    assert client.post(url(model, "change", row.pk), FORM).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:merchandising_import")).status_code == 403
    assert upload(client, "document", json.dumps(export_document())).status_code == 403
    for revision in Revision.objects.all():
        assert client.post(reverse("admin:merchandising_undo", args=[revision.pk])).status_code == 403
        assert "Undo this change" not in client.get(url(Revision, "change", revision.pk)).content.decode()
    assert state() == before


@pytest.mark.parametrize("model", [*MODELS, Revision])
def test_without_permissions_nothing_is_shown_nor_changed(shop, user_who, model):
    create(**BOOST)
    client = user_who("view_product")
    before = state()
    for page in ("changelist", "add"):
        assert client.get(url(model, page)).status_code == 403
    pages = ["admin:merchandising_import", "admin:merchandising_export"]
    for page in [reverse(name) for name in pages] + [
        reverse("admin:merchandising_export_sheet", args=["synonyms"]),
        url(Rule, "change", Rule.objects.get().pk),
        url(Rule, "history", Rule.objects.get().pk),
    ]:
        assert client.get(page).status_code == 403, page
        assert client.post(page, {}).status_code == 403, page
    assert client.post(reverse("admin:merchandising_undo", args=[Revision.objects.get().pk])).status_code == 403
    assert state() == before


def test_strangers_are_sent_to_sign_in(shop, client):
    for page in (url(Rule, "changelist"), reverse("admin:merchandising_export"), reverse("admin:merchandising_import")):
        assert client.get(page).status_code == 302
    assert client.post(reverse("admin:merchandising_undo", args=[1])).status_code == 302


def test_importing_takes_the_permissions_of_what_the_file_holds(shop, user_who):
    client = user_who("add_rule", "change_rule")
    text = "code,name,phrases,url\nnew,New,x,/y\n"
    assert upload(client, "redirects", text).context["added"] == 1
    assert upload(client, "redirects", text, replace="on").status_code == 403
    assert upload(client, "synonyms", "code,terms\nx,a | b\n").status_code == 403
    assert client.get(reverse("admin:merchandising_export")).status_code == 403
    assert client.get(reverse("admin:merchandising_export_sheet", args=["redirects"])).status_code == 200
    assert client.get(reverse("admin:merchandising_export_sheet", args=["synonyms"])).status_code == 403


@pytest.mark.parametrize(
    ("permission", "undoes"), [("delete_rule", "CREATED"), ("change_rule", "CHANGED"), ("add_rule", "DELETED")]
)
def test_undoing_takes_the_permission_of_what_it_does(shop, user_who, permission, undoes):
    row = create(**BOOST)
    if undoes != "CREATED":
        services.update(row=row, values={"factor": "3"}, actor="admin:1")
    if undoes == "DELETED":
        services.delete(row=row, actor="admin:1")
    last = Revision.objects.first()
    assert last.action == undoes
    before = state()
    others = {"delete_rule", "change_rule", "add_rule"} - {permission}
    assert user_who(*others).post(reverse("admin:merchandising_undo", args=[last.pk])).status_code == 403
    assert state() == before
    assert user_who(permission).post(reverse("admin:merchandising_undo", args=[last.pk])).status_code == 302
    assert Revision.objects.first().undoes == last


def test_the_screens_speak_chinese(shop, admin_client):
    create(**BOOST)
    admin_client.post(reverse("set_language"), {"language": "zh-hans", "next": "/admin/"})
    assert "搜索规则" in admin_client.get(url(Rule, "changelist")).content.decode()
    assert "撤销此更改" in admin_client.get(url(Rule, "history", Rule.objects.get().pk)).content.decode()


def imported(*rows):
    """The address of an import of rules."""
    document = {"format": "merchandising", "version": 1, "rules": list(rows)}
    tables = transfer.read_document(json.dumps(document).encode())
    outcome = transfer.import_tables(tables=tables, actor="admin:1", dry_run=False)
    assert outcome.done
    return reverse("admin:merchandising_run", args=[outcome.run])


def test_an_import_is_undone_with_one_button_and_that_too(shop, admin_client):
    create(**REDIRECT)
    before = export_document()
    page = imported(REDIRECT | {"url": "/x"}, BOOST)
    after = export_document()
    shown = admin_client.get(page).content.decode()
    assert "hours" in shown
    assert "samsung" in shown
    answer = admin_client.post(page, follow=True)
    assert "The import is undone." in answer.content.decode()
    assert export_document() == before
    [(undoing, _status)] = answer.redirect_chain
    admin_client.post(undoing)
    assert export_document() == after


def test_an_import_that_was_edited_since_is_not_undone_and_says_why(shop, admin_client):
    page = imported(REDIRECT, BOOST)
    services.update(row=Rule.objects.get(code="samsung"), values={"factor": "3"}, actor="admin:1")
    before = state()
    answer = admin_client.post(page, follow=True)
    assert "Changed since the import: “samsung”." in answer.content.decode()
    assert state() == before


@pytest.mark.parametrize(
    ("permissions", "status", "undoes"),
    [
        ((), 403, 403),
        (("view_rule",), 200, 403),
        (("view_rule", "change_rule"), 200, 403),
        (("view_rule", "change_rule", "delete_rule"), 200, 302),
    ],
)
def test_undoing_an_import_takes_the_permissions_of_all_its_changes(shop, user_who, permissions, status, undoes):
    create(**REDIRECT)
    page = imported(REDIRECT | {"url": "/x"}, BOOST)
    client = user_who(*permissions)
    before = state()
    shown = client.get(page)
    assert shown.status_code == status
    assert ("Undo all 2 changes" in shown.content.decode()) is (undoes == 302)
    assert client.post(page).status_code == undoes
    assert (state() == before) is (undoes == 403)


def test_there_is_no_page_of_an_import_that_never_was(shop, admin_client):
    page = reverse("admin:merchandising_run", args=[uuid4()])
    assert (admin_client.get(page).status_code, admin_client.post(page).status_code) == (404, 404)
