"""The screens of offers: what each permission opens, problems at fields, the preview, test cases, files, versions."""

import copy
import datetime as dt
import json

import pytest
import yaml
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.models import AuditEntry
from plugins.bundles import editing, files, selectors, services
from plugins.bundles.models import Offer, OfferVersion, Publication
from tests.bundles.conftest import ADMIN, CASES, DOCUMENT
from tests.bundles.pages import EditorPage
from tests.carts.shop import refused

CODE = "phone-plan"
EDIT = f"/admin/bundles/offer/{CODE}/edit/"
ACT = f"/admin/bundles/offer/{CODE}/act/"
LIST = "/admin/bundles/offer/"
ADD = "/admin/bundles/offer/add/"


def user_who_may(*codes, app="bundles"):
    user = User.objects.create_user("-".join(codes) or "nobody", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes, content_type__app_label=app))
    client = Client()
    client.force_login(user)
    return client


def state():
    """All that these screens could change."""
    return (
        list(OfferVersion.objects.order_by("pk").values()),
        list(Offer.objects.values()),
        list(Publication.objects.values()),
        AuditEntry.objects.count(),
    )


def sent(document=None, **more):
    return {"document": json.dumps(document or DOCUMENT), "cases": "[]", "node": "offer", "seen": "0", **more}


def draft(shop, document, **more):
    return services.save_draft(
        code=CODE, channel=shop.channel, document=document, test_cases=more.pop("test_cases", []), actor=ADMIN, **more
    )


ACTS = ("publish", "schedule", "back", "withdraw", "discard")


@pytest.mark.parametrize("codes", [(), ("view_rule", "change_rule")])
def test_nobody_else_sees_anything_of_offers(offer, codes):
    client = user_who_may(*codes, app="merchandising")
    before = state()
    pages = [LIST, ADD, EDIT, f"{LIST}{CODE}/change/", f"{LIST}{CODE}/history/", f"{LIST}{CODE}/compare/?from=1&to=1",
             f"{LIST}{CODE}/versions/1.json"]  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    assert client.post(EDIT, sent(do="show")).status_code == 403
    assert client.post(EDIT, sent(do="save")).status_code == 403
    assert client.post(ADD, {"code": "x", "name": "x", "channel": "us"}).status_code == 403
    assert [client.post(ACT, {"do": what}).status_code for what in ACTS] == [403] * len(ACTS)
    assert state() == before


def test_who_may_look_tries_things_out_and_changes_nothing(offer):
    client = user_who_may("view_offer")
    before = state()
    assert [client.get(page).status_code for page in (LIST, EDIT, f"{LIST}{CODE}/change/")] == [200] * 3
    page = EditorPage(client, CODE).press("open:groups.3").press("show", **{"groups.3.label.en": "More"})
    assert page.document["groups"][3]["label"]["en"] == "More"
    assert page.tried["valid"]
    assert "save" not in page.buttons
    assert client.post(EDIT, sent(do="save")).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"code": "x", "name": "x", "channel": "us"}).status_code == 403
    assert [client.post(ACT, {"do": what}).status_code for what in ACTS] == [403] * len(ACTS)
    assert b'name="do" value="publish"' not in client.get(f"{LIST}{CODE}/change/").content
    assert state() == before


