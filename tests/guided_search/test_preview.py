"""The preview of a search, and who may see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from kernel import clock
from kernel.clock import FrozenClock
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from plugins.guided_search import preview, selectors
from plugins.guided_search.preview import Preview
from plugins.merchandising import services as merchandising
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Rule
from tests.catalogue.fake_core import FakeCore, product
from tests.guided_search.test_schema import put_in_stock
from tests.inventory.goods import make_store

PAGE = "/admin/guided_search/indexreport/preview/"
PINS = [{"sku": "SKU-B", "position": 1}]


def add_rule(**values: Any) -> Rule:
    given = {"code": values["kind"].lower(), "name": values["kind"].title(), "match_mode": "PHRASE"} | values
    if given["match_mode"] != "NONE":
        given.setdefault("phrases", ["phone"])
    return merchandising.create(model=Rule, values=given, actor="test")


def look(text: str = "phone", explain: str = "", **question: Any) -> Preview:
    return preview.preview(selectors.Search(channel=Channel.objects.get(), text=text, **question), explain)


def places(seen: Preview) -> list[tuple[str, int | None]]:
    return [(row.product_id, row.before) for row in seen.rows]


def visitor(*permissions: str) -> Client:
    user = User.objects.create_user("mei", password="x", is_staff=True)
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client


def test_without_rules_everything_stands_where_it_did(synced: FakeCore) -> None:
    seen = look()
    assert places(seen) == [("A", 1), ("B", 2), ("C", 3)][: len(seen.rows)]
    assert not seen.changes
    assert (seen.hidden, seen.traces, seen.spotlights, seen.why) == ([], (), [], None)


def test_a_pin_says_where_the_product_stood(synced: FakeCore) -> None:
    add_rule(kind="PIN", products=PINS)
    seen = look()
    assert places(seen)[:2] == [("B", 2), ("A", 1)]
    assert [row.pinned_at for row in seen.rows][:2] == [1, None]
    assert [(trace.rule, trace.fired) for trace in seen.traces] == [("pin", True)]
    assert look(sort=selectors.Sort.PRICE_DESC).rows[0].pinned_at is None


def test_a_product_that_only_a_pin_brings_in_was_not_found_before(synced: FakeCore) -> None:
    add_rule(kind="PIN", phrases=["case"], products=PINS)
    assert places(look("case"))[0] == ("B", None)


def test_what_is_hidden_is_told_with_its_place(synced: FakeCore) -> None:
    add_rule(kind="HIDE", products=[{"sku": "A-128"}])
    seen = look()
    assert seen.hidden == [("A", 1)]
    assert places(seen)[0] == ("B", 2)
    assert look("gadget").hidden == []


def test_the_parts_make_the_score(synced: FakeCore) -> None:
    add_rule(kind="BOOST", factor="2", products=[{"sku": "SKU-B"}])
    for text in ("phone b", "phone under 600", "phone"):
        seen = look(text, explain="B")
        assert seen.why is not None
        told = seen.why.explanation
        assert [boost.factor for boost in told.boosts] == [2.0]
        assert len(told.parts) >= 3
        whole = sum(part.points for part in told.parts[:-1]) * told.parts[-1].points
        assert told.score == pytest.approx(whole * seen.why.popularity * 2.0, abs=0.1), text
        assert told.score == seen.rows[told.place or 0].score


def test_a_wish_alone_is_told_in_parts_too(synced: FakeCore) -> None:
    seen = look("under 600", explain="B")
    assert seen.why is not None
    assert "need: price" in [part.what for part in seen.why.explanation.parts]


def test_a_product_that_is_not_found_or_unknown(synced: FakeCore) -> None:
    outside = look("case", explain="B").why
    assert outside is not None
    assert outside.explanation.place is None
    assert look(explain="nobody").why is None


def test_rules_are_seen_as_they_will_be(synced: FakeCore) -> None:
    begins = clock.now() + timedelta(days=2)
    add_rule(kind="PIN", products=PINS, starts_at=begins.isoformat())
    assert [trace.fired for trace in look().traces] == [False]
    assert [trace.fired for trace in look(at=begins).traces] == [True]
    assert look(at=begins).rows[0].product_id == "B"


def test_dimensions_say_why_they_are_not_shown(synced: FakeCore) -> None:
    merchandising.create(
        model=PrecedenceRule, values={"code": "net", "dimension": "network", "trigger": "brand"}, actor="test"
    )
    reasons = {line.name: str(line.reason) for line in look().withheld}
    assert reasons["network"] == "It is shown only after a choice in “brand”."
    assert reasons["in_store"] == "It is shown only where a store is chosen."
    shown = {line.name: str(line.reason) for line in look().shown}
    assert shown["brand"] == "Every answer has it."
    assert shown["storage"] == "Nothing holds it back."
    assert set(reasons).isdisjoint(shown)
    configured = set(DimensionSetup.objects.values_list("name", flat=True))
    assert configured <= {*reasons, *shown}


def test_the_page_shows_it_all(synced: FakeCore, admin_client: Client) -> None:
    pin = add_rule(kind="PIN", products=PINS)
    add_rule(kind="BOOST", factor="2", products=[{"sku": "A-128"}])
    add_rule(kind="HIDE", products=[{"sku": "SKU-C"}])
    add_rule(kind="REDIRECT", phrases=["hours"], url="/stores")
    add_rule(kind="SPOTLIGHT", title_en="Bargains", limit=2, query="case")
    body = admin_client.get(PAGE, {"text": "phone", "explain": "A"}).content.decode()
    for words in ("Pinned at 1", "↑ from 2", "Boosted × 2", "Bargains", "Kind of product"):
        assert words in body, words
    assert "The search does not contain “hours”." in body
    assert f"/admin/merchandising/rule/{pin.pk}/change/" in body
    assert "<script>" not in body
    assert "Hidden by a rule" in admin_client.get(PAGE, {"text": "phone case"}).content.decode()
    assert "onclick" not in body
    redirected = admin_client.get(PAGE, {"text": "hours"}).content.decode()
    assert "The shop sends this search to /stores" in redirected


def test_choices_are_links_and_chips(synced: FakeCore, admin_client: Client) -> None:
    page = admin_client.get(PAGE, {"text": "phone", "r": ["storage=256 GB"]})
    assert [row.item.id for row in page.context["rows"]] == ["A"]
    [(dimension, label, address)] = page.context["chips"]
    assert (dimension, label) == ("Storage", "256 GB")
    assert "r=" not in address
    storage = next(item for item in page.context["dimensions"] if item[0] == "Storage")
    other = next(address for label, _count, selected, address in storage[2] if not selected)
    both = admin_client.get(other)
    assert {row.item.id for row in both.context["rows"]} == {"A", "B"}
    assert 'name="r" value="storage=256 GB"' in page.content.decode()


def test_stock_and_store_are_part_of_the_search(synced: FakeCore, admin_client: Client) -> None:
    store = make_store()
    put_in_stock(store, "A-128", "one")
    page = admin_client.get(PAGE, {"text": "phone", "store": store.pk, "r": "in_store=true"})
    assert [row.item.id for row in page.context["rows"]] == ["A"]


@pytest.mark.parametrize(
    "asked",
    [
        {"channel": "moon"},
        {"text": "x" * 201},
        {"text": "\0"},
        {"store": "nowhere"},
        {"at": "soon"},
        {"sort": "DEAREST"},
        {"segment": "robot"},
        {"language": "tlh"},
    ],
)
def test_a_form_that_is_not_understood_shows_no_result(
    synced: FakeCore, admin_client: Client, asked: dict[str, str]
) -> None:
    page = admin_client.get(PAGE, asked)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == list(asked)
    assert "rows" not in page.context


@pytest.mark.parametrize("chosen", ["shoe=9", "brand", "in_store=true", "=", "price=100..200\0"])
def test_a_choice_that_does_not_exist_is_refused_with_a_way_out(
    synced: FakeCore, admin_client: Client, chosen: str
) -> None:
    page = admin_client.get(PAGE, {"text": "phone", "r": chosen})
    assert page.status_code == 200
    if "refused" in page.context:
        assert "r=" not in page.context["plain"]
    else:
        assert [row.item.id for row in page.context["rows"]] == []


def test_nothing_found_and_nothing_there(db: None, admin_client: Client) -> None:
    assert "There is no sales channel yet" in admin_client.get(PAGE).content.decode()


def test_nothing_found_says_what_helps(synced: FakeCore, admin_client: Client) -> None:
    assert "Nothing is found" in admin_client.get(PAGE, {"text": "qqqqqq"}).content.decode()


def test_it_costs_the_same_however_much_it_shows(
    synced: FakeCore, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        synced.put(product(f"P{number}"))
    catalogue.sync_products("us")
    for number in range(5):
        add_rule(kind="PIN", code=f"pin-{number}", products=PINS)
    admin_client.get(PAGE, {"text": "phone"})
    # Session, user, groups, channels, stores, change number, version of the rules, offers, products, variants, rules.
    with django_assert_num_queries(11):
        page = admin_client.get(PAGE, {"text": "phone", "explain": "A"})
    assert len(page.context["rows"]) == preview.SHOWN


@pytest.mark.parametrize("permission", ["merchandising.view_rule", "guided_search.view_indexreport"])
def test_either_permission_opens_it(synced: FakeCore, permission: str) -> None:
    client = visitor(permission)
    assert client.get(PAGE, {"text": "phone"}).status_code == 200
    assert PAGE in client.get("/admin/").content.decode()


def test_others_are_kept_out(synced: FakeCore) -> None:
    client = visitor("merchandising.view_synonyms", "guided_search.change_indexreport")
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()
    answer = Client().get(PAGE)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


def test_rules_are_links_only_for_those_who_may_open_them(synced: FakeCore) -> None:
    rule = add_rule(kind="PIN", products=PINS)
    body = visitor("guided_search.view_indexreport").get(PAGE, {"text": "phone"}).content.decode()
    assert "Pinned at 1" in body
    assert f"/rule/{rule.pk}/change/" not in body


def test_a_rule_leads_to_the_search_that_fires_it(synced: FakeCore, admin_client: Client) -> None:
    with clock.use_clock(FrozenClock(datetime(2027, 1, 1, tzinfo=UTC))):
        rule = add_rule(
            kind="PIN",
            products=PINS,
            channel="us",
            sales_channels=["POS"],
            segments=["staff"],
            starts_at="2027-02-01T08:00:30+00:00",
        )
        answer = admin_client.get(f"/admin/merchandising/rule/{rule.pk}/preview", follow=True)
    assert answer.redirect_chain[-1][0].startswith(PAGE)
    [(_row, trace, _reason)] = answer.context["fired"]
    assert trace.rule == rule.code
    assert answer.context["rows"][0].item.id == "B"


def test_in_chinese(synced: FakeCore, admin_client: Client) -> None:
    add_rule(kind="PIN", products=PINS)
    add_rule(kind="HIDE", phrases=["hours"], products=[{"sku": "SKU-B"}])
    with translation.override("zh-hans"):
        page = admin_client.get(PAGE, {"text": "phone", "language": "zh-hans"}, headers={"accept-language": "zh-hans"})
    body = page.content.decode()
    assert "固定在第 1 位" in body
    [(_rule, _trace, reason)] = page.context["fired"]
    assert "phone" in reason
    assert not reason.startswith("The search")