def test_a_foreign_page_cannot_press_a_button(offer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root", password="x"))
    before = state()
    assert client.post(EDIT, sent(do="save")).status_code == 403
    assert client.post(EDIT, sent(do="show")).status_code == 403
    assert client.post(ACT, {"do": "withdraw"}).status_code == 403
    assert client.get(ACT).status_code == 405
    assert state() == before


def test_every_problem_at_once_each_at_its_field(offer, admin_client):
    document = copy.deepcopy(DOCUMENT)
    yesterday = selectors.today(offer.channel) - dt.timedelta(days=1)
    document["currency"] = "EUR"
    document["groups"][0] |= {"parent": "plan", "lowerLimit": 9}
    document["groups"][2]["options"][0]["eligibility"] = {"validTo": yesterday.isoformat()}
    document["groups"][2]["options"][0]["prices"] = {"charges": [{"type": "RECURRING", "code": "m", "price": "-1.00"}]}
    document["groups"][3]["options"].append({"sku": "GONE"})
    draft(offer, document)
    page = EditorPage(admin_client, CODE)
    assert page.problems == {
        "groups.0.parent": "The group “all” lies within itself.",
        "groups.1.parent": "The group “device” lies within itself.",
        "groups.2.parent": "The group “plan” lies within itself.",
        "groups.3.parent": "The group “extra” lies within itself.",
        "groups.0.lowerLimit": "The lower limit is above the upper limit.",
        "currency": "The channel sells in USD, the offer is in EUR.",
        "groups.3.options.1.sku": "The channel does not sell GONE.",
        "groups.2.options.0.eligibility.validTo": f"It ended on {yesterday}.",
        "groups.2.options.0.prices.charges.0": "A price cannot be negative.",
    }
    assert list(page.wrong_fields) == ["currency"]
    assert list(page.press("open:groups.0").wrong_fields) == ["groups.0.parent", "groups.0.lowerLimit"]
    page.press("open:groups.2.options.0")
    assert list(page.wrong_fields) == ["groups.2.options.0.eligibility.validTo"]
    assert page.text.count("A price cannot be negative.") == 2
    assert page.tried is None
    assert "The preview comes when the problems are mended." in page.text
    before = state()
    answer = admin_client.post(ACT, {"do": "publish"}, follow=True)
    assert "The offer cannot be sold like this" in answer.content.decode()
    assert state() == before


def test_what_is_no_number_is_told_at_its_field_and_is_not_saved(offer, admin_client):
    before = state()
    page = EditorPage(admin_client, CODE).press("open:groups.1")
    page.press("save", **{"groups.1.upperLimit": "many"})
    assert page.wrong_fields == {"groups.1.upperLimit": ["A whole number is expected."]}
    assert page.said[0].startswith("The offer cannot be sold like this")
    assert state() == before


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (sent(document={"groups": "x"}, do="show"), 400),
        (sent(document={"groups": [{"options": [1]}]}, do="show"), 400),
        (sent(do="show") | {"document": "["}, 400),
        (sent(do="show") | {"document": "[" * 5000}, 400),
        (sent(do="show") | {"cases": "{}"}, 400),
        (sent(document={"name": "x" * 400_001}, do="show"), 400),
        (sent(do="show", **{"try.count": "61"}), 400),
        (sent(do="nothing:at.all"), 200),
        (sent(do="open:groups.99.options.1"), 200),
        (sent(do="remove:groups.0.label.en"), 200),
        (sent(do="remove:__class__.0"), 200),
        (sent(do="add:prices.charges.0.x=y"), 200),
        (sent(document={**DOCUMENT, "prices": "free"}, do="add:prices.fees=", node="prices"), 200),
        (sent(do="mend:99"), 200),
        (sent(do="case:0"), 200),
        (sent(do="option:groups.1=NOBODY", find="\0"), 200),
        (sent(do="import"), 200),
        (sent(document={}, do="show"), 200),
    ],
)
def test_what_no_form_of_ours_sends_does_no_harm(offer, admin_client, data, status):
    before = state()
    assert admin_client.post(EDIT, data).status_code == status
    assert state() == before


def test_the_preview_tells_what_is_wrong_and_mends_it(offer, admin_client):
    before = state()
    page = EditorPage(admin_client, CODE)
    assert (page.tried["valid"], str(page.tried["due_today"].amount), str(page.tried["monthly"].amount)) == (
        True, "20.57", "51.65",
    )  # fmt: skip
    page.press("drop:1")
    [violation, *_more] = page.tried["violations"]
    assert not page.tried["valid"]
    assert violation.remedy == "Add 1 × Plan to “Plan”."
    page.press("mend:0")
    assert page.tried["valid"]
    assert [line.name for line in page.tried["lines"]] == ["Phone", "Plan"]
    assert (
        sum((amount.amount for _label, amount in page.tried["lines"][1].steps)) == page.tried["lines"][1].monthly.amount
    )
    assert page.tried["exits"][0]["month"] == 0
    assert page.tried["exits"][-1]["month"] == 24
    # A customer of another city does not see an offer of Austin; nothing is saved on the way.
    page.press("open:offer").press("show", eligibility__cities=["Austin"], try__city="Dallas")
    assert page.tried["kept_from"] == "It is not sold in this city."
    page.press("show", try__age="old")
    assert "Look at the numbers and days of the preview" in page.text
    assert state() == before


def test_a_test_case_is_kept_runs_red_and_stops_the_publishing(offer, admin_client):
    page = EditorPage(admin_client, CODE)
    page.press("open:cases").press("keep", case="As it is")
    page.press("open:groups.2.options.0").press("add:groups.2.options.0.prices.charges=RECURRING")
    page.press("show", **{"groups.2.options.0.prices.charges.0.price": "40.00"})
    page.press("open:cases").press("run")
    outcomes = {case["name"]: outcome.failures for case, outcome in page.answer.context["cases"]}
    assert outcomes == {
        "both": ("monthly: 51.65 ≠ 56.65",),
        "no plan": (),
        "As it is": ("monthly: 51.65 ≠ 56.65", "total over the term: 1260.17 ≠ 1380.17"),
    }
    page.press("save")
    version = OfferVersion.objects.get(state="DRAFT")
    assert [case["name"] for case in version.test_cases] == ["both", "no plan", "As it is"]
    before = state()
    answer = admin_client.post(ACT, {"do": "publish", "seen": version.revision}, follow=True)
    assert "Test cases do not hold" in answer.content.decode()
    assert state() == before


def test_groups_within_groups_are_made_moved_renamed_and_taken_away(offer, admin_client):
    page = EditorPage(admin_client, CODE)
    page.press("open:groups.3").press("group:extra")
    assert page.answer.context["state"].node == "groups.4"
    page.press("show", **{"groups.4.code": "cases", "groups.4.maximumInstances": "3", "groups.4.label.en": "Cases"})
    page.press("option:groups.4", find="BUNDLED")
    assert page.document["groups"][4] == {
        "code": "cases", "label": {"en": "Cases"}, "lowerLimit": 0, "upperLimit": 1, "maximumInstances": 3,
        "parent": "extra", "options": [{"sku": "BUNDLED", "lowerLimit": 0, "upperLimit": 1, "default": 0}],
    }  # fmt: skip
    # The new code of a group is known wherever it was named.
    page.press("open:groups.1").press("show", **{"groups.1.code": "phone"})
    assert page.document["rules"][0]["then"] == {"groups": ["phone"]}
    assert {one["group"] for case, _o in page.answer.context["cases"] for one in case["selections"]} == {
        "phone",
        "plan",
    }
    # Up past its sibling, with its place in the tree.
    page.press("open:groups.2").press("up:groups.2")
    assert [group["code"] for group in page.document["groups"]] == ["all", "plan", "phone", "extra", "cases"]
    assert page.answer.context["state"].node == "groups.1"
    # A group goes with those within it.
    page.press("open:groups.3").press("remove:groups.3")
    assert [group["code"] for group in page.document["groups"]] == ["all", "plan", "phone"]
    page.press("rule:EXCLUDES")
    assert page.document["rules"][-1] == {"code": "rule-1", "kind": "EXCLUDES", "then": {}}


def test_everything_in_the_form_comes_back_as_it_was(offer, admin_client):
    document = copy.deepcopy(DOCUMENT)
    document["eligibility"] = {"salesChannels": ["WEB"], "cities": ["Austin", "Nowhere"], "minimumAge": 18}
    document["carriers"] = {"start": "CASE", "DEPOSIT": "CASE"}
    document["prices"] = {
        "fees": [{"code": "start", "on": "today", "amount": "9.00", "perUnit": True, "groups": ["plan"]}],
        "discounts": [{"code": "d", "on": "monthly", "share": "0.125", "when": {"channels": ["WEB"]}}],
        "taxes": [{"code": "t", "jurisdiction": "US", "rate": "0.0825", "categories": ["device", "service", "fee"]}],
    }
    document["groups"][2]["options"][0]["prices"] = {
        "charges": [
            {"type": "RECURRING", "code": "line", "prorated": False,
             "price": {"code": "family", "rungs": ["35.00", "25.00"], "volume": True}},
            {"type": "DEPOSIT", "code": "dep", "amount": "50.00", "returnedAfter": 12},
            {"type": "PENALTY", "code": "leave", "months": 24, "share": "0.5", "declining": True},
        ],
        "tradeIns": [{"code": "old", "values": {"A": "250.00", "B": "100.00"}}],
    }  # fmt: skip
    draft(offer, document, test_cases=CASES)
    page = EditorPage(admin_client, CODE)
    for entry in page.answer.context["tree"]:
        page.press(f"open:{entry.path}").press("show")
    assert page.document == document


def test_files_bring_an_offer_in_and_out(offer, admin_client):
    for kind, parse in (("json", json.loads), ("yaml", yaml.safe_load)):
        answer = admin_client.get(f"{LIST}{CODE}/versions/1.{kind}")
        assert answer["Content-Disposition"] == f'attachment; filename="{CODE}-1.{kind}"'
        assert parse(answer.content.decode()) == {"document": DOCUMENT, "testCases": CASES}
        assert files.read_file(answer.content) == (DOCUMENT, CASES)
    assert admin_client.get(f"{LIST}{CODE}/versions/1.xml").status_code == 404
    assert admin_client.get(f"{LIST}{CODE}/versions/9.json").status_code == 404
    before = state()
    text = files.write({**DOCUMENT, "name": {"en": "From a file"}}, CASES, "yaml")
    page = EditorPage(admin_client, CODE)
    page.press("import", file=[SimpleUploadedFile("offer.yaml", text.encode())])
    assert page.said == ["The file is read. It is not saved yet: look at it first."]
    assert page.document["name"] == {"en": "From a file"}
    assert state() == before
    page.press("save")
    assert OfferVersion.objects.get(state="DRAFT").document["name"] == {"en": "From a file"}


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"{",
        b"- 1\n- 2\n",
        b"a: &x [1]\nb: [*x, *x]\n",
        b"!!python/object/apply:os.system ['true']\n",
        b"1: 2\n",
        b"{" + b'"a":{' * 50 + b"}" * 51,
        b"x" * 400_001,
        b"",
    ],
)
def test_a_file_that_holds_no_offer(content):
    assert refused(files.read_file, content).field == "file"


def test_amounts_and_days_in_a_file_stay_as_written():
    document, _cases = files.read_file(b"price: 10.10\nday: 2026-03-01\nterms: [24]\n")
    assert document == {"price": "10.10", "day": "2026-03-01", "terms": [24]}


def test_versions_are_compared_in_words(offer, admin_client):
    document = copy.deepcopy(DOCUMENT)
    document["groups"][1]["upperLimit"] = 2
    document["groups"][3]["options"] = [{"sku": "BUNDLED"}]
    document["groups"][1]["options"][0]["prices"]["credits"][0]["total"] = "240.00"
    document["rules"] = []
    draft(offer, document, note="More credit")
    answer = admin_client.get(f"{LIST}{CODE}/compare/?from=1&to=2")
    found = {(one.where, one.what, one.before, one.after) for one in answer.context["differences"]}
    assert found == {
        ("Device", "At most so many units", "1", "2"),
        ("Device · PHONE · Credits loyal", "Credit in all", "120.00", "240.00"),
        ("Extras · CASE", "", "was there", "taken away"),
        ("Extras · BUNDLED", "", "", "new"),
        ("Extras · BUNDLED", "SKU", "", "BUNDLED"),
        ("Rule case-fits", "", "was there", "taken away"),
    }
    assert admin_client.get(f"{LIST}{CODE}/compare/?from=1&to=1").context["differences"] == []
    assert admin_client.get(f"{LIST}{CODE}/compare/?from=1&to=7").status_code == 404


def test_the_history_tells_who_when_and_why(offer, admin_client):
    version = draft(offer, DOCUMENT, note="Spring")
    admin_client.post(ACT, {"do": "schedule", "at": "2026-03-09T09:00", "seen": version.revision, "note": "Launch"})
    page = admin_client.get(f"{LIST}{CODE}/change/")
    told = [(str(one["what"]), one["who"], one["number"], one["note"]) for one in page.context["history"]]
    assert told == [
        ("Scheduled", "admin", 2, "Launch"),
        ("Draft saved", ADMIN, 2, "Spring"),
        ("Published", ADMIN, 1, ""),
        ("Draft saved", ADMIN, 1, ""),
    ]
    assert page.context["history"][0]["comes"] == "March 9, 2026, 9 a.m. (America/New_York)"
    assert page.context["comes"] == "March 9, 2026, 9 a.m. (America/New_York)"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Choose a day and a time."),
        ("2026-03-08T02:30", "The clocks skip this time on that day. Choose another."),
        ("2026-03-01T09:00", "Choose a moment that lies ahead."),
    ],
)
def test_a_moment_that_cannot_be_is_refused(offer, admin_client, at, said):
    version = draft(offer, DOCUMENT)
    before = state()
    answer = admin_client.post(ACT, {"do": "schedule", "at": at, "seen": version.revision}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == [said]
    assert state() == before


def test_a_second_editor_is_told(offer, admin_client):
    page = EditorPage(admin_client, CODE)
    draft(offer, DOCUMENT)
    before = state()
    page.press("save")
    assert page.said == ["Somebody else has changed this offer meanwhile. Look at it again."]
    assert state() == before


def test_going_back_does_not_stumble_over_what_has_ended(offer, admin_client):
    document = copy.deepcopy(DOCUMENT)
    document["groups"][3]["options"][0]["eligibility"] = {"validTo": "2026-03-02"}
    for _number in (2, 3):
        draft(offer, document)
        services.publish(code=CODE, actor=ADMIN)
        document["groups"][3]["options"][0]["eligibility"] = {}
    offer.at.advance(days=3)
    admin_client.post(ACT, {"do": "back", "sold": "3"})
    assert selectors.sold(offer.channel, CODE).number == 2


def test_the_list_asks_a_fixed_number_of_questions(offer, admin_client, django_assert_num_queries):
    for number in range(3):
        document = {**DOCUMENT, "name": {"en": f"Offer {number}"}}
        services.save_draft(
            code=f"offer-{number}", channel=offer.channel, document=document, test_cases=[], actor=ADMIN
        )
    admin_client.get(LIST)
    with django_assert_num_queries(7):
        page = admin_client.get(LIST)
    assert "Offer 2" in page.content.decode()


def test_a_group_that_lies_within_itself_is_still_shown_and_taken_away():
    document = copy.deepcopy(DOCUMENT)
    document["groups"][0]["parent"] = "plan"
    assert editing.remove(document, "groups.2") == "groups"
    assert [group["code"] for group in document["groups"]] == []


def test_a_new_offer_must_have_a_code_of_its_own_and_copies_within_its_channel(offer, admin_client):
    before = state()
    typed = {"name": "New", "code": CODE, "channel": "us", "like": ""}
    assert list(admin_client.post(ADD, typed).context["form"].errors) == ["code"]
    assert list(admin_client.post(ADD, typed | {"code": "a b"}).context["form"].errors) == ["code"]
    assert list(admin_client.post(ADD, typed | {"code": "x", "channel": "mars"}).context["form"].errors) == ["channel"]
    assert state() == before
    answer = admin_client.post(ADD, typed | {"code": "fresh"})
    assert answer["Location"] == reverse("admin:bundles_offer_edit", args=["fresh"])
    assert OfferVersion.objects.get(offer_id="fresh").document["currency"] == "USD"
